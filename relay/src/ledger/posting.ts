import { canonicalHash, type Clock, type WireError } from '@ml-connector/shared';
import { newId, type ConnectionRow, type LinkRow, type RecordRow, type Sql, type Steps, type Store } from '../store/index.ts';
import { haltOf } from './connections.ts';
import { afterSuccess, type AppliedResult } from './after-success.ts';
import { appendEvent, dataText, type ChainHead, type NewEvent } from './events.ts';
import { supersede, type FlowRef } from './intake.ts';
import { holds, type Holder } from './leases.ts';
import { linkNow } from './links.ts';
import { releaseSuccessors } from './predecessors.ts';
import { moveNow, moveToPosting, type StateReason } from './states.ts';

export interface MappedBody {
  mappingVersion: string;
  /** Of the loaded mapping: nothing is begun when the mapping was changed since. Left out where nobody can change it. */
  stamp?: number;
  body: unknown;
  notes: readonly string[];
  /** Nothing is begun when this node does not hold the connection any more. Left out where there are no nodes. */
  holder?: Holder | undefined;
  /** Nothing is begun when one of these connections, whose sessions are to be used, was changed since, or the held one halted. */
  connections?: readonly Pick<ConnectionRow, 'id' | 'version'>[];
}

/** An attempt that is on disk and may now be sent. */
export interface BegunAttempt {
  attemptId: string;
  /** 1, 2, 3 … per record. */
  number: number;
  /** Hash of the body's content. */
  bodyHash: string;
  /** What the record's key is known as in the target; it stays so while the record is being sent. */
  link: LinkRow | undefined;
  /** Of the record's events. */
  newest?: ChainHead;
}

/**
 * Pending becomes posting, with the body and a new attempt on disk when this resolves. Answers undefined when the record was moved by
 * someone else meanwhile, its mapping or a connection changed, or the target is halted or another node's now; then nothing may be sent.
 */
export function beginPosting(store: Store, clock: Clock, record: RecordRow, mapped: MappedBody): Promise<BegunAttempt | undefined> {
  const bodyText = JSON.stringify(mapped.body);
  const bodyHash = canonicalHash(mapped.body);
  return store.commit(function* (sql) {
    if (mapped.stamp !== undefined && !(yield* isCurrent(sql, record, mapped.stamp))) return undefined;
    if (mapped.holder && !(yield* holds(sql, mapped.holder))) return undefined;
    if (mapped.connections && !(yield* areCurrent(sql, mapped.connections, mapped.holder?.connectionId))) return undefined;
    const { mappingVersion } = mapped;
    const number = yield* moveToPosting(sql, clock, { id: record.id, mappingVersion, nodeId: mapped.holder?.nodeId ?? null });
    if (number === undefined) return undefined;
    const now = clock.now();
    const attemptId = newId('attempt', now);
    yield* sql.run(
      'insert into attempt (id, record_id, number, mapping_version, body_json, notes_json, started_at) values (?, ?, ?, ?, ?, ?, ?)',
      attemptId,
      record.id,
      number,
      mapped.mappingVersion,
      bodyText,
      JSON.stringify(mapped.notes),
      now,
    );
    const data = { attempt: number, mappingVersion: mapped.mappingVersion, bodyHash, notes: mapped.notes };
    const newest = yield* appendEvent(sql, { ...about(record), at: now, kind: 'posting', data });
    return { attemptId, number, bodyHash, newest, link: yield* linkNow(sql, flowRefOf(record), record.key) };
  });
}

/** A pending record that the mapping leaves out. Answers false, and leaves the record pending, as `blockRecord` does. */
export function skipRecord(
  store: Store,
  clock: Clock,
  record: RecordRow,
  mapping: { version: string; stamp?: number; reason: string },
): Promise<boolean> {
  const reasons: StateReason[] = [{ code: 'FILTERED', message: mapping.reason }];
  return store.commit(function* (sql) {
    if (mapping.stamp !== undefined && !(yield* isCurrent(sql, record, mapping.stamp))) return false;
    const written = { mapping_version: mapping.version };
    if (!(yield* moveNow(sql, clock, { id: record.id, reasons }, 'pending', 'skipped', written))) return false;
    const data = { reasons, mappingVersion: mapping.version };
    yield* appendEvent(sql, { ...about(record), at: clock.now(), kind: 'skipped', data });
    yield* releaseSuccessors(sql, clock, flowRefOf(record), [record.key]);
    return true;
  });
}

/**
 * A pending record whose mapping is incomplete. Answers false, and leaves the record pending, when it was moved or when the mapping was
 * changed since it was loaded (`stamp`): the entry that is missing here may be the one that was just added.
 */
export function blockRecord(
  store: Store,
  clock: Clock,
  record: RecordRow,
  mapping: { version: string; stamp: number; reasons: readonly StateReason[] },
): Promise<boolean> {
  return store.commit(function* (sql) {
    if (!(yield* isCurrent(sql, record, mapping.stamp))) return false;
    const written = { mapping_version: mapping.version };
    if (!(yield* moveNow(sql, clock, { id: record.id, reasons: [...mapping.reasons] }, 'pending', 'blocked', written))) return false;
    yield* sql.insertEach(
      'insert into missing_entry (record_id, integration_id, value_map_id, code) values (?, ?, ?, ?) on conflict do nothing',
      mapping.reasons.flatMap(({ missing }) => (missing ? [[record.id, record.integration_id, missing.valueMapId, missing.code]] : [])),
    );
    const data = { reasons: mapping.reasons, mappingVersion: mapping.version };
    yield* appendEvent(sql, { ...about(record), at: clock.now(), kind: 'blocked', data });
    return true;
  });
}

