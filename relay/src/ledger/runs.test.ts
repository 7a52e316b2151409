import { recoverInterrupted } from './recovery.ts';
import { requestRun, waitingRequests } from './run-requests.ts';
import { startRun } from './runs.ts';
import { flowRef } from './testing/ledger-bench.ts';
import { onEachLedger } from './testing/on-each-ledger.ts';

onEachLedger((ledger) => {
  const { clock } = ledger;

  const flow = () => ledger.store.db.selectFrom('integration_flow').selectAll().executeTakeFirstOrThrow();

  test('what a person asks for while a scheduled run begins is not taken for done', async () => {
    const request = await requestRun(ledger.store, clock, { flow: flowRef, mode: 'full', actor: 'user:eva' });
    await startRun(ledger.store, clock, { flow: flowRef, mode: 'changes', trigger: 'schedule' });
    expect(await waitingRequests(ledger.store)).toMatchObject([{ id: request.id }]);
    await startRun(ledger.store, clock, { flow: flowRef, mode: 'full', trigger: 'manual', request });
    expect(await waitingRequests(ledger.store)).toEqual([]);
  });

  test('a sweep that was cut off by the end of the relay is still due', async () => {
    await startRun(ledger.store, clock, { flow: flowRef, mode: 'sweep', trigger: 'manual' });
    await ledger.store.db.updateTable('integration_flow').set({ next_sweep_at: Number.MAX_SAFE_INTEGER }).execute();
    await recoverInterrupted(ledger.store, clock);
    expect((await flow()).next_sweep_at).toBeLessThanOrEqual(clock.now());
  });
});
