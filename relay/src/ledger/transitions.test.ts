import { sql } from 'kysely';
import type { RecordRow, Store } from '../store/index.ts';
import { databaseKinds, openTestDatabase, type TestDatabase } from '../store/testing/index.ts';
import { approveRecords, skipRecords } from './decisions.ts';
import { beginPosting, blockRecord, skipRecord } from './begin-posting.ts';
import { settleLookup } from './settle-lookup.ts';
import { settlePosting, type PostOutcome } from './settle-posting.ts';
import { releaseDue } from './queue.ts';
import { replayRecords } from './replay.ts';
import { move, moveNow, nextStates, type RecordState } from './states.ts';
import { flowRef, openLedgerStore, recordOf, takeIn, tickingClock } from './testing/ledger-bench.ts';
import { calendarStamp, holdRecord } from './waiting.ts';

const clock = tickingClock();
let store: Store;
let keys = 0;

const states = Object.keys(nextStates) as RecordState[];
const pairs = states.flatMap((from) => states.map((to): [RecordState, RecordState] => [from, to]));
const allowed = pairs.filter(([from, to]) => (nextStates[from] as readonly string[]).includes(to));
const refused = pairs.filter(([from, to]) => !(nextStates[from] as readonly string[]).includes(to));

/** A record of its own in the given state. */
async function put(state: RecordState): Promise<RecordRow> {
  const key = String(++keys);
  await takeIn(store, clock, { [key]: 'Müller' }, { kind: 'document' });
  const record = await recordOf(store, key);
  await store.db.updateTable('record').set({ state }).where('id', '=', record.id).execute();
  return { ...record, state };
}

async function stateOf({ id }: RecordRow): Promise<RecordState> {
  return (await store.db.selectFrom('record').select('state').where('id', '=', id).executeTakeFirstOrThrow()).state as RecordState;
}

test('every pair of states is either allowed or refused', () => {
  expect(allowed.length + refused.length).toBe(states.length ** 2);
  expect(refused.length).toBeGreaterThan(allowed.length);
});

const error = { code: 'X', message: 'x', verdict: 'retry' as const };
const later = Number.MAX_SAFE_INTEGER;
const resultOf = ({ key }: RecordRow) => ({ targetId: `target-${key}`, targetLabel: 'Müller', action: 'created' });
const reasons = [{ code: 'VALUE_MAP_MISSING', message: 'no entry' }];

/** Every public function that moves a record, and where it leaves one that is in the right state. */
const ways: { from: RecordState; to: RecordState; by: string; go: (record: RecordRow) => Promise<unknown> }[] = [
  { from: 'pending', to: 'posting', by: 'beginPosting', go: begin },
  {
    from: 'pending',
    to: 'skipped',
    by: 'skipRecord',
    go: (record) => skipRecord(store, clock, record, { version: 'm1', reason: 'filtered' }),
  },
  { from: 'pending', to: 'skipped', by: 'skipRecords', go: skipByHand },
  { from: 'pending', to: 'waiting', by: 'holdRecord', go: hold },
  {
    from: 'pending',
    to: 'blocked',
    by: 'blockRecord',
    go: (record) => blockRecord(store, clock, record, { version: 'm1', stamp: 0, reasons }),
  },
  ...(['succeeded', 'failed', 'uncertain', 'blocked', 'waiting'] as const).map((to) => ({
    from: 'posting' as const,
    to,
    by: 'settlePosting',
    go: (record: RecordRow) => settle(record, to),
  })),
  {
    from: 'uncertain',
    to: 'succeeded',
    by: 'settleLookup',
    go: (record) => settleLookup(store, clock, { record, body: {} }, { outcome: 'applied', result: resultOf(record) }),
  },
  {
    from: 'uncertain',
    to: 'pending',
    by: 'settleLookup',
    go: (record) => settleLookup(store, clock, { record, body: {} }, { outcome: 'absent', nextAttemptAt: 0 }),
  },
  { from: 'uncertain', to: 'blocked', by: 'settleLookup of an object of somebody else', go: lookUpTaken },
  { from: 'failed', to: 'pending', by: 'releaseDue', go: release },
  { from: 'failed', to: 'skipped', by: 'skipRecords', go: skipByHand },
  { from: 'waiting', to: 'pending', by: 'releaseDue', go: release },
  { from: 'waiting', to: 'pending', by: 'approveRecords', go: approve },
  { from: 'waiting', to: 'pending', by: 'replayRecords', go: replay },
  { from: 'waiting', to: 'skipped', by: 'skipRecords', go: skipByHand },
  { from: 'blocked', to: 'pending', by: 'replayRecords', go: replay },
  { from: 'blocked', to: 'skipped', by: 'skipRecords', go: skipByHand },
];

