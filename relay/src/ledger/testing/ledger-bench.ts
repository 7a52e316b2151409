import type { Clock } from '@ml-connector/shared';
import { openStore, type DatabaseSettings, type RecordRow, type Store } from '../../store/index.ts';
import { openTestStore } from '../../store/testing/index.ts';
import { intake, type FlowRef, type IntakeCounts } from '../intake.ts';
import { startRun } from '../runs.ts';

export const flowRef: FlowRef = { tenantId: 'ten_1', integrationId: 'int_1', flowId: 'vendors' };

/** A clock that moves one millisecond with every look. */
export function tickingClock(): Clock {
  let now = 1_900_000_000_000;
  return { now: () => now++, wait: () => Promise.resolve() };
}

/** A store with one integration and one flow; on a database of its own unless told otherwise. */
export async function openLedgerStore(clock: Clock, database?: DatabaseSettings): Promise<Store> {
  const store = await (database ? openStore({ ...database, clock }) : openTestStore(clock));
  const { db } = store;
  const at = { created_at: 0, changed_at: 0 };
  await db.insertInto('tenant').values({ id: 'ten_1', name: 'Müller & Söhne GmbH', created_at: 0 }).execute();
  const unset = { site_id: null, secrets: null, halted_json: null, check_json: null };
  const connection = { ...unset, ...at, tenant_id: 'ten_1', settings_json: '{}', version: 1 };
  await db
    .insertInto('connection')
    .values([
      { ...connection, id: 'con_1', system: 'sap-ecc', name: 'SAP PRD' },
      { ...connection, id: 'con_2', system: 'cin7-core', name: 'Cin7' },
    ])
    .execute();
  const integration = { id: 'int_1', tenant_id: 'ten_1', name: 'Vendors', source_connection_id: 'con_1', target_connection_id: 'con_2' };
  await db
    .insertInto('integration')
    .values({ ...integration, ...at })
    .execute();
  const flow = { integration_id: 'int_1', flow_id: 'vendors', tenant_id: 'ten_1', enabled: 1, paused: 0, settings_json: '{}' };
  const timing = { schedule_json: null, cursor_json: null, next_run_at: null, next_sweep_at: null, failures: 0 };
  await db
    .insertInto('integration_flow')
    .values({ ...flow, ...timing, changed_at: 0 })
    .execute();
  return store;
}

/** Takes vendors in as one batch of a new run. */
export async function takeIn(
  store: Store,
  clock: Clock,
  vendors: Record<string, string>,
  { flow = flowRef, ...more }: { flow?: FlowRef; kind?: 'master' | 'document'; cursor?: unknown; mappingVersion?: string } = {},
): Promise<IntakeCounts> {
  const run = await startRun(store, clock, { flow, mode: 'changes', trigger: 'schedule' });
  const records = Object.entries(vendors).map(([key, name]) => ({ key, label: name, payload: { name } }));
  return intake(store, clock, { flow, runId: run.id, kind: 'master', mappingVersion: 'm1', ...more, records });
}

/** The newest version of a key. */
export function recordOf(store: Store, key: string): Promise<RecordRow> {
  return store.db.selectFrom('record').selectAll().where('key', '=', key).orderBy('version', 'desc').limit(1).executeTakeFirstOrThrow();
}
