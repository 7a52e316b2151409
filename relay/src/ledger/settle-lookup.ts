import { canonicalHash, type Clock } from '@ml-connector/shared';
import type { RecordRow, Store } from '../store/index.ts';
import type { AppliedResult } from './after-success.ts';
import { appendEvent } from './events.ts';
import { about } from './of-record.ts';
import type { FlowTraits } from './settle-posting.ts';
import { moveNow, type StateReason } from './states.ts';
import { giveWay, succeed } from './success.ts';

export type LookupOutcome =
  | { outcome: 'applied'; result: AppliedResult }
  /** Not applied; to be sent again at that time. */
  | { outcome: 'absent'; nextAttemptAt: number }
  /** Cannot be told; to be asked again at that time, and by a person where it took too long. */
  | { outcome: 'unknown'; why: string; nextAttemptAt: number; needsPerson?: boolean };

/** Reason of an uncertain record that a person has to decide. */
export const outcomeUnknown = 'OUTCOME_UNKNOWN';

/**
 * What the target answered about an uncertain record, or, with `actor`, what a person found there. `kind` as in `settlePosting`. A record
 * stays uncertain since its `changed_at`.
 */
export async function settleLookup(
  store: Store,
  clock: Clock,
  { record, body, kind, acknowledges, actor = 'engine' }: { record: RecordRow; body: unknown; actor?: string } & FlowTraits,
  lookup: LookupOutcome & { /** The person's words. */ reason?: string },
): Promise<void> {
  const bodyHash = canonicalHash(body);
  await store.commit(function* (sql) {
    const { id } = record;
    const present = yield* sql.get<{ attempts: number }>('select attempts from record where id = ?', id);
    // It was sent again meanwhile, by a node that took it over: this answer is about the attempt before.
    if (present?.attempts !== record.attempts) return;
    yield* appendEvent(sql, { ...about(record), at: clock.now(), actor, kind: actor === 'engine' ? 'looked up' : 'decided', data: lookup });
    if (lookup.outcome === 'unknown') {
      yield* sql.run(
        `update record set next_attempt_at = ?, reason_json = ? where id = ? and state = 'uncertain'`,
        lookup.nextAttemptAt,
        JSON.stringify(undecided(record, lookup)),
        id,
      );
      return;
    }
    if (lookup.outcome === 'absent') yield* moveNow(sql, clock, { id, nextAttemptAt: lookup.nextAttemptAt }, 'uncertain', 'pending');
    else yield* succeed(sql, clock, { record, bodyHash, from: 'uncertain', result: lookup.result, acknowledges });
    if (kind === 'master') yield* giveWay(sql, clock, record);
  });
  store.notify({ about: 'record', tenantId: record.tenant_id, id: record.id });
}

// Why nobody knows, and what the last look found.
function undecided(record: RecordRow, { why, nextAttemptAt, needsPerson }: LookupOutcome & { outcome: 'unknown' }): StateReason[] {
  const [lost] = record.reason_json === null ? [] : (JSON.parse(record.reason_json) as StateReason[]);
  const since = new Date(record.changed_at).toISOString();
  const next = new Date(nextAttemptAt).toISOString();
  const look: StateReason = {
    code: needsPerson ? outcomeUnknown : 'LOOKUP_UNDECIDED',
    message: `the target was asked, without a certain answer since ${since}: ${why}; next look at ${next}`,
    ...(needsPerson && { fix: `Look for ${record.key} in the target, then say here whether it is there.` }),
  };
  return [...(lost ? [lost] : []), look];
}
