import type { Clock } from '@ml-connector/shared';
import { newId, type RecordRow, type Sql, type Steps } from '../store/index.ts';
import { appendEvents } from './events.ts';
import { insertVersions, newestOfEach, type FlowRef, type NewVersion } from './intake.ts';
import { forgetPredecessors } from './predecessors.ts';
import { newRun } from './runs.ts';
import { moveMany, type RecordState } from './states.ts';

export interface ReplayPage {
  records: readonly RecordRow[];
  actor: string;
  /** Runs of this replay by integration and flow; added to. */
  runs: Map<string, string>;
}

export interface Replayed {
  change: 'released' | 'created' | 'untouched';
  id: string;
}

/** Releases or repeats a page of records, in a fixed number of statements per flow. Answers what became of each. */
export function* replayPage(sql: Sql, clock: Clock, page: ReplayPage): Steps<Replayed[]> {
  const now = yield* sql.all<{ id: string; state: RecordState }>(
    'select id, state from record where id in ?*',
    page.records.map(({ id }) => id),
  );
  const states = new Map(now.map(({ id, state }) => [id, state]));
  const results: Replayed[] = [];
  for (const records of Map.groupBy(page.records, (record) => `${record.integration_id} ${record.flow_id}`).values()) {
    const plan = yield* planOf(sql, clock, records, states);
    const released = yield* release(sql, clock, page.actor, plan);
    yield* create(sql, clock, page, plan);
    for (const { id, change } of plan.results)
      results.push({ id, change: change === 'released' && !released.has(id) ? 'untouched' : change });
  }
  return results;
}

interface Plan {
  flow: FlowRef;
  results: Replayed[];
  releases: { id: string; state: 'blocked' | 'failed' | 'waiting' }[];
  /** The version that each repeats is in `replayOf`; its content is filled in later. */
  creations: Omit<NewVersion, 'payload' | 'label'>[];
}

/** Decides one record after the other; each sees what was decided for those before it. */
function* planOf(sql: Sql, clock: Clock, records: readonly RecordRow[], states: Map<string, RecordState>): Steps<Plan> {
  const flow = flowOf(records);
  const isOver = (state: RecordState | undefined): boolean => state === 'succeeded' || state === 'skipped';
  const keys = records.filter(({ id }) => isOver(states.get(id))).map(({ key }) => key);
  const newest = yield* newestOfEach(sql, flow, [...new Set(keys)]);
  for (const { id, state } of newest.values()) states.set(id, states.get(id) ?? (state as RecordState));
  const plan: Plan = { flow, results: [], releases: [], creations: [] };
  for (const record of records) {
    const found = isOver(states.get(record.id)) ? newest.get(record.key) : record;
    const state = states.get(found?.id ?? '');
    if (!found || state === undefined) plan.results.push({ change: 'untouched', id: record.id });
    else if (state === 'blocked' || state === 'failed' || state === 'waiting') {
      plan.releases.push({ id: found.id, state });
      plan.results.push({ change: 'released', id: found.id });
      states.set(found.id, 'pending');
    } else if (!isOver(state)) plan.results.push({ change: 'untouched', id: found.id });
    else {
      const id = newId('record', clock.now());
      const next = { key: record.key, hash: found.payload_hash, version: found.version + 1, replayOf: found.id, id };
      plan.creations.push(next);
      plan.results.push({ change: 'created', id });
      states.set(id, 'pending');
      newest.set(record.key, { ...found, id, version: next.version, state: 'pending' });
    }
  }
  return plan;
}

/** Answers the ids of those that were still where the plan saw them. */
function* release(sql: Sql, clock: Clock, actor: string, { flow, releases }: Plan): Steps<Set<string>> {
  const released = new Set<string>();
  for (const [state, those] of Map.groupBy(releases, (one) => one.state)) {
    const ids = those.map(({ id }) => id);
    for (const id of yield* moveMany(sql, clock, { ids }, state, 'pending')) released.add(id);
  }
  if (released.size === 0) return released;
  yield* sql.run('delete from missing_entry where record_id in ?*', [...released]);
  yield* forgetPredecessors(sql, [...released]);
  const at = clock.now();
  const gone = releases.filter(({ id }) => released.has(id));
  yield* appendEvents(
    sql,
    gone.map(({ id, state }) => ({ subjectId: id, tenantId: flow.tenantId, at, actor, kind: 'replayed', data: { was: state } })),
  );
  return released;
}

function* create(sql: Sql, clock: Clock, { actor, runs }: ReplayPage, { flow, creations }: Plan): Steps<void> {
  if (creations.length === 0) return;
  const contents = yield* sql.all<Pick<RecordRow, 'id' | 'payload_json' | 'label'>>(
    'select id, payload_json, label from record where id in ?*',
    creations.map(({ replayOf }) => replayOf ?? ''),
  );
  const contentOf = new Map(contents.map((content) => [content.id, content]));
  const versions = creations.map((one): NewVersion => {
    const content = contentOf.get(one.replayOf ?? '');
    return { ...one, payload: content?.payload_json ?? '', label: content?.label ?? '' };
  });
  const runId = yield* runOf(sql, clock, runs, flow);
  yield* insertVersions(sql, clock, { flow, runId }, versions);
  const at = clock.now();
  yield* appendEvents(
    sql,
    versions.map(({ id, replayOf }) => ({ subjectId: id, tenantId: flow.tenantId, at, actor, kind: 'replayed', data: { of: replayOf } })),
  );
  const count = versions.length;
  yield* sql.run('update run set read_count = read_count + ?, new_count = new_count + ? where id = ?', count, count, runId);
}

// The job may run twice, then the first run's row was rolled back: so it looks rather than trusts the map.
function* runOf(sql: Sql, clock: Clock, runs: Map<string, string>, flow: FlowRef): Steps<string> {
  const name = `${flow.integrationId} ${flow.flowId}`;
  const known = runs.get(name);
  if (known && (yield* sql.get('select id from run where id = ?', known))) return known;
  const run = { ...newRun(clock, { flow, mode: 'replay', trigger: 'replay' }), state: 'succeeded', ended_at: clock.now() };
  const columns = Object.keys(run);
  const text = `insert into run (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`;
  yield* sql.run(text, ...Object.values(run));
  runs.set(name, run.id);
  return run.id;
}

function flowOf(records: readonly RecordRow[]): FlowRef {
  const [record] = records;
  return { tenantId: record?.tenant_id ?? '', integrationId: record?.integration_id ?? '', flowId: record?.flow_id ?? '' };
}
