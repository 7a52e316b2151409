import { canonicalHash, type Clock } from '@ml-connector/shared';
import { newId, type ConnectionRow, type LinkRow, type RecordRow, type Sql, type Steps, type Store } from '../store/index.ts';
import { haltOf } from './connections.ts';
import { appendEvent, type ChainHead } from './events.ts';
import type { Holder } from './leases.ts';
import { linkNow } from './links.ts';
import { about, flowRefOf } from './of-record.ts';
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
    if (!(yield* isUnchanged(sql, record, mapped))) return undefined;
    const { mappingVersion } = mapped;
    const { id, attempts } = record;
    if (!(yield* moveToPosting(sql, clock, { id, attempts, mappingVersion, nodeId: mapped.holder?.nodeId ?? null }))) return undefined;
    const number = attempts + 1;
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

interface Present {
  stamp: number | null;
  node_id: string | null;
  halted_json: string | null;
  [version: `version_${number}`]: number | null;
}

// Everything that the sending of a record relies on, in one look.
function* isUnchanged(sql: Sql, record: RecordRow, { stamp, holder, connections = [] }: MappedBody): Steps<boolean> {
  const present = yield* sql.get<Present>(
    presentText(sql.forShare, connections.length),
    record.integration_id,
    record.flow_id,
    holder?.connectionId ?? null,
    holder?.connectionId ?? null,
    ...connections.map(({ id }) => id),
  );
  if (!present) return false;
  if (stamp !== undefined && present.stamp !== stamp) return false;
  if (holder && present.node_id !== holder.nodeId) return false;
  return connections.every(({ id, version }, place) => {
    if (present[`version_${place}`] !== version) return false;
    // What was read from a source that is halted since still goes out; a target's halt is found by one post and keeps back those in hand.
    return id !== holder?.connectionId || haltOf({ halted_json: present.halted_json, version }) === undefined;
  });
}

const presentTexts = new Map<string, string>();

// The rows that others wait for stay as they are until the job's end.
function presentText(forShare: string, connections: number): string {
  const name = `${connections}${forShare}`;
  let text = presentTexts.get(name);
  if (text === undefined) {
    const versions = Array.from(
      { length: connections },
      (_, place) => `, (select version from connection where id = ?) as version_${place}`,
    );
    text = `select (select changed_at from integration_flow where integration_id = ? and flow_id = ?${forShare}) as stamp,
      (select node_id from connection_lease where connection_id = ?${forShare}) as node_id,
      (select halted_json from connection where id = ?) as halted_json${versions.join('')}`;
    presentTexts.set(name, text);
  }
  return text;
}
