import type { Clock } from '@ml-connector/shared';
import type { Store } from '../store/index.ts';

/**
 * The machine's clock was set by so many milliseconds. Back: what waits goes on waiting as long as it was to, and a run planned by a clock
 * ahead begins now. Forwards: what waits is due, and looking too early sends nothing twice; moving it would move what was planned since, too.
 */
export async function clockWasSet(store: Store, clock: Clock, jumpedMs: number): Promise<void> {
  if (jumpedMs >= 0) return;
  const now = clock.now();
  await store.transaction(async (transaction) => {
    await transaction
      .updateTable('record')
      .set((set) => ({ next_attempt_at: set('next_attempt_at', '+', Math.round(jumpedMs)) }))
      .where('next_attempt_at', 'is not', null)
      .execute();
    await transaction
      .updateTable('acknowledgement')
      .set((set) => ({ next_attempt_at: set('next_attempt_at', '+', Math.round(jumpedMs)) }))
      .where('next_attempt_at', 'is not', null)
      .execute();
    await transaction.updateTable('integration_flow').set({ next_run_at: now }).where('next_run_at', '>', now).execute();
    await transaction
      .updateTable('run_request')
      .set({ not_before: now })
      .where('ended_at', 'is', null)
      .where('not_before', '>', now)
      .execute();
  });
}

/**
 * At a start: waits that are farther away than a wait can be were planned by a clock that was ahead, and was set back while nobody looked.
 * They are due now.
 */
export async function releaseFarWaits(store: Store, clock: Clock, longest: { recordMs: number; failedRunMs: number }): Promise<void> {
  const now = clock.now();
  await store.transaction(async (transaction) => {
    const waits = [
      { states: ['failed', 'uncertain', 'pending'], longestMs: longest.recordMs },
      // A flow says itself when to look again; a look too early sends nothing.
      { states: ['waiting'], longestMs: Math.max(longest.recordMs, dayMs) },
    ];
    for (const { states, longestMs } of waits)
      await transaction
        .updateTable('record')
        .set({ next_attempt_at: now })
        .where('state', 'in', states)
        .where('next_attempt_at', '>', now + longestMs)
        .execute();
    await transaction
      .updateTable('integration_flow')
      .set({ next_run_at: now })
      .where('failures', '>', 0)
      .where('next_run_at', '>', now + longest.failedRunMs)
      .execute();
    await transaction
      .updateTable('acknowledgement')
      .set({ next_attempt_at: now })
      .where('next_attempt_at', '>', now + longest.recordMs)
      .execute();
    await transaction
      .updateTable('run_request')
      .set({ not_before: now })
      .where('ended_at', 'is', null)
      .where('not_before', '>', now + longest.failedRunMs)
      .execute();
  });
}

const dayMs = 86_400_000;
