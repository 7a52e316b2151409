import { encodeBatch, type Frame } from '@ml-connector/proto';
import { settled } from './testing/manual-clock.ts';
import { gate, rejectionOf, sessionPair } from './testing/session-pair.ts';

test('a quiet tunnel stays up by pings, and knows its round trip', async () => {
  const { clock, relay, close } = sessionPair(async () => ({}));
  await settled();
  await clock.advance(10 * 60_000);
  expect(relay.roundTripMs).toBeGreaterThanOrEqual(0);
  await expect(close()).resolves.toMatchObject([{ code: 'LEAVING' }, { code: 'LEAVING', message: 'the test is over' }]);
  expect(clock.timers).toBe(0);
});

test('both ends notice a peer that fell silent within a minute', async () => {
  const { clock, carriers, relay, agent, caller } = sessionPair(() => gate().opened);
  const call = rejectionOf(caller.call('SapUnit', {}));
  await settled();
  carriers.silence();
  await clock.advance(60_000);
  await expect(relay.closed).resolves.toMatchObject({ code: 'PEER_SILENT' });
  await expect(agent.closed).resolves.toMatchObject({ code: 'PEER_SILENT' });
  expect(await call).toMatchObject({ code: 'TUNNEL_LOST' });
});

test.each([3_600_000, -3_600_000])(
  'a clock that is set by %i ms ends the tunnel within a heartbeat, and what is under way with it',
  async (ms) => {
    const { clock, relay, agent, caller } = sessionPair(() => gate().opened);
    const call = rejectionOf(caller.call('SapUnit', {}));
    await settled();
    clock.set(ms);
    await clock.advance(15_000);
    await expect(relay.closed).resolves.toMatchObject({ code: 'CLOCK_SET' });
    await expect(agent.closed).resolves.toMatchObject({ code: 'CLOCK_SET' });
    expect(await call).toMatchObject({ code: 'TUNNEL_LOST', verdict: 'uncertain' });
    expect(clock.timers).toBe(0);
  },
);

test.each<[string, 'agent' | 'relay', Frame]>([
  [
    'a call',
    'relay',
    { call: { callId: 1, operation: 'SapUnit', request: Buffer.from('{}'), deadlineAtMs: 0, remainingMs: 1, windowBytes: 1 } },
  ],
  ['a credit', 'relay', { credit: { callId: 1, bytes: 1 } }],
  ['a second hello', 'relay', { proof: { signature: Buffer.alloc(64) } }],
  ['an answer', 'agent', { end: { callId: 1 } }],
  ['a second challenge', 'agent', { challenge: { nonce: Buffer.alloc(32), relayName: 'other' } }],
])('%s ends a running session at the %s: it does not belong there', async (_what, at, frame) => {
  const { carriers, relay, agent } = sessionPair(async () => ({}));
  carriers[at].received(encodeBatch([frame]));
  const reasons = await Promise.all([relay.closed, agent.closed]);
  expect(reasons).toMatchObject([{ code: 'UNEXPECTED_FRAME' }, { code: 'UNEXPECTED_FRAME' }]);
  expect(reasons[0].message).toBe(reasons[1].message);
});

test('the same call twice ends the session at the agent', async () => {
  const { carriers, agent } = sessionPair(() => gate().opened);
  const call: Frame = {
    call: { callId: 1, operation: 'SapUnit', request: Buffer.from('{}'), deadlineAtMs: 2e12, remainingMs: 1000, windowBytes: 1 },
  };
  carriers.agent.received(encodeBatch([call, call]));
  await expect(agent.closed).resolves.toMatchObject({ code: 'UNEXPECTED_FRAME', message: 'call 1 was sent twice' });
});

test.each(['refusal', 'goodbye'] as const)('a %s tells the other end why', async (lastWord) => {
  const { relay, agent } = sessionPair(async () => ({}));
  const reason = { code: 'REVOKED', message: 'this agent was revoked' };
  relay.end(reason, lastWord);
  await expect(Promise.all([relay.closed, agent.closed])).resolves.toEqual([reason, reason]);
});

test('an agent that finishes takes no new calls, and waits for the ones at work', async () => {
  const working = gate<string>();
  const { caller, agent, close } = sessionPair(() => working.opened);
  const running = caller.call('SapUnit', {});
  await settled();
  let hasFinished = false;
  const finished = agent.part.finish().then(() => (hasFinished = true));
  await expect(caller.call('SapUnit', {})).rejects.toMatchObject({ code: 'AGENT_LEAVING', verdict: 'retry' });
  expect(hasFinished).toBe(false);
  working.open('done');
  await expect(running).resolves.toBe('done');
  await finished;
  await close();
});

test('the wish to drain reaches the other end with its reason', async () => {
  const { relay, agent, drainReasons, close } = sessionPair(async () => ({}));
  relay.drain('the relay is shutting down');
  await settled();
  expect(drainReasons).toEqual(['the relay is shutting down']);
  expect([relay.isDraining, agent.isDraining]).toEqual([true, true]);
  await close();
});

test('idle() resolves once the last call has ended', async () => {
  const working = gate<string>();
  const { caller, close } = sessionPair(() => working.opened);
  await caller.idle();
  const answer = caller.call('SapUnit', {});
  const idle = caller.idle();
  working.open('done');
  await Promise.all([answer, idle]);
  expect(caller.pending).toBe(0);
  await close();
});
