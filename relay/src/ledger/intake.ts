import { canonicalJson, hashOfCanonical, type Clock } from '@ml-connector/shared';
import { newId, type RecordRow, type Statements, type Store } from '../store/index.ts';
import { appendEvent, beginTrail } from './events.ts';
import { moveNow, supersedableStates } from './states.ts';

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
  const counts = await store.commit((statements) => storeBatch(statements, clock, batch, prepared));
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

function storeBatch(statements: Statements, clock: Clock, batch: IntakeBatch, records: readonly Prepared[]): IntakeCounts {
  const counts: IntakeCounts = { read: records.length, new: 0, unchanged: 0, superseded: 0 };
  for (const record of records) {
    const newest = newestOf(statements, batch.flow, record.key);
    if (newest && isUnchanged(newest, record, batch.mappingVersion)) {
      counts.unchanged++;
      continue;
    }
    const id = insertVersion(statements, clock, { ...batch, ...record, version: (newest?.version ?? 0) + 1, replayOf: null });
    counts.new++;
    if (batch.kind === 'master' && newest) counts.superseded += supersede(statements, clock, batch.flow, record.key, id);
  }
  countRun(statements, batch.runId, counts);
  if (batch.cursor !== undefined) storeCursor(statements, batch.flow, batch.cursor);
  return counts;
}

export function newestOf(statements: Statements, { integrationId, flowId }: FlowRef, key: string): Newest | undefined {
  return statements
    .prepare(
      `select id, version, payload_hash, state, reason_json, mapping_version from record
       where integration_id = ? and flow_id = ? and key = ? order by version desc limit 1`,
    )
    .get(integrationId, flowId, key) as Newest | undefined;
}

function isUnchanged(newest: Newest, record: Prepared, mappingVersion: string): boolean {
  if (newest.payload_hash !== record.hash) return false;
  const wasFiltered = newest.state === 'skipped' && newest.reason_json?.includes('"FILTERED"') === true;
  return !wasFiltered || newest.mapping_version === mappingVersion;
}

export interface NewVersion extends Prepared {
  flow: FlowRef;
  runId: string;
  version: number;
  replayOf: string | null;
}

/** Inserts a pending record; answers its id. */
export function insertVersion(statements: Statements, clock: Clock, record: NewVersion): string {
  const now = clock.now();
  const id = newId('record', now);
  const { tenantId, integrationId, flowId } = record.flow;
  statements
    .prepare(
      `insert into record (id, tenant_id, integration_id, flow_id, run_id, key, label, version, payload_json, payload_hash, state,
         attempts, replay_of, created_at, changed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'pending', 0, ?, ?, ?)`,
    )
    .run(
      id,
      tenantId,
      integrationId,
      flowId,
      record.runId,
      record.key,
      record.label,
      record.version,
      record.payload,
      record.hash,
      record.replayOf,
      now,
      now,
    );
  const data = { runId: record.runId, version: record.version, payloadHash: record.hash, replayOf: record.replayOf ?? undefined };
  beginTrail(statements, { subjectId: id, tenantId, at: now, actor: 'engine', kind: 'received', data });
  return id;
}

/** Every version of a key but `by` that surely was not applied gives way to it. Answers how many. */
export function supersede(statements: Statements, clock: Clock, flow: FlowRef, key: string, by: string): number {
  const older = statements
    .prepare(
      `select id, state from record where integration_id = ? and flow_id = ? and key = ? and id <> ?
       and state in (${supersedableStates.map((state) => `'${state}'`).join(', ')})`,
    )
    .all(flow.integrationId, flow.flowId, key, by) as { id: string; state: (typeof supersedableStates)[number] }[];
  for (const { id, state } of older) {
    const reasons = [{ code: 'SUPERSEDED', message: 'a newer version of the same record was read before this one was applied' }];
    moveNow(statements, clock, { id, reasons }, state, 'skipped');
    statements.prepare('update record set superseded_by = ? where id = ?').run(by, id);
    statements.prepare('delete from missing_entry where record_id = ?').run(id);
    const data = { by, was: state };
    appendEvent(statements, { subjectId: id, tenantId: flow.tenantId, at: clock.now(), actor: 'engine', kind: 'superseded', data });
  }
  return older.length;
}

function countRun(statements: Statements, runId: string, counts: IntakeCounts): void {
  statements
    .prepare(
      `update run set read_count = read_count + ?, new_count = new_count + ?, unchanged_count = unchanged_count + ?,
         superseded_count = superseded_count + ? where id = ?`,
    )
    .run(counts.read, counts.new, counts.unchanged, counts.superseded, runId);
}

function storeCursor(statements: Statements, { integrationId, flowId }: FlowRef, cursor: unknown): void {
  statements
    .prepare('update integration_flow set cursor_json = ? where integration_id = ? and flow_id = ?')
    .run(JSON.stringify(cursor), integrationId, flowId);
}
