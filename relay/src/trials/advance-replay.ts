import type { Clock } from '@ml-connector/shared';
import type { Flow } from '../flows/index.ts';
import { addEvent, replayPage, type RecordState, type StateReason } from '../ledger/index.ts';
import type { RecordRow, ReplayItemRow, ReplayRow, Store } from '../store/index.ts';
import { createMapper } from './mappers.ts';
import { outlookOf, type Outlook } from './replay-preview.ts';
import { recordsOf } from './selection.ts';

interface Deps {
  store: Store;
  flows: readonly Flow[];
  clock: Clock;
}

const growth = 10;
const largestStep = 10_000;

/** Carries every running replay one step on, as far as that can be done now. */
export async function advanceReplays(deps: Deps, signal: AbortSignal): Promise<void> {
  const running = await deps.store.db
    .selectFrom('replay')
    .selectAll()
    .where('ended_at', 'is', null)
    .where('state', '=', 'running')
    .execute();
  for (const replay of running) {
    if (signal.aborted) return;
    await advance(deps, replay);
  }
}

async function advance(deps: Deps, replay: ReplayRow): Promise<void> {
  const { open, surprises } = await settle(deps, replay);
  if (surprises.length > 0) return stop(deps, replay, surprises);
  if (open > 0) return note(deps, replay, `waits for ${open} records of the last step`);
  const { isEmpty, sent } = await sendStep(deps, replay);
  if (isEmpty && sent === 0) await finish(deps, replay);
}

/** Writes down how the sent records ended. */
async function settle({ store }: Deps, replay: ReplayRow): Promise<{ open: number; surprises: string[] }> {
  const sent = await store.db
    .selectFrom('replay_item')
    .selectAll()
    .where('replay_id', '=', replay.id)
    .where('state', '=', 'sent')
    .execute();
  const records = new Map<string, RecordRow>();
  const ids = sent.flatMap(({ result_id: id }) => (id === null ? [] : [id]));
  for await (const page of recordsOf(store, replay.tenant_id, ids)) for (const record of page) records.set(record.id, record);
  const surprises: string[] = [];
  let open = 0;
  for (const item of sent) {
    const end = endOf(item, records.get(item.result_id ?? ''));
    if (end === undefined) {
      open++;
      continue;
    }
    if (end.state === 'surprise') surprises.push(end.why);
    await store.db
      .updateTable('replay_item')
      .set({ state: end.state, outcome_json: JSON.stringify({ state: end.recordState, why: end.why }) })
      .where('replay_id', '=', replay.id)
      .where('position', '=', item.position)
      .execute();
  }
  return { open, surprises };
}

/** What the end of a record means for the replay; undefined while it is under way. One that was taken away since is no surprise. */
function endOf(
  { expected_json }: ReplayItemRow,
  record: RecordRow | undefined,
): { state: 'passed' | 'surprise'; recordState: string; why: string } | undefined {
  if (!record) return { state: 'passed', recordState: 'gone', why: '' };
  const expected = JSON.parse(expected_json ?? '{}') as Partial<Outlook>;
  const state = record.state as RecordState;
  const reasons = record.reason_json === null ? [] : (JSON.parse(record.reason_json) as StateReason[]);
  const why = reasons.map(({ code, message }) => `${message} (${code})`).join('; ');
  if (state === 'succeeded') return { state: 'passed', recordState: state, why: record.action ?? '' };
  if (state === 'blocked') return { state: 'surprise', recordState: state, why: `${record.key} ${record.label}: ${why}` };
  if (state !== 'skipped') return undefined;
  const isFiltered = reasons.some(({ code }) => code === 'FILTERED');
  const isForeseen = !isFiltered || expected.will === 'be skipped';
  return { state: isForeseen ? 'passed' : 'surprise', recordState: state, why: isForeseen ? why : `${record.key} ${record.label}: ${why}` };
}

/** Sends the next records that the mapping lets through. `isEmpty`: no record is left. */
async function sendStep(deps: Deps, replay: ReplayRow): Promise<{ isEmpty: boolean; sent: number }> {
  const { store, flows } = deps;
  const map = createMapper(store, flows);
  const going: Going[] = [];
  let isEmpty = true;
  for (let after = -1; ;) {
    const items = await leftItems(store, replay.id, after);
    const records = new Map<string, RecordRow>();
    const ids = items.map(({ record_id: id }) => id);
    for await (const page of recordsOf(store, replay.tenant_id, ids)) for (const record of page) records.set(record.id, record);
    for (const item of items) {
      const record = records.get(item.record_id);
      const outlook: Outlook = record ? await outlookOf(record, map) : { will: 'stay', why: 'is not there any more' };
      if (record && (outlook.will === 'be posted' || outlook.will === 'be skipped')) going.push({ item, record, outlook });
      else await keep(store, item, outlook);
      after = item.position;
      if (going.length >= replay.step_size) break;
    }
    if (items.length > 0) isEmpty = false;
    if (items.length === 0 || going.length >= replay.step_size) break;
  }
  if (going.length > 0) await send(deps, replay, going);
  return { isEmpty, sent: going.length };
}

