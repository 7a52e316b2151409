import { mapInDetail, type Flow, type MappedInDetail } from '../flows/index.ts';
import type { FlowRef } from '../ledger/index.ts';
import { assembleMapping, loadMapping, type FieldOverride } from '../mapping/index.ts';
import type { Store } from '../store/index.ts';

/** One record mapped with the given overrides, or those in force, step by step. Undefined when the flow has no such record. */
export async function previewOverrides(
  store: Store,
  { ref, flow, recordId, overrides }: { ref: FlowRef; flow: Flow; recordId: string; overrides?: readonly FieldOverride[] | undefined },
): Promise<MappedInDetail | undefined> {
  const record = await store.db
    .selectFrom('record')
    .select(['key', 'payload_json'])
    .where('id', '=', recordId)
    .where('tenant_id', '=', ref.tenantId)
    .where('integration_id', '=', ref.integrationId)
    .where('flow_id', '=', ref.flowId)
    .executeTakeFirst();
  if (!record) return undefined;
  const loaded = await loadMapping(store, ref, flow);
  const mapping = overrides === undefined ? loaded : assembleMapping({ ...loaded.parts, overrides }, ref.tenantId);
  return mapInDetail(flow, mapping, { key: record.key, payload: JSON.parse(record.payload_json) as unknown });
}
