import { settingFields, typedSetting } from './settings-schema.ts';

const schema = {
  type: 'object',
  properties: {
    baseUrl: { type: 'string', default: 'https://api.example.com/', description: 'Address of the API' },
    accountId: { type: 'string', description: 'Shown under API' },
    applicationKey: { type: 'string' },
    callsPerMinute: { type: 'number', default: 50 },
    language: { type: 'string', enum: ['EN', 'DE'], default: 'EN' },
    observeOnly: { type: 'boolean' },
  },
  required: ['accountId', 'applicationKey'],
};

test('what must be given comes first; secrets, numbers and choices are known', () => {
  const fields = settingFields(schema, ['applicationKey']);
  expect(fields.map(({ name, label, kind, fallback }) => [name, label, kind, fallback])).toEqual([
    ['accountId', 'Account ID', 'text', ''],
    ['applicationKey', 'Application key', 'secret', ''],
    ['baseUrl', 'Base URL', 'text', 'https://api.example.com/'],
    ['callsPerMinute', 'Calls per minute', 'number', '50'],
    ['language', 'Language', 'choice', 'EN'],
    ['observeOnly', 'Observe only', 'switch', ''],
  ]);
});

test.each([
  ['callsPerMinute', '20', 20],
  ['callsPerMinute', 'many', 'many'],
  ['callsPerMinute', '', null],
  ['accountId', '0010', '0010'],
  ['observeOnly', 'false', false],
])('%s "%s" is sent as %j', (name, text, sent) => {
  const field = settingFields(schema, []).find((one) => one.name === name);
  if (!field) throw new Error(`no field ${name}`);
  expect(typedSetting(field, text)).toBe(sent);
});
