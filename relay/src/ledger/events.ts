import { hash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Db, EventRow, Sql, Steps } from '../store/index.ts';

/** One line of a subject's audit trail, before it is chained. */
export interface NewEvent {
  /** Id of the record, run, connection or integration it is about. */
  subjectId: string;
  tenantId: string;
  at: number;
  /** `engine`, `user:…`, `token:…`. */
  actor: string;
  kind: string;
  data: unknown;
}

/** Longest text of one event; what is longer is cut, and says so. */
const longestData = 64 * 1024;

// The cast is there for SQLite: what a bare parameter is compared with in an ordered query has it planned anew each time it is run.
const newestText = 'select seq, hash from event where subject_id = cast(? as text) order by seq desc limit 1';
const insertText =
  'insert into event (subject_id, seq, tenant_id, at, actor, kind, data_json, prev_hash, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?)';
const insertIfFreeText = `${insertText} on conflict do nothing`;

/** The newest event of a chain. */
export interface ChainHead {
  seq: number;
  hash: string;
}

/**
 * Writes an event as the newest of its subject's chain, and answers what is the newest then. `head`: the newest as it was last seen; spares
 * looking for it.
 */
export function* appendEvent(sql: Sql, event: NewEvent, head?: ChainHead): Steps<ChainHead> {
  let newest = head ?? (yield* sql.get<ChainHead>(newestText, event.subjectId));
  // Another node may be writing to the same chain: whose place was taken links to what stands there now.
  for (;;) {
    const row = chained(event, newest);
    const { changes } = yield* sql.run(insertIfFreeText, ...valuesOf(row));
    if (changes === 1) return { seq: row.seq, hash: row.hash };
    newest = yield* sql.get<ChainHead>(newestText, event.subjectId);
  }
}

/** One event each for many subjects. */
export function* appendEvents(sql: Sql, events: readonly NewEvent[]): Steps<void> {
  if (events.length === 0) return;
  const heads = yield* sql.getEach<ChainHead>(
    newestText,
    events.map((event) => [event.subjectId]),
  );
  yield* sql.insertEach(
    insertText,
    events.map((event, place) => valuesOf(chained(event, heads[place]))),
  );
}

/** The first events of subjects that were just made; spares looking for one before. */
export function* beginTrails(sql: Sql, events: readonly NewEvent[]): Steps<void> {
  yield* sql.insertEach(
    insertText,
    events.map((event) => valuesOf(chained(event, undefined))),
  );
}

function valuesOf(row: EventRow): (string | number)[] {
  return [row.subject_id, row.seq, row.tenant_id, row.at, row.actor, row.kind, row.data_json, row.prev_hash, row.hash];
}

/** The same as `appendEvent` through kysely; for use inside a transaction. */
export async function addEvent(db: Kysely<Db>, event: NewEvent): Promise<void> {
  for (;;) {
    const newest = await db
      .selectFrom('event')
      .select(['seq', 'hash'])
      .where('subject_id', '=', event.subjectId)
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst();
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('event')
      .values(chained(event, newest))
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 1n) return;
  }
}

export interface ChainFault {
  subjectId: string;
  seq: number;
  fault: 'edited' | 'removed before' | 'not linked';
}

/** Checks one subject's events, given in order of `seq`; answers the first that is not as it was written. */
export function checkChain(events: readonly EventRow[]): ChainFault | undefined {
  let previous: EventRow | undefined;
  for (const event of events) {
    const at = { subjectId: event.subject_id, seq: event.seq };
    if (event.seq !== (previous?.seq ?? 0) + 1) return { ...at, fault: 'removed before' };
    if (event.prev_hash !== (previous?.hash ?? '')) return { ...at, fault: 'not linked' };
    if (event.hash !== eventHash(event)) return { ...at, fault: 'edited' };
    previous = event;
  }
  return undefined;
}

function chained(event: NewEvent, newest: ChainHead | undefined): EventRow {
  const row = {
    subject_id: event.subjectId,
    seq: (newest?.seq ?? 0) + 1,
    tenant_id: event.tenantId,
    at: event.at,
    actor: event.actor,
    kind: event.kind,
    data_json: dataText(event.data),
    prev_hash: newest?.hash ?? '',
  };
  return { ...row, hash: eventHash(row) };
}

/** What an event's `hash` must be. It covers the digest of the data, so that it can still be checked when the retention dropped the data. */
export function eventHash(row: Omit<EventRow, 'hash'>): string {
  const content = [row.subject_id, row.seq, row.tenant_id, row.at, row.actor, row.kind, contentDigest(row.data_json), row.prev_hash];
  return hash('sha256', JSON.stringify(content), 'hex');
}

// Data is always an object or null, so no data of an event looks like this.
const dropped = /^"sha256:([0-9a-f]{64})"$/;

/** What stands in `data_json` once the retention dropped the data. */
export function droppedContent(dataJson: string): string {
  return `"sha256:${contentDigest(dataJson)}"`;
}

export function isContentDropped(dataJson: string): boolean {
  return dropped.test(dataJson);
}

function contentDigest(dataJson: string): string {
  return (dataJson.length === 73 && dropped.exec(dataJson)?.[1]) || hash('sha256', dataJson, 'hex');
}

/** What stands in `data_json`. */
export function dataText(data: unknown): string {
  const text = JSON.stringify(data ?? null);
  if (text.length <= longestData) return text;
  return JSON.stringify({ cut: true, length: text.length, beginning: text.slice(0, longestData / 2) });
}
