import { fastClock } from '../testing/index.ts';
import { rateNews } from './rate-headers.ts';
import { openStorePace, sharedStorePace } from './store-pace.ts';

const never = new AbortController().signal;
const news = { quota: 150, left: 149, resetMs: 30_000, windowMs: 30_000 };

test('stops at the reserve until the quota is full again', async () => {
  const clock = fastClock();
  const pace = openStorePace(20, clock);
  (await pace.enter(undefined, never))();
  pace.learn(news);
  const start = clock.now();
  for (let call = 0; call < 129; call += 1) (await pace.enter(undefined, never))();
  expect(clock.now()).toBe(start);
  (await pace.enter(undefined, never))();
  expect(clock.now() - start).toBe(30_000);
});

test('what other apps took counts as soon as an answer tells of it', async () => {
  const clock = fastClock();
  const pace = openStorePace(20, clock);
  pace.learn({ ...news, left: 20, resetMs: 12_000 });
  const start = clock.now();
  (await pace.enter(undefined, never))();
  expect(clock.now() - start).toBe(12_000);
});

test('an answer that was overtaken gives nothing back', async () => {
  const clock = fastClock();
  const pace = openStorePace(20, clock);
  pace.learn({ ...news, left: 20, resetMs: 12_000 });
  pace.learn({ ...news, left: 90, resetMs: 12_010 });
  (await pace.enter(undefined, never))();
  expect(clock.waits).toEqual([12_010]);
});

test('half of a small quota is ours, whatever the reserve', async () => {
  const clock = fastClock();
  const pace = openStorePace(20, clock);
  pace.learn({ ...news, quota: 10, left: 10 });
  for (let call = 0; call < 5; call += 1) (await pace.enter(undefined, never))();
  expect(clock.waits).toEqual([]);
  (await pace.enter(undefined, never))();
  expect(clock.waits).toEqual([30_000]);
});

test('a pause holds everybody', async () => {
  const clock = fastClock();
  const pace = openStorePace(20, clock);
  pace.pause(15_000);
  pace.pause(5000);
  (await pace.enter(undefined, never))();
  expect(clock.waits).toEqual([15_000]);
});

test('four calls at a time, two where an endpoint takes no more', async () => {
  const pace = openStorePace(0, fastClock());
  const first = await pace.enter('priceLists', never);
  await pace.enter('priceLists', never);
  let third = false;
  const waiting = pace.enter('priceLists', never).then((leave) => {
    third = true;
    return leave;
  });
  await pace.enter(undefined, never);
  await pace.enter(undefined, never);
  expect(third).toBe(false);
  first();
  await waiting;
  expect(third).toBe(true);
});

test('who gives up leaves the queue and takes nothing with him', async () => {
  const pace = openStorePace(0, fastClock());
  const held = await pace.enter('inventory', never);
  const givesUp = new AbortController();
  const second = pace.enter('inventory', givesUp.signal);
  const third = pace.enter('inventory', never);
  givesUp.abort(new Error('no longer needed'));
  await expect(second).rejects.toThrow('no longer needed');
  held();
  (await third)();
});

test('one store has one pace, whoever opens it', () => {
  const clock = fastClock();
  expect(sharedStorePace('abc', 20, clock)).toBe(sharedStorePace('abc', 10, clock));
  expect(sharedStorePace('other', 20, clock)).not.toBe(sharedStorePace('abc', 20, clock));
});

test('a store that names its quota as nothing holds up nobody for longer than a window', async () => {
  const clock = fastClock();
  const pace = openStorePace(20, clock);
  const start = clock.now();
  for (let call = 0; call < 3; call += 1) {
    (await pace.enter(undefined, never))();
    pace.learn(rateNews({ status: 200, contentType: '', retryAfter: '', text: '', headers: { 'x-rate-limit-requests-left': '0' } })!);
  }
  expect(clock.now() - start).toBeLessThanOrEqual(120_000);
});

test('a window of years is not believed', async () => {
  const clock = fastClock();
  const pace = openStorePace(0, clock);
  const headers = {
    'x-rate-limit-requests-left': '0',
    'x-rate-limit-requests-quota': '1',
    'x-rate-limit-time-window-ms': '99999999999999',
    'x-rate-limit-time-reset-ms': '99999999999999',
  };
  pace.learn(rateNews({ status: 200, contentType: '', retryAfter: '', text: '', headers })!);
  const start = clock.now();
  for (let call = 0; call < 3; call += 1) (await pace.enter(undefined, never))();
  expect(clock.now() - start).toBeLessThanOrEqual(3 * 600_000);
});