test('each allowed transition has a function that makes it', () => {
  const made = new Set(ways.map(({ from, to }) => `${from} -> ${to}`));
  expect([...made].toSorted()).toEqual(allowed.map(([from, to]) => `${from} -> ${to}`).toSorted());
});

describe.each(databaseKinds)('on %s', (kind) => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    store = await openLedgerStore(clock, kind === 'SQLite' ? undefined : database.settings);
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  // The compiler refuses the pairs that are not in the table; the database refuses a record that is elsewhere.
  test.each(allowed)('a record is moved from %s to %s only where it is in the first', async (from, to) => {
    for (const present of states) {
      const [one, another] = [await put(present), await put(present)];
      const moved = await store.transaction((transaction) => move(transaction, clock, one, from, to));
      const movedNow = await store.commit((statements) => moveNow(statements, clock, another, from, to));
      const expected = from === present;
      expect([present, moved, movedNow]).toEqual([present, expected, expected]);
      expect([await stateOf(one), await stateOf(another)]).toEqual(expected ? [to, to] : [present, present]);
    }
  });

  test.each(states)('a record that is %s is taken by no function where it may not go', async (from) => {
    for (const { go } of ways) {
      const record = await put(from);
      await go(record);
      expect([from, ...nextStates[from]]).toContain(await stateOf(record));
    }
  });

  test.each(ways)('$by takes a record from $from to $to', async ({ from, to, go }) => {
    const record = await put(from);
    await go(record);
    expect(await stateOf(record)).toBe(to);
  });
});

async function begin(record: RecordRow): Promise<unknown> {
  return beginPosting(store, clock, record, { mappingVersion: 'm1', body: {}, notes: [] });
}

async function settle(record: RecordRow, state: PostOutcome['state']): Promise<void> {
  const attempt = { attemptId: `att_${record.key}`, number: 1, bodyHash: 'h', link: undefined };
  const row = {
    id: attempt.attemptId,
    record_id: record.id,
    number: 1,
    mapping_version: 'm1',
    body_json: '{}',
    notes_json: '[]',
    started_at: 0,
  };
  await store.db
    .insertInto('attempt')
    .values({ ...row, ended_at: null, outcome: null, error_json: null })
    .execute();
  const outcome = state === 'succeeded' ? { state, result: resultOf(record) } : { state, error, nextAttemptAt: later };
  await settlePosting(store, clock, { record, attempt }, outcome);
}

async function hold(record: RecordRow): Promise<unknown> {
  return holdRecord(store, clock, record, { reasons, stamp: { postingJson: null, calendars: calendarStamp([]) } });
}

async function lookUpTaken(record: RecordRow): Promise<void> {
  const link = {
    integration_id: flowRef.integrationId,
    flow_id: flowRef.flowId,
    key: `owner of ${record.key}`,
    tenant_id: 'ten_1',
    target_id: resultOf(record).targetId,
  };
  const rest = { target_label: 'T1', source_hash: 'h', target_hash: 'h', record_id: record.id, created_at: 0, changed_at: 0 };
  await store.db
    .insertInto('link')
    .values({ ...link, ...rest })
    .execute();
  await settleLookup(store, clock, { record, body: {} }, { outcome: 'applied', result: resultOf(record) });
}

async function release(record: RecordRow): Promise<void> {
  await sql`update record set next_attempt_at = 1 where id = ${record.id}`.execute(store.db);
  await releaseDue(store, clock.now());
}

function skipByHand({ id }: RecordRow): Promise<unknown> {
  return skipRecords(store, clock, { tenantId: 'ten_1', recordIds: [id] }, { actor: 'user:eva', reason: 'entered by hand' });
}

async function approve({ id }: RecordRow): Promise<unknown> {
  const reason_json = JSON.stringify([{ code: 'BUSINESS_AGE', message: 'too old' }]);
  await store.db.updateTable('record').set({ reason_json }).where('id', '=', id).execute();
  return approveRecords(store, clock, { tenantId: 'ten_1', recordIds: [id] }, { actor: 'user:eva', reason: 'checked' });
}

function replay({ id }: RecordRow): Promise<unknown> {
  return replayRecords(store, clock, { tenantId: 'ten_1', recordIds: [id] }, 'user:eva');
}
