import { fastClock } from '../testing/index.ts';
import { openPace, sharedPace } from './pace.ts';

const perMinute = { calls: 50, perMs: 60_000, burst: 5 };
const never = new AbortController().signal;

test('a burst goes at once, then no rolling minute ever holds more than the limit of 60', async () => {
  const clock = fastClock();
  const pace = openPace(perMinute, clock);
  const went: number[] = [];
  for (let call = 0; call < 200; call += 1) {
    await pace.take(never);
    went.push(clock.now());
  }
  expect(went.filter((at) => at === went[0])).toHaveLength(5);
  const busiest = Math.max(...went.map((from) => went.filter((at) => at >= from && at < from + 60_000).length));
  expect(busiest).toBeLessThanOrEqual(55);
  expect(went.at(-1)! - went[0]!).toBeLessThan(195 * 1300);
});

test('first come, first served', async () => {
  const pace = openPace({ calls: 10, perMs: 1000, burst: 1 }, fastClock());
  const order: number[] = [];
  await Promise.all([1, 2, 3, 4].map((number) => pace.take(never).then(() => order.push(number))));
  expect(order).toEqual([1, 2, 3, 4]);
});

test('a pause holds everybody, and no burst follows it', async () => {
  const clock = fastClock();
  const pace = openPace(perMinute, clock);
  const start = clock.now();
  pace.pause(60_000);
  await pace.take(never);
  expect(clock.now() - start).toBeGreaterThanOrEqual(60_000);
  await pace.take(never);
  expect(clock.now() - start).toBeGreaterThanOrEqual(61_000);
});

test('who gives up leaves the queue at once, and those behind move up', async () => {
  const clock = fastClock();
  const pace = openPace({ calls: 1, perMs: 1000, burst: 1 }, clock);
  const givesUp = new AbortController();
  await pace.take(never);
  const first = pace.take(never);
  const second = pace.take(givesUp.signal);
  const third = pace.take(never);
  givesUp.abort(new Error('no longer needed'));
  await expect(second).rejects.toThrow('no longer needed');
  await Promise.all([first, third]);
  expect(clock.waits.reduce((sum, ms) => sum + ms, 0)).toBe(2000);
});

test('one key has one pace whoever opens it, and the newest settings hold', async () => {
  const clock = fastClock();
  const one = sharedPace('key', { calls: 1, perMs: 60_000, burst: 1 }, clock);
  const other = sharedPace('key', { calls: 60, perMs: 60_000, burst: 1 }, clock);
  expect(other).toBe(one);
  expect(sharedPace('another key', perMinute, clock)).not.toBe(one);
  await one.take(never);
  await other.take(never);
  expect(clock.waits).toEqual([1000]);
});

test('a clock that is set back holds nobody up', async () => {
  const fast = fastClock();
  let setBackMs = 0;
  const clock = { ...fast, now: () => fast.now() - setBackMs };
  const pace = openPace(perMinute, clock);
  for (let call = 0; call < 5; call += 1) await pace.take(never);
  pace.pause(10_000);
  const start = fast.now();
  setBackMs = 6 * 3_600_000;
  for (let call = 0; call < 5; call += 1) await pace.take(never);
  expect(fast.now() - start).toBeLessThan(20_000);
});
