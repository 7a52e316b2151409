import type { Clock } from '@ml-connector/shared';
import type { RecordRow, Sql, Steps } from '../store/index.ts';
import { afterSuccess, type AppliedResult } from './after-success.ts';
import { appendEvent, type ChainHead } from './events.ts';
import { supersede } from './intake.ts';
import { about, flowRefOf } from './of-record.ts';
import { releaseSuccessors } from './predecessors.ts';
import { moveNow } from './states.ts';

export interface Success {
  record: RecordRow;
  bodyHash: string;
  from: 'posting' | 'uncertain';
  result: AppliedResult;
  acknowledges?: boolean | undefined;
  newest?: ChainHead | undefined;
}

/** The record stands in the target: its state, its link, its event and what follows, where it still is in the state `from`. */
export function* succeed(sql: Sql, clock: Clock, { record, bodyHash, from, result, acknowledges = false, newest }: Success): Steps<void> {
  const owner = yield* sql.get<{ key: string }>(
    'select key from link where integration_id = ? and flow_id = ? and target_id = ?',
    record.integration_id,
    record.flow_id,
    result.targetId,
  );
  if (owner && owner.key !== record.key) return yield* takenTarget(sql, clock, { record, from, result, owner: owner.key });
  const { tells, ...told } = result;
  const written = { target_id: result.targetId, target_label: result.targetLabel, action: result.action };
  if (!(yield* moveNow(sql, clock, { id: record.id }, from, 'succeeded', written))) return;
  yield* writeLink(sql, clock, { record, bodyHash, result });
  yield* appendEvent(sql, { ...about(record), at: clock.now(), kind: 'succeeded', data: told }, newest);
  if (acknowledges || tells) yield* afterSuccess(sql, clock, { record, result, acknowledges });
  yield* releaseSuccessors(sql, clock, flowRefOf(record), [record.key]);
}

// The target's object already belongs to another record of this flow; claiming it would make two sources overwrite each other.
function* takenTarget(sql: Sql, clock: Clock, taken: Omit<Success, 'bodyHash'> & { owner: string }): Steps<void> {
  const { record, from, result, owner } = taken;
  const message = `${result.targetLabel} (${result.targetId}) already belongs to record ${owner}`;
  const fix = `Give ${record.key} or ${owner} another name, or remove one of the two, then replay.`;
  const reasons = [{ code: 'TARGET_TAKEN', message, fix }];
  if (!(yield* moveNow(sql, clock, { id: record.id, reasons }, from, 'blocked'))) return;
  yield* appendEvent(sql, { ...about(record), at: clock.now(), kind: 'blocked', data: { reasons, result } });
}

function* writeLink(sql: Sql, clock: Clock, { record, bodyHash, result }: Omit<Success, 'from'>): Steps<void> {
  const now = clock.now();
  yield* sql.run(
    `insert into link (integration_id, flow_id, key, tenant_id, target_id, target_label, source_hash, target_hash, record_id, created_at,
       changed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     on conflict (integration_id, flow_id, key) do update set target_id = excluded.target_id, target_label = excluded.target_label,
       source_hash = excluded.source_hash, target_hash = excluded.target_hash, record_id = excluded.record_id,
       changed_at = excluded.changed_at`,
    record.integration_id,
    record.flow_id,
    record.key,
    record.tenant_id,
    result.targetId,
    result.targetLabel,
    record.payload_hash,
    bodyHash,
    record.id,
    now,
    now,
  );
}

/** To a newer version of master data, which waits behind this one, and would wait for ever behind one that needs a person. */
export function* giveWay(sql: Sql, clock: Clock, record: RecordRow): Steps<void> {
  yield* supersede(sql, clock, flowRefOf(record), [record.key]);
}
