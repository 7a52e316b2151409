import { listRuns, outcomesOfRun } from './runs.ts';
import { countRecords, recordStory, searchRecords } from './search.ts';
import { recordOf, takeIn } from './testing/ledger-bench.ts';
import { onEachLedger } from './testing/on-each-ledger.ts';

onEachLedger((ledger) => {
  const { clock } = ledger;

  beforeEach(async () => {
    await takeIn(ledger.store, clock, { '0000100123': 'GRÖSSE & SÖHNE 100% AG', '0000100124': "O'Brien Ltd" });
    await ledger.post('0000100123', '7f1d-guid');
  });

  test.each([
    ['key without zeros', '100123'],
    ['key', '0000100123'],
    ['target id', '7f1d-guid'],
    ['part of the label', 'söhne'],
    ['a percent sign is a percent sign', '100%'],
  ])('by %s', async (_what, text) => {
    const { records } = await searchRecords(ledger.store, { tenantId: 'ten_1', text });
    expect(records.map(({ key }) => key)).toEqual(['0000100123']);
  });

  test('finds nothing of another tenant', async () => {
    expect(await searchRecords(ledger.store, { tenantId: 'ten_2', text: '100123' })).toEqual({ records: [], next: null });
    expect(await recordStory(ledger.store, 'ten_2', (await recordOf(ledger.store, '0000100123')).id)).toBeUndefined();
  });

  test('pages newest first to the end', async () => {
    const first = await searchRecords(ledger.store, { tenantId: 'ten_1' }, { limit: 1 });
    const second = await searchRecords(ledger.store, { tenantId: 'ten_1' }, { limit: 1, before: first.next ?? '' });
    expect([...first.records, ...second.records].map(({ state }) => state).sort()).toEqual(['pending', 'succeeded']);
    expect(second.next).toBeNull();
  });

  test('counts by state and by run', async () => {
    expect(await countRecords(ledger.store, { tenantId: 'ten_1' })).toEqual({ pending: 1, succeeded: 1 });
    const [run] = await listRuns(ledger.store, { tenantId: 'ten_1' });
    expect(await outcomesOfRun(ledger.store, run?.id ?? '')).toEqual({ pending: 1, succeeded: 1 });
  });
});
