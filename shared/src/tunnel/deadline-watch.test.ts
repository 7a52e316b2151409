import { DeadlineWatch } from './deadline-watch.ts';
import { ManualClock } from './testing/manual-clock.ts';

test('deadlines come due in their order, whatever the order they were added in', async () => {
  const clock = new ManualClock();
  const start = clock.now();
  using watch = new DeadlineWatch(clock);
  const due: string[] = [];
  for (const [id, afterMs] of [120_000, 500, 60_000].entries()) {
    watch.add(id, start + afterMs, () => due.push(`${afterMs} at ${clock.now() - start}`));
  }
  await clock.advance(200_000);
  expect(due).toEqual(['500 at 500', '60000 at 60000', '120000 at 120000']);
  expect(clock.timers).toBe(0);
});

test('a removed deadline never comes due, and a thousand of them share one timer', async () => {
  const clock = new ManualClock();
  using watch = new DeadlineWatch(clock);
  const due: number[] = [];
  for (let id = 0; id < 1000; id += 1) watch.add(id, clock.now() + 1000, () => due.push(id));
  expect(clock.timers).toBe(1);
  for (let id = 0; id < 1000; id += 1) if (id !== 7) watch.remove(id);
  await clock.advance(2000);
  expect(due).toEqual([7]);
});

test('nothing is left behind when it is disposed', async () => {
  const clock = new ManualClock();
  const watch = new DeadlineWatch(clock);
  watch.add(1, clock.now() + 1000, () => {
    throw new Error('came due after the end');
  });
  watch[Symbol.dispose]();
  await clock.advance(5000);
  expect(clock.timers).toBe(0);
});
