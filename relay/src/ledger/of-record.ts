import type { RecordRow } from '../store/index.ts';
import type { FlowRef } from './intake.ts';

/** The beginning of an event that the engine writes about a record. */
export function about(record: RecordRow): { subjectId: string; tenantId: string; actor: string } {
  return { subjectId: record.id, tenantId: record.tenant_id, actor: 'engine' };
}

/** The flow that a record belongs to. */
export function flowRefOf(record: RecordRow): FlowRef {
  return { tenantId: record.tenant_id, integrationId: record.integration_id, flowId: record.flow_id };
}
