import { skipRecord } from './begin-posting.ts';
import { checkChain } from './events.ts';
import { intake } from './intake.ts';
import { dueRecords } from './queue.ts';
import { listRuns } from './runs.ts';
import { countRecords, recordStory } from './search.ts';
import { type PostOutcome, settlePosting } from './settle-posting.ts';
import { flowRef, recordOf, takeIn } from './testing/ledger-bench.ts';
import { busy, onEachLedger } from './testing/on-each-ledger.ts';

onEachLedger((ledger) => {
  const { clock } = ledger;

  test('counts what is unchanged, makes a new version of what changed, and moves the cursor with them', async () => {
    expect(await takeIn(ledger.store, clock, { a: 'Müller', b: 'Schmidt' }, { cursor: { upTo: 'b' } })).toEqual({
      read: 2,
      new: 2,
      unchanged: 0,
      superseded: 0,
    });
    await ledger.post('a');
    expect(await takeIn(ledger.store, clock, { a: 'Müller', b: 'Schmitt' })).toEqual({ read: 2, new: 1, unchanged: 1, superseded: 1 });
    expect(await recordOf(ledger.store, 'b')).toMatchObject({ version: 2, state: 'pending', label: 'Schmitt' });
    const flow = await ledger.store.db.selectFrom('integration_flow').select('cursor_json').executeTakeFirst();
    expect(flow?.cursor_json).toBe('{"upTo":"b"}');
    expect(await listRuns(ledger.store, { tenantId: 'ten_1' })).toMatchObject([
      { read_count: 2, new_count: 1 },
      { read_count: 2, new_count: 2 },
    ]);
  });

  test('a NUL character of the source is visible in key and label, and the payload keeps it', async () => {
    expect(await takeIn(ledger.store, clock, { 'a\0b': 'Müller\0 AG', c: 'Schmidt' })).toMatchObject({ new: 2 });
    expect(await takeIn(ledger.store, clock, { 'a\0b': 'Müller\0 AG' })).toMatchObject({ new: 0, unchanged: 1 });
    const record = await recordOf(ledger.store, 'a\uFFFDb');
    expect(record).toMatchObject({ label: 'Müller\uFFFD AG', payload_json: '{"name":"Müller\\u0000 AG"}' });
    const story = await recordStory(ledger.store, 'ten_1', record.id);
    expect(story?.events[0]?.data_json).toContain('NUL character');
    expect(checkChain(story?.events ?? [])).toBeUndefined();
  });

  test('the same content in another order of fields is unchanged', async () => {
    const run = { flow: flowRef, runId: '', kind: 'master' as const, mappingVersion: 'm1' };
    const record = (payload: unknown) => ({ ...run, records: [{ key: 'a', label: 'a', payload }] });
    await takeIn(ledger.store, clock, {});
    run.runId = (await listRuns(ledger.store, { tenantId: 'ten_1' }))[0]?.id ?? '';
    await intake(ledger.store, clock, record({ name: 'x', city: 'y' }));
    expect(await intake(ledger.store, clock, record({ city: 'y', name: 'x' }))).toMatchObject({ new: 0, unchanged: 1 });
  });

  test('one record that cannot be stored keeps the whole batch and its cursor out', async () => {
    const broken = { a: 'Müller', b: null as unknown as string };
    await expect(takeIn(ledger.store, clock, broken, { cursor: 7 })).rejects.toThrow(/not.null/i);
    expect(await countRecords(ledger.store, { tenantId: 'ten_1' })).toEqual({});
    const flow = await ledger.store.db.selectFrom('integration_flow').select('cursor_json').executeTakeFirst();
    expect(flow?.cursor_json).toBeNull();
  });

  test.each([
    ['failed', true],
    ['blocked', true],
    ['uncertain', false],
  ] as const)('master data that is %s is superseded: %s', async (state, isSuperseded) => {
    await takeIn(ledger.store, clock, { a: 'old' });
    const outcome = state === 'blocked' ? { state, error: busy } : { state, error: busy, nextAttemptAt: 0 };
    await settlePosting(ledger.store, clock, await ledger.begin('a'), outcome);
    const old = await recordOf(ledger.store, 'a');
    await takeIn(ledger.store, clock, { a: 'new' });
    const fresh = await recordOf(ledger.store, 'a');
    const now = await ledger.store.db.selectFrom('record').selectAll().where('id', '=', old.id).executeTakeFirst();
    expect(now).toMatchObject(isSuperseded ? { state: 'skipped', superseded_by: fresh.id } : { state, superseded_by: null });
  });

  test.each<PostOutcome>([
    { state: 'failed', error: busy, nextAttemptAt: 0 },
    { state: 'blocked', error: busy },
    { state: 'pending', error: busy },
  ])('master data read while an older version was being sent does not wait behind it: $state', async (outcome) => {
    await takeIn(ledger.store, clock, { a: 'old' });
    const old = await ledger.begin('a');
    await takeIn(ledger.store, clock, { a: 'new' });
    const fresh = await recordOf(ledger.store, 'a');
    await settlePosting(ledger.store, clock, { ...old, kind: 'master' }, outcome);
    const now = await ledger.store.db.selectFrom('record').selectAll().where('id', '=', old.record.id).executeTakeFirst();
    expect(now).toMatchObject({ state: 'skipped', superseded_by: fresh.id, next_attempt_at: null });
    expect((await dueRecords(ledger.store, flowRef, clock.now(), 10)).map(({ id }) => id)).toEqual([fresh.id]);
  });

  test('documents are never superseded', async () => {
    await takeIn(ledger.store, clock, { a: 'old' }, { kind: 'document' });
    expect(await takeIn(ledger.store, clock, { a: 'new' }, { kind: 'document' })).toMatchObject({ new: 1, superseded: 0 });
    expect(await countRecords(ledger.store, { tenantId: 'ten_1' })).toEqual({ pending: 2 });
  });

  test('what a filter skipped is taken again under another mapping only', async () => {
    await takeIn(ledger.store, clock, { a: 'one-time' });
    await skipRecord(ledger.store, clock, await recordOf(ledger.store, 'a'), { version: 'm1', reason: 'one-time vendor' });
    expect(await takeIn(ledger.store, clock, { a: 'one-time' })).toMatchObject({ unchanged: 1 });
    expect(await takeIn(ledger.store, clock, { a: 'one-time' }, { mappingVersion: 'm2' })).toMatchObject({ new: 1 });
  });
});
