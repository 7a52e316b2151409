import type { Clock } from '@ml-connector/shared';
import type { RecordRow, Sql, Steps } from '../store/index.ts';
import { askToAcknowledge } from './acknowledgements.ts';
import { appendEvent } from './events.ts';
import { newestOfEach } from './intake.ts';

/** What a post or a look-up found. */
export interface AppliedResult {
  targetId: string;
  targetLabel: string;
  action: string;
  /** Lines for the trails of other records of the integration. */
  tells?: readonly { flowId: string; key: string; event: string; data: Record<string, unknown> }[];
}

/** What follows from a success, in its transaction: the source is to be told, and other records get their lines. */
export function* afterSuccess(
  sql: Sql,
  clock: Clock,
  { record, result, acknowledges }: { record: RecordRow; result: AppliedResult; acknowledges: boolean },
): Steps<void> {
  const { tells = [], ...told } = result;
  if (acknowledges) yield* askToAcknowledge(sql, clock, record, told);
  for (const { flowId, key, event, data } of tells) {
    const flow = { tenantId: record.tenant_id, integrationId: record.integration_id, flowId };
    const other = (yield* newestOfEach(sql, flow, [key])).get(key);
    if (!other) continue;
    const from = { recordId: record.id, flowId: record.flow_id, key: record.key };
    yield* appendEvent(sql, {
      subjectId: other.id,
      tenantId: record.tenant_id,
      at: clock.now(),
      actor: 'engine',
      kind: event,
      data: { ...data, from },
    });
  }
}
