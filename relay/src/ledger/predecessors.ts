import type { Clock } from '@ml-connector/shared';
import type { RecordRow, Sql, Steps, Store } from '../store/index.ts';
import { appendEvent, appendEvents } from './events.ts';
import type { FlowRef } from './intake.ts';
import { moveMany, moveNow, type StateReason } from './states.ts';

/**
 * Holds a pending record back while one of these keys of its flow is unfinished: it waits, and is pending again in the transaction that
 * finishes the last of them. Keys that wait for each other, or a record for itself, are blocked with the whole circle named. Answers
 * whether the record may be sent.
 */
export async function waitForPredecessors(store: Store, clock: Clock, record: RecordRow, keys: readonly string[]): Promise<boolean> {
  if (keys.length === 0) return true;
  const isFree = await store.commit((sql) => hold(sql, clock, record, [...new Set(keys)]));
  if (!isFree) store.notify({ about: 'record', tenantId: record.tenant_id, id: record.id });
  return isFree;
}

/** These keys may be finished now: what waited for them alone is pending again. */
export function* releaseSuccessors(sql: Sql, clock: Clock, flow: FlowRef, keys: readonly string[]): Steps<void> {
  const { tenantId, integrationId, flowId } = flow;
  // Each post asks this for one key: a list would cost SQLite three times as much.
  const [only = ''] = keys;
  const waiting = yield* sql.all<{ record_id: string; key: string }>(
    `select record_id, key from predecessor where integration_id = ? and flow_id = ? and key ${keys.length === 1 ? '= ?' : 'in ?*'}`,
    integrationId,
    flowId,
    keys.length === 1 ? only : keys,
  );
  if (waiting.length === 0) return;
  // Two keys that are finished at the same moment would each leave the release to the other.
  const waiters = [...new Set(waiting.map(({ record_id: id }) => id))].toSorted();
  yield* sql.run('update record set state = state where id in ?*', waiters);
  const waitedFor = [...new Set(waiting.map(({ key }) => key))];
  const unfinished = new Set((yield* unfinishedOf(sql, flow, waitedFor)).map(({ key }) => key));
  const finished = waitedFor.filter((key) => !unfinished.has(key));
  if (finished.length === 0) return;
  yield* sql.run('delete from predecessor where integration_id = ? and flow_id = ? and key in ?*', integrationId, flowId, finished);
  const candidates = [...new Set(waiting.flatMap(({ record_id: id, key }) => (unfinished.has(key) ? [] : [id])))];
  const held = yield* sql.all<{ record_id: string }>('select record_id from predecessor where record_id in ?*', candidates);
  const isHeld = new Set(held.map(({ record_id: id }) => id));
  const ids = candidates.filter((id) => !isHeld.has(id));
  const at = clock.now();
  const data = { why: `${finished.join(', ')} is through` };
  yield* appendEvents(
    sql,
    (yield* moveMany(sql, clock, { ids }, 'waiting', 'pending')).map((id) => {
      return { subjectId: id, tenantId, at, actor: 'engine', kind: 'woken', data };
    }),
  );
}

/** A record waits for none of its predecessors any more. */
export function* forgetPredecessors(sql: Sql, recordIds: readonly string[]): Steps<void> {
  if (recordIds.length > 0) yield* sql.run('delete from predecessor where record_id in ?*', recordIds);
}

