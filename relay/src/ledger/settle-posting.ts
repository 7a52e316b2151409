import type { Clock, WireError } from '@ml-connector/shared';
import type { RecordRow, Sql, Steps, Store } from '../store/index.ts';
import type { AppliedResult } from './after-success.ts';
import type { BegunAttempt } from './begin-posting.ts';
import { callEvent, tellMissing, type TracedCall } from './calls.ts';
import { appendEvent, type ChainHead } from './events.ts';
import { about } from './of-record.ts';
import { goOnAfter, type Predecessor } from './predecessors.ts';
import { moveNow, type StateReason } from './states.ts';
import { giveWay, succeed } from './success.ts';

/** Of the flow: `kind`; whether its source is told of a success. */
export interface FlowTraits {
  kind?: 'master' | 'document';
  acknowledges?: boolean | undefined;
}

export type PostOutcome =
  | { state: 'succeeded'; result: AppliedResult }
  /** Not applied; to be sent again at that time. */
  | { state: 'failed'; error: WireError; nextAttemptAt: number }
  /** Not applied; needs a person. */
  | { state: 'blocked'; error: WireError }
  /** May have been applied; to be looked up at that time. */
  | { state: 'uncertain'; error: WireError; nextAttemptAt: number }
  /** Not sent: the target does not take it yet; to be tried again at that time, or once that record is through. */
  | { state: 'waiting'; error: WireError; nextAttemptAt: number; until?: Predecessor }
  /** Not applied and not this record's fault: nothing works on the connection. */
  | { state: 'pending'; error: WireError };

/**
 * Ends an attempt: the record's state, the attempt, the link and the events in one transaction. Master data that was not applied is
 * superseded where a newer version was read meanwhile; `kind` is the flow's, without it nothing is. `calls`: made for the attempt, and not
 * written down yet.
 */
export async function settlePosting(
  store: Store,
  clock: Clock,
  {
    record,
    attempt,
    kind,
    acknowledges,
    calls = [],
  }: { record: RecordRow; attempt: BegunAttempt; calls?: readonly TracedCall[] } & FlowTraits,
  outcome: PostOutcome,
): Promise<void> {
  await store.commit(function* (sql) {
    const isEnding = yield* endAttempt(sql, clock, attempt.attemptId, outcome);
    // Already settled: this is said again because the answer to the first time was lost, or another node looked it up meanwhile.
    if (!isEnding) return yield* tellMissing(sql, record, calls);
    let { newest } = attempt;
    for (const call of calls) newest = yield* appendEvent(sql, callEvent(record, call), newest);
    yield* settle(sql, newest);
    if (kind === 'master') yield* giveWay(sql, clock, record);
  });
  store.notify({ about: 'record', tenantId: record.tenant_id, id: record.id });

  function* settle(sql: Sql, newest: ChainHead | undefined): Steps<void> {
    if (outcome.state === 'succeeded')
      return yield* succeed(sql, clock, {
        record,
        bodyHash: attempt.bodyHash,
        from: 'posting',
        result: outcome.result,
        acknowledges,
        newest,
      });
    const reasons = reasonsOf(outcome.error);
    const id = record.id;
    const { state } = outcome;
    if (state === 'pending') {
      yield* moveNow(sql, clock, { id }, 'posting', 'failed');
      yield* moveNow(sql, clock, { id, reasons }, 'failed', 'pending');
    } else if (state === 'blocked') yield* moveNow(sql, clock, { id, reasons }, 'posting', 'blocked');
    else yield* moveNow(sql, clock, { id, reasons, nextAttemptAt: yield* nextAttemptOf(sql, outcome) }, 'posting', state);
    const { error } = outcome;
    const nextAttemptAt = 'nextAttemptAt' in outcome ? outcome.nextAttemptAt : undefined;
    const data = { attempt: attempt.number, error, nextAttemptAt };
    yield* appendEvent(sql, { ...about(record), at: clock.now(), kind: state === 'pending' ? 'halted' : state, data }, newest);
  }

  // What it waits for may have come while it was being tried.
  function* nextAttemptOf(sql: Sql, { state, nextAttemptAt, ...more }: Extract<PostOutcome, { nextAttemptAt: number }>): Steps<number> {
    const until = state === 'waiting' && 'until' in more ? more.until : undefined;
    if (!until) return nextAttemptAt;
    return (yield* goOnAfter(sql, record, { predecessor: until, triedBy: attempt.attemptId })) ? nextAttemptAt : clock.now();
  }
}

/** Answers false when the attempt has an end already. */
function* endAttempt(sql: Sql, clock: Clock, attemptId: string, outcome: PostOutcome): Steps<boolean> {
  const error = outcome.state === 'succeeded' ? null : JSON.stringify(outcome.error);
  const ending = outcome.state === 'succeeded' ? 'succeeded' : outcome.error.verdict;
  const { changes } = yield* sql.run(
    'update attempt set ended_at = ?, outcome = ?, error_json = ? where id = ? and ended_at is null',
    clock.now(),
    ending,
    error,
    attemptId,
  );
  return changes === 1;
}

function reasonsOf({ code, message, fix }: WireError): StateReason[] {
  return [{ code, message, fix }];
}
