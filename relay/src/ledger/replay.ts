import type { Clock } from '@ml-connector/shared';
import type { RecordRow, Statements, Store } from '../store/index.ts';
import { appendEvent } from './events.ts';
import { insertVersion, newestOf, type FlowRef } from './intake.ts';
import { newRun } from './runs.ts';
import { searchRecords, type RecordFilter } from './search.ts';
import { moveNow, type RecordState } from './states.ts';

export type ReplaySelection = { tenantId: string; recordIds: readonly string[] } | { filter: RecordFilter };

export interface ReplayResult {
  /** Records that go out again under their own id. */
  released: string[];
  /** New versions of records that were finished: an update of what the target holds, never a second creation. */
  created: string[];
  /** Already under way. */
  untouched: string[];
}

/** Maps and posts records again, with the mapping of today. `actor`: `user:…`, `token:…`. */
export async function replayRecords(store: Store, clock: Clock, selection: ReplaySelection, actor: string): Promise<ReplayResult> {
  const result: ReplayResult = { released: [], created: [], untouched: [] };
  const runs = new Map<string, string>();
  for await (const records of pagesOf(store, selection)) {
    const changes = await store.commit((statements) => records.map((record) => replayOne(statements, clock, { record, actor, runs })));
    for (const { change, id } of changes) result[change].push(id);
  }
  store.notify({ about: 'work' });
  return result;
}

interface Replayed {
  change: keyof ReplayResult;
  id: string;
}

interface ReplayOne {
  record: RecordRow;
  actor: string;
  /** Runs of this replay by integration and flow. */
  runs: Map<string, string>;
}

function replayOne(statements: Statements, clock: Clock, { record, actor, runs }: ReplayOne): Replayed {
  const own = stateNow(statements, record.id);
  if (own === undefined) return { change: 'untouched', id: record.id };
  if (own !== 'succeeded' && own !== 'skipped') return release(statements, clock, { id: record.id, state: own, record, actor });
  const flow = { tenantId: record.tenant_id, integrationId: record.integration_id, flowId: record.flow_id };
  const newest = newestOf(statements, flow, record.key);
  if (!newest) return { change: 'untouched', id: record.id };
  const state = newest.state as RecordState;
  if (state !== 'succeeded' && state !== 'skipped') return release(statements, clock, { id: newest.id, state, record, actor });
  const { payload_json: payload, label } = statements
    .prepare('select payload_json, label from record where id = ?')
    .get(newest.id) as RecordRow;
  const runId = runOf(statements, clock, runs, flow);
  const version = newest.version + 1;
  const next = { flow, runId, key: record.key, label, payload, hash: newest.payload_hash, version, replayOf: newest.id };
  const id = insertVersion(statements, clock, next);
  appendEvent(statements, { subjectId: id, tenantId: record.tenant_id, at: clock.now(), actor, kind: 'replayed', data: { of: newest.id } });
  statements.prepare('update run set read_count = read_count + 1, new_count = new_count + 1 where id = ?').run(runId);
  return { change: 'created', id };
}

function release(
  statements: Statements,
  clock: Clock,
  { id, state, record, actor }: { id: string; state: RecordState; record: RecordRow; actor: string },
): Replayed {
  if (state !== 'blocked' && state !== 'failed' && state !== 'waiting') return { change: 'untouched', id };
  moveNow(statements, clock, { id }, state, 'pending');
  statements.prepare('delete from missing_entry where record_id = ?').run(id);
  appendEvent(statements, { subjectId: id, tenantId: record.tenant_id, at: clock.now(), actor, kind: 'replayed', data: { was: state } });
  return { change: 'released', id };
}

function stateNow(statements: Statements, id: string): RecordState | undefined {
  return (statements.prepare('select state from record where id = ?').get(id) as { state: RecordState } | undefined)?.state;
}

// The job may run twice, then the first run's row was rolled back: so it looks rather than trusts the map.
function runOf(statements: Statements, clock: Clock, runs: Map<string, string>, flow: FlowRef): string {
  const name = `${flow.integrationId} ${flow.flowId}`;
  const known = runs.get(name);
  if (known && statements.prepare('select id from run where id = ?').get(known)) return known;
  const run = { ...newRun(clock, { flow, mode: 'replay', trigger: 'replay' }), state: 'succeeded', ended_at: clock.now() };
  const columns = Object.keys(run);
  statements.prepare(`insert into run (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`).run(...Object.values(run));
  runs.set(name, run.id);
  return run.id;
}

const pageSize = 500;

async function* pagesOf(store: Store, selection: ReplaySelection): AsyncGenerator<RecordRow[]> {
  if ('recordIds' in selection) {
    for (let from = 0; from < selection.recordIds.length; from += pageSize) {
      yield store.db
        .selectFrom('record')
        .selectAll()
        .where('tenant_id', '=', selection.tenantId)
        .where('id', 'in', selection.recordIds.slice(from, from + pageSize))
        .orderBy('id')
        .execute();
    }
    return;
  }
  // Newest first and always onwards to older ids: what the replay itself creates is never met.
  for (let before: string | null | undefined; before !== null;) {
    const page = await searchRecords(store, selection.filter, { before: before ?? undefined, limit: pageSize });
    yield page.records;
    before = page.next;
  }
}
