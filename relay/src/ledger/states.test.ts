import { move, nextStates } from './states.ts';
import { recordOf, takeIn } from './testing/ledger-bench.ts';
import { onEachLedger } from './testing/on-each-ledger.ts';

onEachLedger((ledger) => {
  const { clock } = ledger;

  test('a move that is not from the present state changes nothing', async () => {
    await takeIn(ledger.store, clock, { a: '1' });
    const { id } = await recordOf(ledger.store, 'a');
    expect(await move(ledger.store.db, clock, { id }, 'failed', 'pending')).toBe(false);
    expect(await move(ledger.store.db, clock, { id }, 'pending', 'waiting')).toBe(true);
    expect(await recordOf(ledger.store, 'a')).toMatchObject({ state: 'waiting' });
  });

  test('nothing leaves a finished record', () => {
    expect([nextStates.succeeded, nextStates.skipped]).toEqual([[], []]);
  });
});
