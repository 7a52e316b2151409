import type { Flow } from '../flows/index.ts';
import { haltOf, waitingRequests, type FlowRef } from '../ledger/index.ts';
import type { IntegrationFlowRow, RunRequestRow, Store } from '../store/index.ts';

/** A flow of an integration, as the engine works on it in this round. */
export interface ActiveFlow {
  /** Unique: integration and flow. */
  name: string;
  ref: FlowRef;
  flow: Flow;
  row: IntegrationFlowRow;
  /** The oldest that no run has taken up. */
  request: RunRequestRow | undefined;
  sourceConnectionId: string;
  targetConnectionId: string;
}

export interface HaltedConnections {
  flows: ActiveFlow[];
  /** Whether each connection of these flows is halted. */
  halted: Map<string, boolean>;
  /** Enabled flows that this build does not have. */
  unknown: string[];
}

/** Flows that are enabled and not paused, with the state of their connections. */
export async function loadActiveFlows(store: Store, flows: ReadonlyMap<string, Flow>): Promise<HaltedConnections> {
  const rows = await store.db
    .selectFrom('integration_flow')
    .innerJoin('integration', 'integration.id', 'integration_flow.integration_id')
    .selectAll('integration_flow')
    .select(['integration.source_connection_id', 'integration.target_connection_id'])
    .where('enabled', '=', 1)
    .where('paused', '=', 0)
    .execute();
  const connections = await store.db.selectFrom('connection').select(['id', 'halted_json', 'version']).execute();
  const halted = new Map(connections.map((connection) => [connection.id, haltOf(connection) !== undefined]));
  const requests = await waitingRequests(store);
  const active = rows.flatMap((row): ActiveFlow[] => {
    const flow = flows.get(row.flow_id);
    if (!flow) return [];
    return [
      {
        name: `${row.integration_id} ${row.flow_id}`,
        ref: { tenantId: row.tenant_id, integrationId: row.integration_id, flowId: row.flow_id },
        flow,
        row,
        request: requests.find((one) => one.integration_id === row.integration_id && one.flow_id === row.flow_id),
        sourceConnectionId: row.source_connection_id,
        targetConnectionId: row.target_connection_id,
      },
    ];
  });
  return { flows: active, halted, unknown: rows.map((row) => row.flow_id).filter((id) => !flows.has(id)) };
}
