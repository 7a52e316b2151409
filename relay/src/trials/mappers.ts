import type { BlockReason, Flow, MapOutcome } from '../flows/index.ts';
import { mapRecord } from '../flows/index.ts';
import type { FlowRef } from '../ledger/index.ts';
import { loadMapping, type LoadedMapping } from '../mapping/index.ts';
import type { RecordRow, Store } from '../store/index.ts';

/** Maps records of any flow with the mapping of now; the mapping of each flow is loaded once. Nothing is stored or sent. */
export function createMapper(store: Store, flows: readonly Flow[]): (record: RecordRow) => Promise<MapOutcome<unknown>> {
  const loading = new Map<string, Promise<{ flow: Flow; loaded: LoadedMapping } | { reason: BlockReason }>>();

  async function load(ref: FlowRef) {
    const flow = flows.find((one) => one.id === ref.flowId);
    if (!flow) return { reason: { code: 'FLOW_UNKNOWN', message: `this relay has no flow ${ref.flowId}` } };
    try {
      return { flow, loaded: await loadMapping(store, ref, flow) };
    } catch (error) {
      const message = error instanceof Object && 'message' in error ? String(error.message) : String(error);
      return { reason: { code: 'FLOW_SETTINGS_INVALID', message: `the settings of ${flow.id} do not fit: ${message}` } };
    }
  }

  return async (record) => {
    const ref = flowRefOf(record);
    const name = `${ref.integrationId} ${ref.flowId}`;
    const ready = loading.get(name) ?? load(ref);
    loading.set(name, ready);
    const found = await ready;
    if ('reason' in found) return { outcome: 'blocked', reasons: [found.reason] };
    return mapRecord(found.flow, found.loaded, { key: record.key, payload: JSON.parse(record.payload_json) as unknown });
  };
}

export function flowRefOf(row: { tenant_id: string; integration_id: string; flow_id: string }): FlowRef {
  return { tenantId: row.tenant_id, integrationId: row.integration_id, flowId: row.flow_id };
}
