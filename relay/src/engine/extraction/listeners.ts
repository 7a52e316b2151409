import type { Flow } from '../../flows/index.ts';
import type { FlowRef } from '../../ledger/index.ts';
import type { Store } from '../../store/index.ts';

/** A flow that is enabled, also while paused, and wants to hear of what its source tells by webhook. */
export interface Listener {
  ref: FlowRef;
  flow: Flow & Required<Pick<Flow, 'keysOfEvent'>>;
  sourceConnectionId: string;
  targetConnectionId: string;
}

export async function loadListeners(store: Store, flows: ReadonlyMap<string, Flow>): Promise<Listener[]> {
  const listening = [...flows.values()].filter(isListening);
  if (listening.length === 0) return [];
  const rows = await store.db
    .selectFrom('integration_flow')
    .innerJoin('integration', 'integration.id', 'integration_flow.integration_id')
    .select(['integration_flow.tenant_id', 'integration_id', 'flow_id', 'source_connection_id', 'target_connection_id'])
    .where('enabled', '=', 1)
    .where(
      'flow_id',
      'in',
      listening.map(({ id }) => id),
    )
    .execute();
  return rows.flatMap((row): Listener[] => {
    const flow = flows.get(row.flow_id);
    if (!flow || !isListening(flow)) return [];
    return [
      {
        ref: { tenantId: row.tenant_id, integrationId: row.integration_id, flowId: row.flow_id },
        flow,
        sourceConnectionId: row.source_connection_id,
        targetConnectionId: row.target_connection_id,
      },
    ];
  });
}

function isListening(flow: Flow): flow is Listener['flow'] {
  return flow.keysOfEvent !== undefined && flow.readKeys !== undefined;
}
