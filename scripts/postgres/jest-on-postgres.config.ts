// Before each suite that runs once more, on PostgreSQL.
process.env['TEST_DATABASE'] = 'PostgreSQL';
