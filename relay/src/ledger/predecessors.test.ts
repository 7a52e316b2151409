import type { RecordRow, Store } from '../store/index.ts';
import { databaseKinds, openTestDatabase, type TestDatabase } from '../store/testing/index.ts';
import { skipRecords } from './decisions.ts';
import { checkChain } from './events.ts';
import { beginPosting } from './begin-posting.ts';
import { settlePosting } from './settle-posting.ts';
import { waitForPredecessors } from './predecessors.ts';
import { flowRef, openLedgerStore, recordOf, takeIn, tickingClock } from './testing/ledger-bench.ts';
import { holdRecord, lockFlows, wakeHeld } from './waiting.ts';

const clock = tickingClock();
const named = (...keys: string[]) => keys.map((key) => ({ flowId: flowRef.flowId, key }));
const farAway = 9_000_000_000_000;
const eva = { actor: 'user:eva', reason: 'entered by hand' };

describe.each(databaseKinds)('on %s', (kind) => {
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
    store = await openLedgerStore(clock, kind === 'SQLite' ? undefined : database.settings);
  });
  afterAll(async () => {
    await store[Symbol.asyncDispose]();
    await database[Symbol.asyncDispose]();
  });

  let group = 0;
  /** Documents of their own, by the last part of their keys. */
  async function documents(...names: string[]): Promise<RecordRow[]> {
    const prefix = `${++group}-`;
    await takeIn(store, clock, Object.fromEntries(names.map((name) => [prefix + name, name])), { kind: 'document' });
    return Promise.all(names.map((name) => recordOf(store, prefix + name)));
  }

  async function post(record: RecordRow): Promise<void> {
    const attempt = await beginPosting(store, clock, record, { mappingVersion: 'm1', body: {}, notes: [] });
    if (!attempt) throw new Error(`${record.key} was not pending`);
    const result = { targetId: `${record.flow_id}-${record.key}`, targetLabel: record.label, action: 'created' };
    await settlePosting(store, clock, { record, attempt }, { state: 'succeeded', result });
  }

  /** The target does not take it before the record of that key. */
  async function tryInVain(record: RecordRow, key: string): Promise<void> {
    const attempt = await beginPosting(store, clock, record, { mappingVersion: 'm1', body: {}, notes: [] });
    if (!attempt) throw new Error(`${record.key} was not pending`);
    const error = { code: 'ORDER_NOT_IN_SAP', verdict: 'retry' as const, message: 'waits for its order' };
    const until = { flowId: record.flow_id, key };
    await settlePosting(store, clock, { record, attempt }, { state: 'waiting', error, nextAttemptAt: farAway, until });
  }

  const newestOf = (flowId: string, key: string): Promise<RecordRow> =>
    store.db.selectFrom('record').selectAll().where('flow_id', '=', flowId).where('key', '=', key).executeTakeFirstOrThrow();

  const stateOf = async ({ key }: RecordRow): Promise<string> => (await recordOf(store, key)).state;

  test('a key that is finished or was never read holds nothing up', async () => {
    const [first, second] = await documents('first', 'second');
    if (!first || !second) throw new Error('nothing was read');
    await post(first);
    expect(await waitForPredecessors(store, clock, second, named(first.key, 'never read'))).toBe(true);
    expect(await stateOf(second)).toBe('pending');
  });

  test('what waits for two keys goes when the last of them is through, in that transaction', async () => {
    const [first, second, last] = await documents('first', 'second', 'last');
    if (!first || !second || !last) throw new Error('nothing was read');
    expect(await waitForPredecessors(store, clock, last, named(first.key, second.key))).toBe(false);
    expect((await recordOf(store, last.key)).reason_json).toContain(`waits for ${second.key} second, which is pending`);
    await post(first);
    expect(await stateOf(last)).toBe('waiting');
    await skipRecords(store, clock, { tenantId: 'ten_1', recordIds: [second.id] }, eva);
    expect(await stateOf(last)).toBe('pending');
    const events = await store.db.selectFrom('event').selectAll().where('subject_id', '=', last.id).orderBy('seq').execute();
    expect(events.map((event) => event.kind)).toEqual(['received', 'waiting', 'woken']);
    expect(checkChain(events)).toBeUndefined();
  });

  test('a key with a newer version is through when that version is', async () => {
    const [first, second] = await documents('first', 'second');
    if (!first || !second) throw new Error('nothing was read');
    await takeIn(store, clock, { [first.key]: 'first, changed' }, { kind: 'document' });
    expect(await waitForPredecessors(store, clock, second, named(first.key))).toBe(false);
    await post(first);
    expect(await stateOf(second)).toBe('waiting');
    await post(await recordOf(store, first.key));
    expect(await stateOf(second)).toBe('pending');
  });

  test('who starts waiting while its predecessor is being finished is never forgotten', async () => {
    for (let round = 0; round < 25; round++) {
      const [first, second, third] = await documents('first', 'second', 'third');
      if (!first || !second || !third) throw new Error('nothing was read');
      const attempt = await beginPosting(store, clock, first, { mappingVersion: 'm1', body: {}, notes: [] });
      if (!attempt) throw new Error('not pending');
      const result = { targetId: `target-${first.key}`, targetLabel: 'first', action: 'created' };
      await Promise.all([
        waitForPredecessors(store, clock, second, named(first.key)),
        settlePosting(store, clock, { record: first, attempt }, { state: 'succeeded', result }),
        waitForPredecessors(store, clock, third, named(first.key)),
      ]);
      expect([await stateOf(second), await stateOf(third)]).toEqual(['pending', 'pending']);
    }
  });

  test('what was tried and waits for a record goes at once when that is through, also when it was read only later', async () => {
    const [waiter] = await documents('waiter');
    if (!waiter) throw new Error('nothing was read');
    const key = `${waiter.key}-later`;
    await tryInVain(waiter, key);
    expect(await recordOf(store, waiter.key)).toMatchObject({ state: 'waiting', next_attempt_at: farAway });
    await takeIn(store, clock, { [key]: 'later' }, { kind: 'document' });
    expect(await stateOf(waiter)).toBe('waiting');
    await post(await recordOf(store, key));
    expect(await stateOf(waiter)).toBe('pending');
  });

  test('what comes through while a record is tried that will wait for it is never forgotten', async () => {
    for (let round = 0; round < 25; round++) {
      const [first, waiter] = await documents('first', 'waiter');
      if (!first || !waiter) throw new Error('nothing was read');
      await Promise.all([post(first), tryInVain(waiter, first.key)]);
      const { state, next_attempt_at: next } = await recordOf(store, waiter.key);
      expect(state === 'pending' || (state === 'waiting' && Number(next) < farAway)).toBe(true);
    }
  });

  test('predecessors that are finished at the same moment release what waited for all of them', async () => {
    for (let round = 0; round < 25; round++) {
      const [first, second, third, last] = await documents('first', 'second', 'third', 'last');
      if (!first || !second || !third || !last) throw new Error('nothing was read');
      await waitForPredecessors(store, clock, last, named(first.key, second.key, third.key));
      const skip = ({ id }: RecordRow) => skipRecords(store, clock, { tenantId: 'ten_1', recordIds: [id] }, eva);
      await Promise.all([post(first), skip(second), post(third)]);
      expect(await stateOf(last)).toBe('pending');
    }
  });

  test('three that start waiting for each other at the same time do not all wait', async () => {
    for (let round = 0; round < 10; round++) {
      const [a, b, c] = await documents('a', 'b', 'c');
      if (!a || !b || !c) throw new Error('nothing was read');
      await Promise.all([
        waitForPredecessors(store, clock, a, named(b.key)),
        waitForPredecessors(store, clock, b, named(c.key)),
        waitForPredecessors(store, clock, c, named(a.key)),
      ]);
      const states = [await stateOf(a), await stateOf(b), await stateOf(c)];
      expect(states.filter((state) => state === 'blocked')).toHaveLength(1);
      expect(states.filter((state) => state === 'waiting')).toHaveLength(2);
    }
  });

  test('a record waits for records of other flows, whose keys may be the same', async () => {
    const key = `${++group}-32`;
    const records: RecordRow[] = [];
    for (const flowId of ['customers', 'addresses', 'orders']) {
      await takeIn(store, clock, { [key]: `${flowId} of O'Brien` }, { kind: 'document', flow: { ...flowRef, flowId } });
      records.push(await newestOf(flowId, key));
    }
    const [customer, address, order] = records as [RecordRow, RecordRow, RecordRow];
    const both = [customer, address].map(({ flow_id: flowId }) => ({ flowId, key }));
    expect(await waitForPredecessors(store, clock, order, both)).toBe(false);
    expect((await newestOf('orders', key)).reason_json).toContain(`waits for ${key} of customers`);
    await post(customer);
    expect((await newestOf('orders', key)).state).toBe('waiting');
    await post(address);
    expect((await newestOf('orders', key)).state).toBe('pending');
  });

  test('records of two flows that wait for each other are blocked, and both are named', async () => {
    const key = `${++group}-7`;
    for (const flowId of ['refunds', 'orders'])
      await takeIn(store, clock, { [key]: flowId }, { kind: 'document', flow: { ...flowRef, flowId } });
    const [refund, order] = [await newestOf('refunds', key), await newestOf('orders', key)];
    expect(await waitForPredecessors(store, clock, refund, [{ flowId: 'orders', key }])).toBe(false);
    expect(await waitForPredecessors(store, clock, order, [{ flowId: 'refunds', key }])).toBe(false);
    const blocked = await newestOf('orders', key);
    expect(blocked.state).toBe('blocked');
    expect(blocked.reason_json).toContain(`waits for itself: ${key} after ${key} of refunds after ${key}`);
  });

  test('what the rules held before they were changed is held no more, whoever came first', async () => {
    const reasons = [{ code: 'BUSINESS_AGE', message: 'too old' }];
    for (let round = 0; round < 10; round++) {
      const [record] = await documents('old');
      if (!record) throw new Error('nothing was read');
      const present = JSON.stringify({ maxAgeDays: round });
      const next = JSON.stringify({ maxAgeDays: round + 1 });
      await store.db.updateTable('integration_flow').set({ posting_json: present }).execute();
      const change = store.transaction(async (transaction) => {
        await lockFlows(transaction, 'ten_1');
        await transaction.updateTable('integration_flow').set({ posting_json: next }).execute();
        await wakeHeld(transaction, clock, { ...flowRef, codes: ['BUSINESS_AGE'], actor: 'user:eva', why: 'changed' });
      });
      const stamp = { postingJson: present, calendars: '' };
      await Promise.all([holdRecord(store, clock, record, { reasons, stamp }), change]);
      expect(await stateOf(record)).toBe('pending');
    }
  });
});
