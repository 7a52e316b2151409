import { Heartbeat } from './heartbeat.ts';
import { ManualClock, settled } from './testing/manual-clock.ts';

function started() {
  const clock = new ManualClock();
  const seen: string[] = [];
  const heartbeat = new Heartbeat({
    clock,
    intervalMs: 15_000,
    ping: () => seen.push('ping'),
    onSilence: (intervals) => seen.push(`silent for ${intervals}`),
  });
  return { clock, seen, heartbeat };
}

test('a quiet peer is pinged twice, then reported once', async () => {
  const { clock, seen } = started();
  await settled();
  await clock.advance(100_000);
  expect(seen).toEqual(['ping', 'ping', 'silent for 3']);
  expect(clock.timers).toBe(0);
});

test('a peer that speaks is not pinged', async () => {
  const { clock, seen, heartbeat } = started();
  for (let beat = 0; beat < 5; beat += 1) {
    heartbeat.heard();
    await clock.advance(15_000);
  }
  expect(seen).toEqual([]);
  heartbeat[Symbol.dispose]();
});

test('an answer to the last ping saves the session', async () => {
  const { clock, seen, heartbeat } = started();
  await clock.advance(44_000);
  heartbeat.heard();
  await clock.advance(15_000);
  expect(seen).toEqual(['ping', 'ping']);
  heartbeat[Symbol.dispose]();
  await settled();
  expect(clock.timers).toBe(0);
});
