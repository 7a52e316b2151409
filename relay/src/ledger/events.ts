import { hash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Db, EventRow, Statements } from '../store/index.ts';

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

/** Writes an event as the newest of its subject's chain. */
export function appendEvent(statements: Statements, event: NewEvent): void {
  const newest = statements.prepare('select seq, hash from event where subject_id = ? order by seq desc limit 1').get(event.subjectId);
  insertEvent(statements, chained(event, newest as ChainHead | undefined));
}

/** The first event of a subject that was just made; spares looking for one before. */
export function beginTrail(statements: Statements, event: NewEvent): void {
  insertEvent(statements, chained(event, undefined));
}

function insertEvent(statements: Statements, row: EventRow): void {
  statements
    .prepare(
      `insert into event (subject_id, seq, tenant_id, at, actor, kind, data_json, prev_hash, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(row.subject_id, row.seq, row.tenant_id, row.at, row.actor, row.kind, row.data_json, row.prev_hash, row.hash);
}

/** The same through kysely; for use inside a transaction. */
export async function addEvent(db: Kysely<Db>, event: NewEvent): Promise<void> {
  const newest = await db
    .selectFrom('event')
    .select(['seq', 'hash'])
    .where('subject_id', '=', event.subjectId)
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  await db.insertInto('event').values(chained(event, newest)).execute();
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
    if (event.hash !== hashOf(event)) return { ...at, fault: 'edited' };
    previous = event;
  }
  return undefined;
}

interface ChainHead {
  seq: number;
  hash: string;
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
  return { ...row, hash: hashOf(row) };
}

function hashOf(row: Omit<EventRow, 'hash'>): string {
  const content = [row.subject_id, row.seq, row.tenant_id, row.at, row.actor, row.kind, row.data_json, row.prev_hash];
  return hash('sha256', JSON.stringify(content), 'hex');
}

function dataText(data: unknown): string {
  const text = JSON.stringify(data ?? null);
  if (text.length <= longestData) return text;
  return JSON.stringify({ cut: true, length: text.length, beginning: text.slice(0, longestData / 2) });
}