// A worker holds records and the mapping it loaded with them, for hours where the target is down: it may have been corrected since.
function* isCurrent(sql: Sql, record: RecordRow, stamp: number): Steps<boolean> {
  const flow = yield* sql.get<{ changed_at: number }>(
    `select changed_at from integration_flow where integration_id = ? and flow_id = ?${sql.forShare}`,
    record.integration_id,
    record.flow_id,
  );
  return flow?.changed_at === stamp;
}

// What was read from a source that is halted since still goes out; a target's halt is found by one post and keeps back those in hand.
function* areCurrent(
  sql: Sql,
  connections: readonly Pick<ConnectionRow, 'id' | 'version'>[],
  targetId: string | undefined,
): Steps<boolean> {
  const present = yield* sql.getEach<Pick<ConnectionRow, 'version' | 'halted_json'>>(
    'select version, halted_json from connection where id = ?',
    connections.map(({ id }) => [id]),
  );
  return connections.every(({ id, version }, place) => {
    const now = present[place];
    return now?.version === version && (id !== targetId || haltOf(now) === undefined);
  });
}

/** The body that was last sent for a record, and when that attempt ended. */
export async function lastAttempt(store: Store, recordId: string): Promise<{ body: unknown; endedAt: number } | undefined> {
  const row = await store.db
    .selectFrom('attempt')
    .select(['body_json', 'started_at', 'ended_at'])
    .where('record_id', '=', recordId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { body: JSON.parse(row.body_json) as unknown, endedAt: row.ended_at ?? row.started_at };
}

/** The errors that ended this record's attempts before that one, oldest first; without facts where the retention dropped them. */
export async function earlierErrors(store: Store, recordId: string, attempt: number): Promise<WireError[]> {
  const rows = await store.db
    .selectFrom('attempt')
    .select('error_json')
    .where('record_id', '=', recordId)
    .where('number', '<', attempt)
    .where('error_json', 'is not', null)
    .orderBy('number')
    .execute();
  return rows.map(({ error_json: error }) => JSON.parse(error ?? '{}') as WireError);
}

/** A call to an outside system, as far as the ledger looks into it. */
export interface TracedCall {
  at: number;
  ms?: number;
}

/** One call that was made for a record or a run: a line of its story, on disk when this resolves. */
export async function traceCall(store: Store, subject: Pick<RecordRow, 'id' | 'tenant_id'>, call: TracedCall): Promise<void> {
  await store.commit((sql) => appendEvent(sql, callEvent(subject, call)));
}

// Dated when the call ended, since a read of hours must not get into days whose anchor was made meanwhile; its data tell when it began.
function callEvent({ id, tenant_id }: Pick<RecordRow, 'id' | 'tenant_id'>, call: TracedCall): NewEvent {
  return { subjectId: id, tenantId: tenant_id, at: call.at + (call.ms ?? 0), actor: 'engine', kind: 'call', data: call };
}

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
  /** Not sent: the target does not take it yet; to be tried again at that time. */
  | { state: 'waiting'; error: WireError; nextAttemptAt: number }
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
    else yield* moveNow(sql, clock, { id, reasons, nextAttemptAt: outcome.nextAttemptAt }, 'posting', state);
    const { error } = outcome;
    const nextAttemptAt = 'nextAttemptAt' in outcome ? outcome.nextAttemptAt : undefined;
    const data = { attempt: attempt.number, error, nextAttemptAt };
    yield* appendEvent(sql, { ...about(record), at: clock.now(), kind: state === 'pending' ? 'halted' : state, data }, newest);
  }
}

function* tellMissing(sql: Sql, record: RecordRow, calls: readonly TracedCall[]): Steps<void> {
  const told = yield* sql.all<{ data_json: string }>(`select data_json from event where subject_id = ? and kind = 'call'`, record.id);
  for (const call of calls) {
    const event = callEvent(record, call);
    if (!told.some(({ data_json: text }) => text === dataText(event.data))) yield* appendEvent(sql, event);
  }
}

// The newer version waits behind this one, and would wait for ever behind one that needs a person.
function* giveWay(sql: Sql, clock: Clock, record: RecordRow): Steps<void> {
  yield* supersede(sql, clock, flowRefOf(record), [record.key]);
}

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

interface Success {
  record: RecordRow;
  bodyHash: string;
  from: 'posting' | 'uncertain';
  result: AppliedResult;
  acknowledges?: boolean | undefined;
  newest?: ChainHead | undefined;
}

function* succeed(sql: Sql, clock: Clock, { record, bodyHash, from, result, acknowledges = false, newest }: Success): Steps<void> {
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

function about(record: RecordRow): { subjectId: string; tenantId: string; actor: string } {
  return { subjectId: record.id, tenantId: record.tenant_id, actor: 'engine' };
}

function flowRefOf(record: RecordRow): FlowRef {
  return { tenantId: record.tenant_id, integrationId: record.integration_id, flowId: record.flow_id };
}