interface Going {
  item: ReplayItemRow;
  record: RecordRow;
  outlook: Outlook;
}

async function leftItems(store: Store, replayId: string, after: number): Promise<ReplayItemRow[]> {
  return store.db
    .selectFrom('replay_item')
    .selectAll()
    .where('replay_id', '=', replayId)
    .where('state', '=', 'left')
    .where('position', '>', after)
    .orderBy('position')
    .limit(500)
    .execute();
}

async function keep(store: Store, item: ReplayItemRow, outlook: Outlook): Promise<void> {
  const why = outlook.will === 'be blocked' ? outlook.reasons.map(({ code, message }) => `${message} (${code})`).join('; ') : '';
  const outcome = outlook.will === 'stay' ? { state: 'untouched', why: outlook.why } : { state: 'blocked', why };
  await store.db
    .updateTable('replay_item')
    .set({ state: 'kept', expected_json: JSON.stringify(outlook), outcome_json: JSON.stringify(outcome) })
    .where('replay_id', '=', item.replay_id)
    .where('position', '=', item.position)
    .execute();
}

/** One transaction: a relay that dies has sent the step and written it down, or neither. */
async function send({ store, clock }: Deps, replay: ReplayRow, going: readonly Going[]): Promise<void> {
  const groups = [...Map.groupBy(going, ({ record }) => `${record.integration_id} ${record.flow_id}`).values()];
  await store.commit(function* (sql) {
    const nextSize = Math.min(replay.step_size * growth, largestStep);
    // Another node, or a person, may have been here since it was read.
    const { changes } = yield* sql.run(
      `update replay set steps = steps + 1, step_size = ?, note = '', changed_at = ? where id = ? and steps = ? and state = 'running'`,
      nextSize,
      clock.now(),
      replay.id,
      replay.steps,
    );
    if (changes !== 1) return;
    const runs = new Map<string, string>();
    for (const group of groups) {
      const records = group.map(({ record }) => record);
      const replayed = yield* replayPage(sql, clock, { records, actor: replay.actor, runs });
      for (const [place, { item, outlook }] of group.entries()) {
        const result = replayed[place];
        yield* sql.run(
          'update replay_item set state = ?, expected_json = ?, result_id = ? where replay_id = ? and position = ?',
          'sent',
          JSON.stringify(outlook),
          result?.id ?? null,
          item.replay_id,
          item.position,
        );
      }
    }
  });
  store.notify({ about: 'work', tenantId: replay.tenant_id });
}

async function stop({ store, clock }: Deps, replay: ReplayRow, surprises: readonly string[]): Promise<void> {
  const [first = ''] = surprises;
  const more = surprises.length > 1 ? ` (and ${surprises.length - 1} more)` : '';
  await end(store, clock, replay, { state: 'stopped', note: `ended otherwise than the mapping said: ${first}${more}` });
}

async function finish({ store, clock }: Deps, replay: ReplayRow): Promise<void> {
  await end(store, clock, replay, { state: 'done', note: '', ended_at: clock.now() });
}

async function end(store: Store, clock: Clock, replay: ReplayRow, news: Partial<ReplayRow> & { state: string }): Promise<void> {
  await store.transaction(async (transaction) => {
    const { numUpdatedRows } = await transaction
      .updateTable('replay')
      .set({ ...news, changed_at: clock.now() })
      .where('id', '=', replay.id)
      .where('state', '=', 'running')
      .executeTakeFirst();
    if (numUpdatedRows === 0n) return;
    const data = { steps: replay.steps, note: news.note };
    const event = { subjectId: replay.id, tenantId: replay.tenant_id, at: clock.now(), actor: 'engine', data };
    await addEvent(transaction, { ...event, kind: `replay ${news.state}` });
  });
}

async function note({ store }: Deps, replay: ReplayRow, text: string): Promise<void> {
  if (replay.note === text) return;
  await store.db.updateTable('replay').set({ note: text }).where('id', '=', replay.id).where('state', '=', 'running').execute();
}
