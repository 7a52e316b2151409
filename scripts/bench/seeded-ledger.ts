import type { FlowRef } from '../../relay/src/ledger/index.ts';
import { openStore, type Store } from '../../relay/src/store/index.ts';

/** The flow that a seeded ledger has. */
export function benchFlow(flowId: string): FlowRef {
  return { tenantId: 'ten_1', integrationId: 'int_1', flowId };
}

/** Opens a ledger; a new one gets one integration of SAP with Cin7, with this flow switched on. */
export async function openSeededLedger(file: string, flowId: string): Promise<Store> {
  const store = await openStore({ file });
  const { db } = store;
  if (await db.selectFrom('tenant').select('id').executeTakeFirst()) return store;
  const at = { created_at: 0, changed_at: 0 };
  const { tenantId, integrationId } = benchFlow(flowId);
  await db.insertInto('tenant').values({ id: tenantId, name: 'Bench', created_at: 0 }).execute();
  const unset = { site_id: null, secrets: null, halted_json: null, check_json: null, settings_json: '{}', version: 1 };
  const connection = { ...unset, ...at, tenant_id: tenantId };
  await db
    .insertInto('connection')
    .values([
      { ...connection, id: 'con_1', system: 'sap-ecc', name: 'SAP' },
      { ...connection, id: 'con_2', system: 'cin7-core', name: 'Cin7' },
    ])
    .execute();
  const connections = { source_connection_id: 'con_1', target_connection_id: 'con_2' };
  await db
    .insertInto('integration')
    .values({ ...at, ...connections, id: integrationId, tenant_id: tenantId, name: 'Bench' })
    .execute();
  const switches = { enabled: 1, paused: 0, settings_json: '{}', changed_at: 0 };
  const timing = { schedule_json: null, cursor_json: null, next_run_at: null, next_sweep_at: null, failures: 0 };
  await db
    .insertInto('integration_flow')
    .values({ integration_id: integrationId, flow_id: flowId, tenant_id: tenantId, ...switches, ...timing })
    .execute();
  return store;
}
