import type { EventRow } from '../store/index.ts';
import { earlierErrors, lastPosted, sentVersions } from './attempts.ts';
import { checkChain } from './events.ts';
import { replayRecords } from './replay.ts';
import { recordStory } from './search.ts';
import { type PostOutcome, settlePosting } from './settle-posting.ts';
import { flowRef, recordOf, takeIn } from './testing/ledger-bench.ts';
import { busy, onEachLedger } from './testing/on-each-ledger.ts';

onEachLedger((ledger) => {
  const { clock } = ledger;

  test('the calls of an attempt stand before its outcome, and once where the outcome is said again', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const begun = { ...(await ledger.begin('a')), calls: [{ at: 5, ms: 2, what: 'POST supplier' }] };
    const outcome: PostOutcome = { state: 'succeeded', result: { targetId: 't', targetLabel: 'T', action: 'created' } };
    await settlePosting(ledger.store, clock, begun, outcome);
    await settlePosting(ledger.store, clock, begun, outcome);
    const events = await ledger.store.db.selectFrom('event').selectAll().where('subject_id', '=', begun.record.id).orderBy('seq').execute();
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
    await takeIn(ledger.store, clock, { a: '1' });
    await ledger.post('a');
    const events = await ledger.store.db
      .selectFrom('event')
      .selectAll()
      .where('subject_id', '=', (await recordOf(ledger.store, 'a')).id)
      .orderBy('seq')
      .execute();
    expect(checkChain(events)).toBeUndefined();
    const found = checkChain(damage(events));
    expect(`${found?.seq} ${found?.fault}`).toBe(fault);
  });

  test('the errors of earlier attempts are told, oldest first, and none of the present one', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const { id } = await recordOf(ledger.store, 'a');
    for (const code of ['REFUSED', 'BUSY']) {
      const { record, attempt } = await ledger.begin('a');
      await settlePosting(
        ledger.store,
        clock,
        { record, attempt },
        { state: 'blocked', error: { ...busy, code, facts: { journals: ['a'] } } },
      );
      await replayRecords(ledger.store, clock, { tenantId: 'ten_1', recordIds: [id] }, 'user:eva');
    }
    const { attempt } = await ledger.begin('a');
    const facts = { journals: ['a'] };
    expect(await earlierErrors(ledger.store, id, attempt.number)).toMatchObject([
      { code: 'REFUSED', facts },
      { code: 'BUSY', facts },
    ]);
    expect(await earlierErrors(ledger.store, id, 2)).toMatchObject([{ code: 'REFUSED' }]);
  });

  test('what was posted last is told, of all versions or of those before one; what was read and not posted is not', async () => {
    expect(await lastPosted(ledger.store, flowRef, { key: 'a' })).toBeUndefined();
    for (const content of ['1', '2']) {
      await takeIn(ledger.store, clock, { a: content });
      await ledger.post('a');
    }
    await takeIn(ledger.store, clock, { a: '3' });
    const { version } = await recordOf(ledger.store, 'a');
    expect(await lastPosted(ledger.store, flowRef, { key: 'a' })).toEqual({ name: '2' });
    expect(await lastPosted(ledger.store, flowRef, { key: 'a', before: version })).toEqual({ name: '2' });
    expect(await lastPosted(ledger.store, flowRef, { key: 'a', before: 2 })).toEqual({ name: '1' });
  });

  test('of what was sent since the target took a version all is told, with its errors; what was only read is not', async () => {
    const refuse = async (code: string) => {
      const begun = await ledger.begin('a');
      await settlePosting(ledger.store, clock, begun, { state: 'blocked', error: { ...busy, code, verdict: 'refused' } });
    };
    await takeIn(ledger.store, clock, { a: '1' });
    await refuse('FIRST');
    await takeIn(ledger.store, clock, { a: '2' });
    await ledger.post('a');
    await takeIn(ledger.store, clock, { a: '3' });
    await refuse('THIRD');
    await takeIn(ledger.store, clock, { a: '4' });
    await takeIn(ledger.store, clock, { a: '5' });
    const { record } = await ledger.begin('a');
    expect(await sentVersions(ledger.store, flowRef, record)).toEqual([
      { payload: { name: '3' }, readAt: expect.any(Number), errors: [expect.objectContaining({ code: 'THIRD' })] },
      { payload: { name: '5' }, readAt: record.created_at, errors: [] },
    ]);
    expect(await sentVersions(ledger.store, flowRef, { key: 'a', version: 1 })).toHaveLength(1);
    expect(await sentVersions(ledger.store, flowRef, { key: 'b', version: 1 })).toEqual([]);
  });

  test('a huge answer is cut and says so', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const { record, attempt } = await ledger.begin('a');
    const message = 'x'.repeat(200_000);
    await settlePosting(ledger.store, clock, { record, attempt }, { state: 'blocked', error: { ...busy, message } });
    const story = await recordStory(ledger.store, 'ten_1', record.id);
    expect(JSON.parse(story?.events.at(-1)?.data_json ?? '')).toMatchObject({ cut: true, length: expect.any(Number) });
    expect(checkChain(story?.events ?? [])).toBeUndefined();
  });
});
