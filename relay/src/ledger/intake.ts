import { canonicalJson, hashOfCanonical, type Clock } from '@ml-connector/shared';
import { newId, type Job, type RecordRow, type Sql, type Steps, type Store } from '../store/index.ts';
import { appendEvents, beginTrails } from './events.ts';
import { forgetPredecessors, releaseSuccessors } from './predecessors.ts';
import { moveMany, supersedableStates } from './states.ts';

/** Which flow of which integration. */
export interface FlowRef {
  tenantId: string;
  integrationId: string;
  flowId: string;
}

export interface IntakeBatch {
  flow: FlowRef;
  runId: string;
  kind: 'master' | 'document';
  records: readonly { key: string; label: string; payload: unknown }[];
  /** Stored with the records, in the same transaction; undefined leaves it as it is. */
  cursor?: unknown;
  /** Records that a filter skipped are looked at again once the mapping is another one. */
  mappingVersion: string;
  /** More to be done in the same transaction. */
  also?: Job<void>;
}

export interface IntakeCounts {
  read: number;
  new: number;
  unchanged: number;
  superseded: number;
}

/**
 * Stores what a flow read, with its cursor, in one transaction. A record whose content is that of the newest version of its key is
 * counted only; any other becomes the next version. Of master data, older versions that surely were not applied are superseded.
 */
export async function intake(store: Store, clock: Clock, batch: IntakeBatch): Promise<IntakeCounts> {
  const prepared = batch.records.map(({ key, label, payload }): Prepared => {
    const text = canonicalJson(payload);
    return { key, label, payload: text, hash: hashOfCanonical(text) };
  });
  const counts = await store.commit((sql) => storeBatch(sql, clock, batch, prepared));
  if (counts.new > 0) store.notify({ about: 'work', tenantId: batch.flow.tenantId });
  return counts;
}

interface Prepared {
  key: string;
  label: string;
  payload: string;
  hash: string;
}

type Newest = Pick<RecordRow, 'id' | 'version' | 'payload_hash' | 'state' | 'reason_json' | 'mapping_version'>;

function* storeBatch(sql: Sql, clock: Clock, batch: IntakeBatch, records: readonly Prepared[]): Steps<IntakeCounts> {
  const { flow, runId } = batch;
  const newest = yield* newestOfEach(
    sql,
    flow,
    records.map(({ key }) => key),
  );
  const versions: NewVersion[] = [];
  const changed = new Set<string>();
  for (const record of records) {
    const known = newest.get(record.key);
    if (known && isUnchanged(known, record, batch.mappingVersion)) continue;
    const version = { ...record, id: newId('record', clock.now()), version: (known?.version ?? 0) + 1, replayOf: null };
    versions.push(version);
    if (known) changed.add(record.key);
    // The same key may come a second time in one batch.
    newest.set(record.key, { ...version, payload_hash: record.hash, state: 'pending', reason_json: null, mapping_version: null });
  }
  yield* insertVersions(sql, clock, { flow, runId }, versions);
  const superseded = batch.kind === 'master' ? yield* supersede(sql, clock, flow, [...changed]) : 0;
  const counts = { read: records.length, new: versions.length, unchanged: records.length - versions.length, superseded };
  yield* countRun(sql, runId, counts);
  if (batch.cursor !== undefined) yield* storeCursor(sql, flow, batch.cursor);
  if (batch.also) yield* batch.also(sql);
  return counts;
}

/** The newest version of each key that has one. */
export function* newestOfEach(sql: Sql, { integrationId, flowId }: FlowRef, keys: readonly string[]): Steps<Map<string, Newest>> {
  // Cast as in `events.ts`.
  const rows = yield* sql.getEach<Newest>(
    `select id, version, payload_hash, state, reason_json, mapping_version from record
     where integration_id = cast(? as text) and flow_id = cast(? as text) and key = cast(? as text) order by version desc limit 1`,
    keys.map((key) => [integrationId, flowId, key]),
  );
  const newest = new Map<string, Newest>();
  for (const [place, key] of keys.entries()) {
    const row = rows[place];
    if (row) newest.set(key, row);
  }
  return newest;
}

function isUnchanged(newest: Newest, record: Prepared, mappingVersion: string): boolean {
  if (newest.payload_hash !== record.hash) return false;
  const wasFiltered = newest.state === 'skipped' && newest.reason_json?.includes('"FILTERED"') === true;
  return !wasFiltered || newest.mapping_version === mappingVersion;
}

