import { ClockWatch, type Clock } from './clock.ts';

function machine() {
  const time = { dayMs: 1_700_000_000_000, steadyMs: 5000 };
  const clock: Clock = { now: () => time.dayMs, wait: () => Promise.resolve(), steadyMs: () => time.steadyMs };
  const pass = (ms: number): void => {
    time.dayMs += ms;
    time.steadyMs += ms;
  };
  return { clock, pass, set: (ms: number) => void (time.dayMs += ms) };
}

test.each([
  ['forwards', 3 * 3_600_000],
  ['back', -3 * 3_600_000],
])('a clock that is set %s is noticed once, with by how much', (_what, ms) => {
  const { clock, pass, set } = machine();
  const watch = new ClockWatch(clock);
  pass(86_400_000);
  expect(watch.jumpedMs()).toBe(0);
  set(ms);
  pass(10);
  expect(watch.jumpedMs()).toBe(ms);
  expect(watch.jumpedMs()).toBe(0);
});

test('small corrections are none, also when they add up until somebody looks', () => {
  const { clock, set } = machine();
  const watch = new ClockWatch(clock);
  set(900);
  expect(watch.jumpedMs()).toBe(0);
  set(1200);
  expect(watch.jumpedMs()).toBe(2100);
});

test('a clock that nobody sets never jumps', () => {
  let now = 0;
  const watch = new ClockWatch({ now: () => now, wait: () => Promise.resolve() });
  now += 1e9;
  expect(watch.jumpedMs()).toBe(0);
});