function* hold(sql: Sql, clock: Clock, record: RecordRow, keys: readonly string[]): Steps<boolean> {
  const flow = { tenantId: record.tenant_id, integrationId: record.integration_id, flowId: record.flow_id };
  const others = keys.filter((key) => key !== record.key);
  if (others.length === keys.length && (yield* unfinishedOf(sql, flow, others)).length === 0) return true;
  // One at a time in a flow: records that begin to wait for each other at the same moment would not see the circle.
  yield* sql.run('update integration_flow set paused = paused where integration_id = ? and flow_id = ?', flow.integrationId, flow.flowId);
  // Locked: whoever finishes one of them meanwhile waits until this record stands among those that wait for it.
  const unfinished = yield* unfinishedOf(sql, flow, others, sql.forShare);
  const open = others.filter((key) => unfinished.some((one) => one.key === key));
  const circle = others.length < keys.length ? [record.key, record.key] : yield* circleThrough(sql, flow, record.key, open);
  if (circle) return yield* block(sql, clock, record, circle);
  if (open.length === 0) return true;
  const reasons = open.map((key): StateReason => {
    const { state, label } = unfinished.find((one) => one.key === key) ?? { state: '', label: '' };
    return {
      code: 'PREDECESSOR_UNFINISHED',
      message: `waits for ${key} ${label}, which is ${state}`,
      fix: `Finish ${key}; this one then goes out by itself.`,
    };
  });
  if (!(yield* moveNow(sql, clock, { id: record.id, reasons }, 'pending', 'waiting'))) return false;
  yield* forgetPredecessors(sql, [record.id]);
  yield* sql.insertEach(
    'insert into predecessor (record_id, integration_id, flow_id, key) values (?, ?, ?, ?)',
    open.map((key) => [record.id, flow.integrationId, flow.flowId, key]),
  );
  yield* appendEvent(sql, { ...about(record), at: clock.now(), kind: 'waiting', data: { reasons } });
  return false;
}

interface Unfinished {
  id: string;
  key: string;
  label: string;
  state: string;
}

function* unfinishedOf(sql: Sql, { integrationId, flowId }: FlowRef, keys: readonly string[], lock = ''): Steps<Unfinished[]> {
  if (keys.length === 0) return [];
  return yield* sql.all<Unfinished>(
    `select id, key, label, state from record where integration_id = ? and flow_id = ? and key in ?*
     and state not in ('succeeded', 'skipped') order by key, version${lock}`,
    integrationId,
    flowId,
    keys,
  );
}

/** The way from a key over what it waits for back to itself: `['a', 'b', 'a']`. */
function* circleThrough(
  sql: Sql,
  { integrationId, flowId }: FlowRef,
  start: string,
  first: readonly string[],
): Steps<string[] | undefined> {
  const cameFrom = new Map(first.map((key) => [key, start]));
  let next = [...first];
  while (next.length > 0) {
    const steps = yield* sql.all<{ key: string; waits_for: string }>(
      `select record.key as key, predecessor.key as waits_for from record join predecessor on predecessor.record_id = record.id
       where record.integration_id = ? and record.flow_id = ? and record.key in ?* and record.state = 'waiting'`,
      integrationId,
      flowId,
      next,
    );
    const back = steps.find((step) => step.waits_for === start);
    if (back) return [...pathTo(cameFrom, start, back.key), start];
    next = [];
    for (const step of steps) {
      if (cameFrom.has(step.waits_for)) continue;
      cameFrom.set(step.waits_for, step.key);
      next.push(step.waits_for);
    }
  }
  return undefined;
}

function pathTo(cameFrom: ReadonlyMap<string, string>, start: string, end: string): string[] {
  const path = [end];
  for (let key = end; key !== start;) {
    key = cameFrom.get(key) ?? start;
    path.unshift(key);
  }
  return path;
}

function* block(sql: Sql, clock: Clock, record: RecordRow, circle: readonly string[]): Steps<boolean> {
  const message = `waits for itself: ${circle.join(' after ')}`;
  const reasons: StateReason[] = [
    { code: 'PREDECESSOR_CIRCLE', message, fix: 'Enter one of them by hand in the target and skip it here.' },
  ];
  if (yield* moveNow(sql, clock, { id: record.id, reasons }, 'pending', 'blocked'))
    yield* appendEvent(sql, { ...about(record), at: clock.now(), kind: 'blocked', data: { reasons } });
  return false;
}

function about(record: RecordRow): { subjectId: string; tenantId: string; actor: string } {
  return { subjectId: record.id, tenantId: record.tenant_id, actor: 'engine' };
}
