import type { Clock } from '@ml-connector/shared';
import type { RecordRow, Sql, Steps, Store } from '../store/index.ts';
import { appendEvent, appendEvents } from './events.ts';
import type { FlowRef } from './intake.ts';
import { moveMany, moveNow, type StateReason } from './states.ts';

/** A record of the same integration that another one waits for. */
export interface Predecessor {
  flowId: string;
  key: string;
}

/**
 * Holds a pending record back while one of these records is unfinished: it waits, and is pending again in the transaction that finishes the
 * last of them. What was never read is not waited for. Records that wait for each other, or one for itself, are blocked with the whole circle
 * named. Answers whether the record may be sent.
 */
export async function waitForPredecessors(
  store: Store,
  clock: Clock,
  record: RecordRow,
  predecessors: readonly Predecessor[],
): Promise<boolean> {
  if (predecessors.length === 0) return true;
  const each = [...new Map(predecessors.map((one) => [nameOf(one), one])).values()];
  const isFree = await store.commit((sql) => hold(sql, clock, record, each));
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

/**
 * A record that is about to wait is pending again once this one is through, which may not even be read yet. Answers false when it came through
 * after the attempt had begun: then there is nothing to wait for.
 */
export function* goOnAfter(
  sql: Sql,
  record: RecordRow,
  { predecessor, triedBy }: { predecessor: Predecessor; triedBy: string },
): Steps<boolean> {
  const { flowId, key } = predecessor;
  yield* forgetPredecessors(sql, [record.id]);
  yield* sql.insertEach('insert into predecessor (record_id, integration_id, flow_id, key) values (?, ?, ?, ?)', [
    [record.id, record.integration_id, flowId, key],
  ]);
  // Locked: whoever finishes it meanwhile sees afterwards that this record waits for it.
  if ((yield* unfinishedAmong(sql, record, [predecessor], sql.forShare)).length > 0) return true;
  const came = yield* sql.get<{ id: string }>(
    `select id from record where integration_id = ? and flow_id = ? and key = ? and state = 'succeeded'
     and changed_at >= (select started_at from attempt where id = ?)`,
    record.integration_id,
    flowId,
    key,
    triedBy,
  );
  return came === undefined;
}

/** A record waits for none of its predecessors any more. */
export function* forgetPredecessors(sql: Sql, recordIds: readonly string[]): Steps<void> {
  if (recordIds.length > 0) yield* sql.run('delete from predecessor where record_id in ?*', recordIds);
}

function* hold(sql: Sql, clock: Clock, record: RecordRow, predecessors: readonly Predecessor[]): Steps<boolean> {
  const own = { flowId: record.flow_id, key: record.key };
  const others = predecessors.filter((one) => nameOf(one) !== nameOf(own));
  const isOwn = others.length < predecessors.length;
  if (!isOwn && (yield* unfinishedAmong(sql, record, others)).length === 0) return true;
  // One at a time in an integration: records that begin to wait for each other at the same moment would not see the circle.
  yield* sql.run('update integration set name = name where id = ?', record.integration_id);
  // Locked: whoever finishes one of them meanwhile waits until this record stands among those that wait for it.
  const unfinished = yield* unfinishedAmong(sql, record, others, sql.forShare);
  const open = others.filter((one) => unfinished.some((row) => nameOf(row) === nameOf(one)));
  const circle = isOwn ? [own, own] : yield* circleThrough(sql, record, own, open);
  if (circle) return yield* block(sql, clock, record, circle);
  if (open.length === 0) return true;
  const reasons = open.map((one): StateReason => {
    const { state, label } = unfinished.find((row) => nameOf(row) === nameOf(one)) ?? { state: '', label: '' };
    const shown = spoken(one, record);
    return {
      code: 'PREDECESSOR_UNFINISHED',
      message: `waits for ${shown} ${label}, which is ${state}`,
      fix: `Finish ${shown}; this one then goes out by itself.`,
    };
  });
  if (!(yield* moveNow(sql, clock, { id: record.id, reasons }, 'pending', 'waiting'))) return false;
  yield* forgetPredecessors(sql, [record.id]);
  yield* sql.insertEach(
    'insert into predecessor (record_id, integration_id, flow_id, key) values (?, ?, ?, ?)',
    open.map(({ flowId, key }) => [record.id, record.integration_id, flowId, key]),
  );
  yield* appendEvent(sql, { ...about(record), at: clock.now(), kind: 'waiting', data: { reasons } });
  return false;
}

interface Unfinished extends Predecessor {
  id: string;
  label: string;
  state: string;
}

function* unfinishedAmong(sql: Sql, record: RecordRow, others: readonly Predecessor[], lock = ''): Steps<Unfinished[]> {
  const unfinished: Unfinished[] = [];
  // In one order of flows, whoever asks: locks taken crosswise would wait for each other.
  const byFlow = [...Map.groupBy(others, ({ flowId }) => flowId)].toSorted(([one], [other]) => (one < other ? -1 : 1));
  for (const [flowId, those] of byFlow) {
    const flow = { tenantId: record.tenant_id, integrationId: record.integration_id, flowId };
    const keys = those.map(({ key }) => key);
    for (const row of yield* unfinishedOf(sql, flow, keys, lock)) unfinished.push({ ...row, flowId });
  }
  return unfinished;
}

function* unfinishedOf(
  sql: Sql,
  { integrationId, flowId }: FlowRef,
  keys: readonly string[],
  lock = '',
): Steps<Omit<Unfinished, 'flowId'>[]> {
  if (keys.length === 0) return [];
  return yield* sql.all<Omit<Unfinished, 'flowId'>>(
    `select id, key, label, state from record where integration_id = ? and flow_id = ? and key in ?*
     and state not in ('succeeded', 'skipped') order by key, version${lock}`,
    integrationId,
    flowId,
    keys,
  );
}

/** The way from a record over what it waits for back to itself: `a, b, a`. */
function* circleThrough(
  sql: Sql,
  { integration_id: integrationId }: RecordRow,
  start: Predecessor,
  first: readonly Predecessor[],
): Steps<Predecessor[] | undefined> {
  const cameFrom = new Map(first.map((one) => [nameOf(one), start]));
  let next = [...first];
  while (next.length > 0) {
    const steps = yield* sql.all<{ flow_id: string; key: string; waits_for_flow: string; waits_for: string }>(
      `select record.flow_id as flow_id, record.key as key, predecessor.flow_id as waits_for_flow, predecessor.key as waits_for
       from record join predecessor on predecessor.record_id = record.id
       where record.integration_id = ? and record.flow_id in ?* and record.key in ?* and record.state = 'waiting'`,
      integrationId,
      [...new Set(next.map(({ flowId }) => flowId))],
      next.map(({ key }) => key),
    );
    const asked = new Set(next.map(nameOf));
    next = [];
    for (const step of steps) {
      const from = { flowId: step.flow_id, key: step.key };
      const to = { flowId: step.waits_for_flow, key: step.waits_for };
      if (!asked.has(nameOf(from))) continue;
      if (nameOf(to) === nameOf(start)) return [...pathTo(cameFrom, start, from), start];
      if (cameFrom.has(nameOf(to))) continue;
      cameFrom.set(nameOf(to), from);
      next.push(to);
    }
  }
  return undefined;
}

function pathTo(cameFrom: ReadonlyMap<string, Predecessor>, start: Predecessor, end: Predecessor): Predecessor[] {
  const path = [end];
  for (let one = end; nameOf(one) !== nameOf(start);) {
    one = cameFrom.get(nameOf(one)) ?? start;
    path.unshift(one);
  }
  return path;
}

function* block(sql: Sql, clock: Clock, record: RecordRow, circle: readonly Predecessor[]): Steps<boolean> {
  const message = `waits for itself: ${circle.map((one) => spoken(one, record)).join(' after ')}`;
  const reasons: StateReason[] = [
    { code: 'PREDECESSOR_CIRCLE', message, fix: 'Enter one of them by hand in the target and skip it here.' },
  ];
  if (yield* moveNow(sql, clock, { id: record.id, reasons }, 'pending', 'blocked'))
    yield* appendEvent(sql, { ...about(record), at: clock.now(), kind: 'blocked', data: { reasons } });
  return false;
}

function nameOf({ flowId, key }: Predecessor): string {
  return `${flowId} ${key}`;
}

/** As people read it next to a record: its own flow goes without saying. */
function spoken({ flowId, key }: Predecessor, record: RecordRow): string {
  return flowId === record.flow_id ? key : `${key} of ${flowId}`;
}

function about(record: RecordRow): { subjectId: string; tenantId: string; actor: string } {
  return { subjectId: record.id, tenantId: record.tenant_id, actor: 'engine' };
}
