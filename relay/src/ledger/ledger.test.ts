import type { WireError } from '@ml-connector/shared';
import type { EventRow, Store } from '../store/index.ts';
import { databaseKinds, openTestDatabase, type TestDatabase } from '../store/testing/index.ts';
import { haltConnection, resumeConnection } from './connections.ts';
import { checkChain } from './events.ts';
import { intake } from './intake.ts';
import { holdConnections } from './leases.ts';
import { ownerOf, removeLink } from './links.ts';
import { startNode } from './nodes.ts';
import { earlierErrors } from './attempts.ts';
import { beginPosting, blockRecord, skipRecord } from './begin-posting.ts';
import { settlePosting, type PostOutcome } from './settle-posting.ts';
import { dueRecords, nextDueAt, releaseDue } from './queue.ts';
import { recoverInterrupted } from './recovery.ts';
import { replayRecords } from './replay.ts';
import { requestRun, waitingRequests } from './run-requests.ts';
import { listRuns, outcomesOfRun, startRun } from './runs.ts';
import { countRecords, recordStory, searchRecords } from './search.ts';
import { move, nextStates } from './states.ts';
import { flowRef, openLedgerStore, recordOf, takeIn, tickingClock } from './testing/ledger-bench.ts';

describe.each(databaseKinds)('on %s', (kind) => {
  const clock = tickingClock();
  const body = { Name: 'Größe AG' };
  let database: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    database = await openTestDatabase(kind);
  });
  afterAll(async () => database[Symbol.asyncDispose]());
  beforeEach(async () => {
    store = await openLedgerStore(clock, kind === 'SQLite' ? undefined : database.settings);
  });
  afterEach(async () => {
    await store[Symbol.asyncDispose]();
    await database.clear();
  });

  const busy: WireError = { code: 'BUSY', verdict: 'retry', message: 'try later' };

  async function begin(key: string) {
    const record = await recordOf(store, key);
    const attempt = await beginPosting(store, clock, record, { mappingVersion: 'm1', body, notes: [] });
    if (!attempt) throw new Error(`${key} was not pending`);
    return { record, attempt };
  }

  async function post(key: string, targetId = `target-${key}`): Promise<void> {
    await settlePosting(store, clock, await begin(key), {
      state: 'succeeded',
      result: { targetId, targetLabel: 'Größe AG', action: 'created' },
    });
  }

  describe('intake', () => {
    test('counts what is unchanged, makes a new version of what changed, and moves the cursor with them', async () => {
      expect(await takeIn(store, clock, { a: 'Müller', b: 'Schmidt' }, { cursor: { upTo: 'b' } })).toEqual({
        read: 2,
        new: 2,
        unchanged: 0,
        superseded: 0,
      });
      await post('a');
      expect(await takeIn(store, clock, { a: 'Müller', b: 'Schmitt' })).toEqual({ read: 2, new: 1, unchanged: 1, superseded: 1 });
      expect(await recordOf(store, 'b')).toMatchObject({ version: 2, state: 'pending', label: 'Schmitt' });
      const flow = await store.db.selectFrom('integration_flow').select('cursor_json').executeTakeFirst();
      expect(flow?.cursor_json).toBe('{"upTo":"b"}');
      expect(await listRuns(store, { tenantId: 'ten_1' })).toMatchObject([
        { read_count: 2, new_count: 1 },
        { read_count: 2, new_count: 2 },
      ]);
    });

    test('a NUL character of the source is visible in key and label, and the payload keeps it', async () => {
      expect(await takeIn(store, clock, { 'a\0b': 'Müller\0 AG', c: 'Schmidt' })).toMatchObject({ new: 2 });
      expect(await takeIn(store, clock, { 'a\0b': 'Müller\0 AG' })).toMatchObject({ new: 0, unchanged: 1 });
      const record = await recordOf(store, 'a\uFFFDb');
      expect(record).toMatchObject({ label: 'Müller\uFFFD AG', payload_json: '{"name":"Müller\\u0000 AG"}' });
      const story = await recordStory(store, 'ten_1', record.id);
      expect(story?.events[0]?.data_json).toContain('NUL character');
      expect(checkChain(story?.events ?? [])).toBeUndefined();
    });

    test('the same content in another order of fields is unchanged', async () => {
      const run = { flow: flowRef, runId: '', kind: 'master' as const, mappingVersion: 'm1' };
      const record = (payload: unknown) => ({ ...run, records: [{ key: 'a', label: 'a', payload }] });
      await takeIn(store, clock, {});
      run.runId = (await listRuns(store, { tenantId: 'ten_1' }))[0]?.id ?? '';
      await intake(store, clock, record({ name: 'x', city: 'y' }));
      expect(await intake(store, clock, record({ city: 'y', name: 'x' }))).toMatchObject({ new: 0, unchanged: 1 });
    });

    test('one record that cannot be stored keeps the whole batch and its cursor out', async () => {
      const broken = { a: 'Müller', b: null as unknown as string };
      await expect(takeIn(store, clock, broken, { cursor: 7 })).rejects.toThrow(/not.null/i);
      expect(await countRecords(store, { tenantId: 'ten_1' })).toEqual({});
      const flow = await store.db.selectFrom('integration_flow').select('cursor_json').executeTakeFirst();
      expect(flow?.cursor_json).toBeNull();
    });

    test.each([
      ['failed', true],
      ['blocked', true],
      ['uncertain', false],
    ] as const)('master data that is %s is superseded: %s', async (state, isSuperseded) => {
      await takeIn(store, clock, { a: 'old' });
      const outcome = state === 'blocked' ? { state, error: busy } : { state, error: busy, nextAttemptAt: 0 };
      await settlePosting(store, clock, await begin('a'), outcome);
      const old = await recordOf(store, 'a');
      await takeIn(store, clock, { a: 'new' });
      const fresh = await recordOf(store, 'a');
      const now = await store.db.selectFrom('record').selectAll().where('id', '=', old.id).executeTakeFirst();
      expect(now).toMatchObject(isSuperseded ? { state: 'skipped', superseded_by: fresh.id } : { state, superseded_by: null });
    });

    test.each<PostOutcome>([
      { state: 'failed', error: busy, nextAttemptAt: 0 },
      { state: 'blocked', error: busy },
      { state: 'pending', error: busy },
    ])('master data read while an older version was being sent does not wait behind it: $state', async (outcome) => {
      await takeIn(store, clock, { a: 'old' });
      const old = await begin('a');
      await takeIn(store, clock, { a: 'new' });
      const fresh = await recordOf(store, 'a');
      await settlePosting(store, clock, { ...old, kind: 'master' }, outcome);
      const now = await store.db.selectFrom('record').selectAll().where('id', '=', old.record.id).executeTakeFirst();
      expect(now).toMatchObject({ state: 'skipped', superseded_by: fresh.id, next_attempt_at: null });
      expect((await dueRecords(store, flowRef, clock.now(), 10)).map(({ id }) => id)).toEqual([fresh.id]);
    });

    test('documents are never superseded', async () => {
      await takeIn(store, clock, { a: 'old' }, { kind: 'document' });
      expect(await takeIn(store, clock, { a: 'new' }, { kind: 'document' })).toMatchObject({ new: 1, superseded: 0 });
      expect(await countRecords(store, { tenantId: 'ten_1' })).toEqual({ pending: 2 });
    });

    test('what a filter skipped is taken again under another mapping only', async () => {
      await takeIn(store, clock, { a: 'one-time' });
      await skipRecord(store, clock, await recordOf(store, 'a'), { version: 'm1', reason: 'one-time vendor' });
      expect(await takeIn(store, clock, { a: 'one-time' })).toMatchObject({ unchanged: 1 });
      expect(await takeIn(store, clock, { a: 'one-time' }, { mappingVersion: 'm2' })).toMatchObject({ new: 1 });
    });
  });

  describe('runs', () => {
    const flow = () => store.db.selectFrom('integration_flow').selectAll().executeTakeFirstOrThrow();

    test('what a person asks for while a scheduled run begins is not taken for done', async () => {
      const request = await requestRun(store, clock, { flow: flowRef, mode: 'full', actor: 'user:eva' });
      await startRun(store, clock, { flow: flowRef, mode: 'changes', trigger: 'schedule' });
      expect(await waitingRequests(store)).toMatchObject([{ id: request.id }]);
      await startRun(store, clock, { flow: flowRef, mode: 'full', trigger: 'manual', request });
      expect(await waitingRequests(store)).toEqual([]);
    });

    test('a sweep that was cut off by the end of the relay is still due', async () => {
      await startRun(store, clock, { flow: flowRef, mode: 'sweep', trigger: 'manual' });
      await store.db.updateTable('integration_flow').set({ next_sweep_at: Number.MAX_SAFE_INTEGER }).execute();
      await recoverInterrupted(store, clock);
      expect((await flow()).next_sweep_at).toBeLessThanOrEqual(clock.now());
    });
  });

  test('a link is removed by a person only while nothing of its key is under way, and the story says so', async () => {
    await takeIn(store, clock, { a: '1' });
    const unlink = async () =>
      removeLink(store, clock, { tenantId: 'ten_1', recordId: (await recordOf(store, 'a')).id, actor: 'user:eva' });
    expect(await unlink()).toBe('none');
    await post('a');
    await takeIn(store, clock, { a: '2' });
    const next = await begin('a');
    expect(await unlink()).toBe('in use');
    await settlePosting(store, clock, next, { state: 'blocked', error: busy });
    expect(await removeLink(store, clock, { tenantId: 'ten_2', recordId: next.record.id, actor: 'user:eva' })).toBe('none');
    expect(await unlink()).toBe('removed');
    expect(await ownerOf(store, flowRef, 'target-a')).toBeUndefined();
    const story = await recordStory(store, 'ten_1', next.record.id);
    expect(story?.events.at(-1)).toMatchObject({ kind: 'link removed', actor: 'user:eva', data_json: expect.stringContaining('target-a') });
    expect(checkChain(story?.events ?? [])).toBeUndefined();
  });

  describe('queue', () => {
    test('hands out in key order, of each key the oldest unfinished only', async () => {
      await takeIn(store, clock, { b: '1', a: '1', c: '1' }, { kind: 'document' });
      await takeIn(store, clock, { a: '2' }, { kind: 'document' });
      const due = async () => (await dueRecords(store, flowRef, clock.now(), 10)).map(({ key, version }) => `${key}${version}`);
      expect(await due()).toEqual(['a1', 'b1', 'c1']);
      const [first] = await dueRecords(store, flowRef, clock.now(), 1);
      await beginPosting(store, clock, first as never, { mappingVersion: 'm1', body, notes: [] });
      expect(await due()).toEqual(['b1', 'c1']);
    });

    const onSqlite = kind === 'SQLite' ? test : test.skip;
    onSqlite('uses the partial indexes, so that finished records cost nothing', async () => {
      const plan = await store.commit(function* (sql) {
        return yield* sql.all<{ detail: string }>(
          `explain query plan select * from record as one where one.integration_id = ? and one.flow_id = ? and one.state = 'pending'
           and (one.next_attempt_at is null or one.next_attempt_at <= ?) and not exists (select older.id from record as older
             where older.integration_id = one.integration_id and older.flow_id = one.flow_id and older.key = one.key
             and older.version < one.version and older.state not in ('succeeded', 'skipped')) order by one.key, one.version limit 10`,
          'int_1',
          'vendors',
          0,
        );
      });
      const steps = plan.map(({ detail }) => detail).join('\n');
      expect(steps).toMatch(/one USING INDEX record_pending/);
      expect(steps).toMatch(/older USING INDEX sqlite_autoindex_record_2 \(integration_id=\? AND flow_id=\? AND key=\? AND version<\?\)/);
      expect(steps).not.toMatch(/TEMP B-TREE/);
    });

    test('two who begin the same record: one gets it', async () => {
      await takeIn(store, clock, { a: '1' });
      const record = await recordOf(store, 'a');
      const mapped = { mappingVersion: 'm1', body, notes: [] };
      const begun = await Promise.all([beginPosting(store, clock, record, mapped), beginPosting(store, clock, record, mapped)]);
      expect(begun.filter((attempt) => attempt !== undefined)).toHaveLength(1);
    });

    test('a failed record comes back when its time has come, not before', async () => {
      await takeIn(store, clock, { a: '1' });
      const at = clock.now() + 1000;
      await settlePosting(store, clock, await begin('a'), { state: 'failed', error: busy, nextAttemptAt: at });
      expect(await nextDueAt(store)).toBe(at);
      expect(await releaseDue(store, at - 1)).toBe(0);
      expect(await releaseDue(store, at)).toBe(1);
      expect(await recordOf(store, 'a')).toMatchObject({ state: 'pending', next_attempt_at: null, attempts: 1 });
    });
  });

  describe('states', () => {
    test('a move that is not from the present state changes nothing', async () => {
      await takeIn(store, clock, { a: '1' });
      const { id } = await recordOf(store, 'a');
      expect(await move(store.db, clock, { id }, 'failed', 'pending')).toBe(false);
      expect(await move(store.db, clock, { id }, 'pending', 'waiting')).toBe(true);
      expect(await recordOf(store, 'a')).toMatchObject({ state: 'waiting' });
    });

    test('nothing leaves a finished record', () => {
      expect([nextStates.succeeded, nextStates.skipped]).toEqual([[], []]);
    });

    test('a record is not blocked by a mapping that was changed since', async () => {
      await takeIn(store, clock, { a: '1' });
      const reasons = [{ code: 'VALUE_MAP_MISSING', message: 'no term', missing: { valueMapId: 'terms', code: 'Z030' } }];
      const record = await recordOf(store, 'a');
      expect(await blockRecord(store, clock, record, { version: 'm1', stamp: -1, reasons })).toBe(false);
      expect(await recordOf(store, 'a')).toMatchObject({ state: 'pending' });
      expect(await blockRecord(store, clock, record, { version: 'm1', stamp: 0, reasons })).toBe(true);
      expect(await store.db.selectFrom('missing_entry').selectAll().execute()).toMatchObject([{ code: 'Z030', record_id: record.id }]);
    });

    test('nothing is begun with a session of a connection that was changed since', async () => {
      await takeIn(store, clock, { a: '1' });
      const record = await recordOf(store, 'a');
      const mapped = { mappingVersion: 'm1', body, notes: [] };
      const [source, target] = [
        { id: 'con_1', version: 1 },
        { id: 'con_2', version: 1 },
      ];
      await store.db.updateTable('connection').set({ version: 2 }).where('id', '=', 'con_2').execute();
      expect(await beginPosting(store, clock, record, { ...mapped, connections: [source, target] })).toBeUndefined();
      expect(await recordOf(store, 'a')).toMatchObject({ state: 'pending', attempts: 0 });
      const changed = { ...target, version: 2 };
      expect(await beginPosting(store, clock, record, { ...mapped, connections: [source, changed] })).toMatchObject({ number: 1 });
    });

    test('nothing is begun towards a target that was found not to work meanwhile; what a halted source gave before goes out', async () => {
      await takeIn(store, clock, { a: '1' });
      const record = await recordOf(store, 'a');
      const connections = await store.db.selectFrom('connection').selectAll().orderBy('id').execute();
      const { node } = await startNode(store, clock, { name: 'a', isAlone: true });
      const holder = { nodeId: node.id, connectionId: 'con_2' };
      await holdConnections(store, clock, { nodeId: node.id, connectionIds: ['con_2'] });
      const beginning = () => beginPosting(store, clock, record, { mappingVersion: 'm1', body, notes: [], holder, connections });
      for (const connection of connections) await haltConnection(store, clock, connection, { ...busy, verdict: 'halt' });
      expect(await beginning()).toBeUndefined();
      expect(await recordOf(store, 'a')).toMatchObject({ state: 'pending', attempts: 0 });
      await resumeConnection(store, clock, 'con_2', 'user:eva');
      expect(await beginning()).toMatchObject({ number: 1 });
    });
  });

  describe('audit trail', () => {
    test('the calls of an attempt stand before its outcome, and once where the outcome is said again', async () => {
      await takeIn(store, clock, { a: '1' });
      const begun = { ...(await begin('a')), calls: [{ at: 5, ms: 2, what: 'POST supplier' }] };
      const outcome: PostOutcome = { state: 'succeeded', result: { targetId: 't', targetLabel: 'T', action: 'created' } };
      await settlePosting(store, clock, begun, outcome);
      await settlePosting(store, clock, begun, outcome);
      const events = await store.db.selectFrom('event').selectAll().where('subject_id', '=', begun.record.id).orderBy('seq').execute();
      expect(events.map(({ kind }) => kind)).toEqual(['received', 'posting', 'call', 'succeeded']);
      expect(events[2]).toMatchObject({ at: 7, data_json: '{"at":5,"ms":2,"what":"POST supplier"}' });
      expect(checkChain(events)).toBeUndefined();
    });

    const damages: [string, (events: EventRow[]) => EventRow[], string][] = [
      ['edited', (events) => events.with(1, { ...(events[1] as EventRow), data_json: '{}' }), '2 edited'],
      ['removed', (events) => events.toSpliced(1, 1), '3 removed before'],
      ['removed and renumbered', (events) => events.toSpliced(1, 1).map((event, place) => ({ ...event, seq: place + 1 })), '2 not linked'],
      ['inserted', (events) => events.toSpliced(1, 0, { ...(events[0] as EventRow), seq: 2 }), '2 not linked'],
    ];
    test.each(damages)('an event that was %s is found and named', async (_what, damage, fault) => {
      await takeIn(store, clock, { a: '1' });
      await post('a');
      const events = await store.db
        .selectFrom('event')
        .selectAll()
        .where('subject_id', '=', (await recordOf(store, 'a')).id)
        .orderBy('seq')
        .execute();
      expect(checkChain(events)).toBeUndefined();
      const found = checkChain(damage(events));
      expect(`${found?.seq} ${found?.fault}`).toBe(fault);
    });

    test('the errors of earlier attempts are told, oldest first, and none of the present one', async () => {
      await takeIn(store, clock, { a: '1' });
      const { id } = await recordOf(store, 'a');
      for (const code of ['REFUSED', 'BUSY']) {
        const { record, attempt } = await begin('a');
        await settlePosting(store, clock, { record, attempt }, { state: 'blocked', error: { ...busy, code, facts: { journals: ['a'] } } });
        await replayRecords(store, clock, { tenantId: 'ten_1', recordIds: [id] }, 'user:eva');
      }
      const { attempt } = await begin('a');
      const facts = { journals: ['a'] };
      expect(await earlierErrors(store, id, attempt.number)).toMatchObject([
        { code: 'REFUSED', facts },
        { code: 'BUSY', facts },
      ]);
      expect(await earlierErrors(store, id, 2)).toMatchObject([{ code: 'REFUSED' }]);
    });

    test('a huge answer is cut and says so', async () => {
      await takeIn(store, clock, { a: '1' });
      const { record, attempt } = await begin('a');
      const message = 'x'.repeat(200_000);
      await settlePosting(store, clock, { record, attempt }, { state: 'blocked', error: { ...busy, message } });
      const story = await recordStory(store, 'ten_1', record.id);
      expect(JSON.parse(story?.events.at(-1)?.data_json ?? '')).toMatchObject({ cut: true, length: expect.any(Number) });
      expect(checkChain(story?.events ?? [])).toBeUndefined();
    });
  });

  describe('search', () => {
    beforeEach(async () => {
      await takeIn(store, clock, { '0000100123': 'GRÖSSE & SÖHNE 100% AG', '0000100124': "O'Brien Ltd" });
      await post('0000100123', '7f1d-guid');
    });

    test.each([
      ['key without zeros', '100123'],
      ['key', '0000100123'],
      ['target id', '7f1d-guid'],
      ['part of the label', 'söhne'],
      ['a percent sign is a percent sign', '100%'],
    ])('by %s', async (_what, text) => {
      const { records } = await searchRecords(store, { tenantId: 'ten_1', text });
      expect(records.map(({ key }) => key)).toEqual(['0000100123']);
    });

    test('finds nothing of another tenant', async () => {
      expect(await searchRecords(store, { tenantId: 'ten_2', text: '100123' })).toEqual({ records: [], next: null });
      expect(await recordStory(store, 'ten_2', (await recordOf(store, '0000100123')).id)).toBeUndefined();
    });

    test('pages newest first to the end', async () => {
      const first = await searchRecords(store, { tenantId: 'ten_1' }, { limit: 1 });
      const second = await searchRecords(store, { tenantId: 'ten_1' }, { limit: 1, before: first.next ?? '' });
      expect([...first.records, ...second.records].map(({ state }) => state).sort()).toEqual(['pending', 'succeeded']);
      expect(second.next).toBeNull();
    });

    test('counts by state and by run', async () => {
      expect(await countRecords(store, { tenantId: 'ten_1' })).toEqual({ pending: 1, succeeded: 1 });
      const [run] = await listRuns(store, { tenantId: 'ten_1' });
      expect(await outcomesOfRun(store, run?.id ?? '')).toEqual({ pending: 1, succeeded: 1 });
    });
  });

  describe('replay', () => {
    const replay = (...recordIds: string[]) => replayRecords(store, clock, { tenantId: 'ten_1', recordIds }, 'user:eva');

    test('of an old version sends the newest payload, linked to what it repeats', async () => {
      await takeIn(store, clock, { a: 'first' });
      await post('a');
      const old = await recordOf(store, 'a');
      await takeIn(store, clock, { a: 'second' });
      await post('a');
      const newest = await recordOf(store, 'a');
      const { created } = await replay(old.id);
      expect(await recordOf(store, 'a')).toMatchObject({
        id: created[0],
        version: 3,
        payload_json: '{"name":"second"}',
        replay_of: newest.id,
      });
      expect((await listRuns(store, { tenantId: 'ten_1' }))[0]).toMatchObject({ mode: 'replay', new_count: 1, state: 'succeeded' });
    });

    test('pressed twice makes one new version', async () => {
      await takeIn(store, clock, { a: 'first' });
      await post('a');
      const { id } = await recordOf(store, 'a');
      expect(await replay(id)).toMatchObject({ created: [expect.any(String)] });
      expect(await replay(id)).toMatchObject({ created: [], untouched: [expect.any(String)] });
    });

    test('leaves alone what is being sent or looked up', async () => {
      await takeIn(store, clock, { a: '1', b: '1' });
      await begin('a');
      await settlePosting(store, clock, await begin('b'), { state: 'uncertain', error: busy, nextAttemptAt: 0 });
      const ids = [(await recordOf(store, 'a')).id, (await recordOf(store, 'b')).id];
      expect((await replay(...ids)).untouched.sort()).toEqual(ids.sort());
    });

    test('by filter takes every page and nothing of its own making', async () => {
      const vendors = Object.fromEntries(Array.from({ length: 1200 }, (_, number) => [`k${number}`, 'x']));
      await takeIn(store, clock, vendors);
      await store.db.updateTable('record').set({ state: 'succeeded' }).execute();
      const { created } = await replayRecords(store, clock, { filter: { tenantId: 'ten_1' } }, 'user:eva');
      expect(created).toHaveLength(1200);
    });
  });

  test('a target object belongs to one key', async () => {
    await takeIn(store, clock, { a: '1', b: '1' });
    await post('a', 'same');
    await post('b', 'same');
    expect(await recordOf(store, 'b')).toMatchObject({ state: 'blocked', reason_json: expect.stringContaining('TARGET_TAKEN') });
    expect(await ownerOf(store, flowRef, 'same')).toBe('a');
  });

  test.each([
    ['another SAP system, where the same number is another vendor', 'con_3', 'a of integration Other'],
    ['the same SAP system: it is the same vendor', 'con_1', 'a'],
  ])('a target object linked by an integration from %s', async (_what, source, owner) => {
    await takeIn(store, clock, { a: '1' });
    await post('a', 'shared');
    const { db } = store;
    const sap = await db.selectFrom('connection').selectAll().where('id', '=', 'con_1').executeTakeFirstOrThrow();
    await db
      .insertInto('connection')
      .values({ ...sap, id: 'con_3', name: 'SAP of the sister company' })
      .execute();
    const integration = await db.selectFrom('integration').selectAll().executeTakeFirstOrThrow();
    await db.updateTable('integration').set({ name: 'Other' }).execute();
    await db
      .insertInto('integration')
      .values({ ...integration, id: 'int_2', name: 'Sister company', source_connection_id: source })
      .execute();
    expect(await ownerOf(store, { ...flowRef, integrationId: 'int_2' }, 'shared')).toBe(owner);
  });
});
