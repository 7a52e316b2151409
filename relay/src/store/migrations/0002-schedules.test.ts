import { systemClock } from '@ml-connector/shared';
import { Kysely, sql } from 'kysely';
import { migrate } from '../migrate.ts';
import type { Db } from '../rows.ts';
import { openSqlite, sqliteDialect } from '../sqlite.ts';
import { migrations } from './index.ts';

test('a run that was asked for before the upgrade is still asked for after it, and schedules stay as they are', async () => {
  const db = new Kysely<Db>({ dialect: sqliteDialect(openSqlite(':memory:')) });
  await migrate(db, systemClock, migrations.slice(0, 1));
  await sql`insert into tenant (id, name, created_at) values ('ten_1', 'Müller & Söhne GmbH', 0)`.execute(db);
  for (const id of ['con_1', 'con_2'])
    await sql`insert into connection (id, tenant_id, system, name, settings_json, version, created_at, changed_at)
      values (${id}, 'ten_1', 'sap-ecc', ${id}, '{}', 1, 0, 0)`.execute(db);
  await sql`insert into integration (id, tenant_id, name, source_connection_id, target_connection_id, created_at, changed_at)
    values ('int_1', 'ten_1', 'Vendors', 'con_1', 'con_2', 0, 0)`.execute(db);
  for (const [flowId, mode] of [
    ['vendors', 'sweep'],
    ['journals', null],
  ])
    await sql`insert into integration_flow (integration_id, flow_id, tenant_id, enabled, paused, settings_json, schedule_json, requested_mode,
      failures, changed_at) values ('int_1', ${flowId}, 'ten_1', 1, 0, '{}', '{"everyMs":5000}', ${mode}, 0, 7)`.execute(db);
  await migrate(db, systemClock);
  expect(await db.selectFrom('run_request').selectAll().execute()).toMatchObject([
    { flow_id: 'vendors', mode: 'sweep', state: 'waiting', run_id: null, not_before: 7, ended_at: null },
  ]);
  const flows = await db.selectFrom('integration_flow').selectAll().execute();
  expect(flows).toMatchObject([{ schedule_json: '{"everyMs":5000}', posting_json: null }, { posting_json: null }]);
  expect(flows[0]).not.toHaveProperty('requested_mode');
  await db.destroy();
});