export interface NewVersion extends Prepared {
  id: string;
  version: number;
  replayOf: string | null;
}

/** Inserts pending records with the first event of each. */
export function* insertVersions(
  sql: Sql,
  clock: Clock,
  { flow, runId }: { flow: FlowRef; runId: string },
  versions: readonly NewVersion[],
): Steps<void> {
  if (versions.length === 0) return;
  const now = clock.now();
  const { tenantId, integrationId, flowId } = flow;
  yield* sql.insertEach(
    `insert into record (id, tenant_id, integration_id, flow_id, run_id, key, label, version, payload_json, payload_hash, state,
       attempts, replay_of, created_at, changed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?, ?)`,
    versions.map(({ id, key, label, version, payload, hash, replayOf }) => [
      id,
      tenantId,
      integrationId,
      flowId,
      runId,
      key,
      label,
      version,
      payload,
      hash,
      replayOf,
      now,
      now,
    ]),
  );
  yield* beginTrails(
    sql,
    versions.map(({ id, key, label, version, hash, replayOf }) => {
      const data = { runId, version, payloadHash: hash, replayOf: replayOf ?? undefined, note: noteOf({ key, label }) };
      return { subjectId: id, tenantId, at: now, actor: 'engine', kind: 'received', data };
    }),
  );
}

function noteOf({ key, label }: Pick<NewVersion, 'key' | 'label'>): string | undefined {
  return [key, label].some((text) => text.includes('\0')) ? 'a NUL character of its key or label stands as U+FFFD' : undefined;
}

/** Every version of these keys but the newest that surely was not applied gives way to it. Answers how many. */
export function* supersede(sql: Sql, clock: Clock, flow: FlowRef, keys: readonly string[]): Steps<number> {
  if (keys.length === 0) return 0;
  const older = yield* sql.all<{ id: string; state: (typeof supersedableStates)[number]; by: string }>(
    `select * from (select id, state, (select newer.id from record as newer where newer.integration_id = one.integration_id
         and newer.flow_id = one.flow_id and newer.key = one.key order by newer.version desc limit 1) as by
       from record as one where integration_id = ? and flow_id = ? and key in ?*
       and state in (${supersedableStates.map((state) => `'${state}'`).join(', ')})) as older where id <> by`,
    flow.integrationId,
    flow.flowId,
    keys,
  );
  const reasons = [{ code: 'SUPERSEDED', message: 'a newer version of the same record was read before this one was applied' }];
  const moved = new Set<string>();
  for (const [state, those] of Map.groupBy(older, (one) => one.state)) {
    const ids = those.map(({ id }) => id);
    for (const id of yield* moveMany(sql, clock, { ids, reasons }, state, 'skipped')) moved.add(id);
  }
  const gone = older.filter(({ id }) => moved.has(id));
  if (gone.length === 0) return 0;
  yield* sql.run(
    `update record set superseded_by = (select newer.id from record as newer where newer.integration_id = record.integration_id
       and newer.flow_id = record.flow_id and newer.key = record.key order by newer.version desc limit 1) where id in ?*`,
    [...moved],
  );
  yield* sql.run('delete from missing_entry where record_id in ?*', [...moved]);
  const at = clock.now();
  yield* appendEvents(
    sql,
    gone.map(({ id, by, state }) => {
      return { subjectId: id, tenantId: flow.tenantId, at, actor: 'engine', kind: 'superseded', data: { by, was: state } };
    }),
  );
  yield* forgetPredecessors(sql, [...moved]);
  yield* releaseSuccessors(sql, clock, flow, keys);
  return gone.length;
}

function* countRun(sql: Sql, runId: string, counts: IntakeCounts): Steps<void> {
  yield* sql.run(
    `update run set read_count = read_count + ?, new_count = new_count + ?, unchanged_count = unchanged_count + ?,
       superseded_count = superseded_count + ? where id = ?`,
    counts.read,
    counts.new,
    counts.unchanged,
    counts.superseded,
    runId,
  );
}

function* storeCursor(sql: Sql, { integrationId, flowId }: FlowRef, cursor: unknown): Steps<void> {
  yield* sql.run(
    'update integration_flow set cursor_json = ? where integration_id = ? and flow_id = ?',
    JSON.stringify(cursor),
    integrationId,
    flowId,
  );
}
