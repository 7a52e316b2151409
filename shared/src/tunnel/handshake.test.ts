import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { protocolVersion, type Frame, type Hello } from '@ml-connector/proto';
import { admit, introduce, type KnownAgent } from './handshake.ts';
import { memoryCarriers } from './memory-carriers.ts';
import type { MessageCarrier } from './message-carrier.ts';
import { isSignedBy, proofBytes, signWith } from './proof.ts';
import { ManualClock, settled } from './testing/manual-clock.ts';
import { rejectionOf } from './testing/session-pair.ts';

const relayName = 'relay.example.com';
const keys = generateKeyPairSync('ed25519');
const rawKey = (key: KeyObject): Buffer => Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
const known: KnownAgent = { identityKey: rawKey(keys.publicKey), isRevoked: false };
const hello = { agentId: 'agt_01', agentVersion: '0.1.0', tenantId: 'ten_1', siteId: 'sit_1', systems: ['PRD'], machine: '北京-GW' };
const helloFrame = (changes: Partial<Hello> = {}): Frame => ({
  hello: { ...hello, protocolVersion, nonce: Buffer.alloc(32, 1), ...changes },
});
const clock = new ManualClock();

function admission(agent: KnownAgent | 'nobody' | Error = known) {
  const findAgent = async (): Promise<KnownAgent | undefined> => {
    if (agent instanceof Error) throw agent;
    return agent === 'nobody' ? undefined : agent;
  };
  return { clock, relayName, findAgent };
}
const introduction = { clock, hello, relayName, sign: (bytes: Uint8Array) => signWith(keys.privateKey, bytes) };

/** Everything that arrives, in order. */
function recorded(carrier: MessageCarrier): Frame[] {
  const frames: Frame[] = [];
  carrier.attach({ onFrame: (frame) => frames.push(frame), onClose: () => undefined });
  return frames;
}

test('an agent the relay knows is admitted, welcomed, and learns how far its clock is off', async () => {
  const { agent, relay } = memoryCarriers();
  const introduced = introduce(agent, introduction);
  const admitted = await admit(relay, admission());
  expect(admitted).toMatchObject({ hello: { ...hello, protocolVersion }, agent: known });
  relay.send({ welcome: { sessionId: 's1', heartbeatSeconds: 15, relayTimeMs: clock.now() - 90_000 } });
  await expect(introduced).resolves.toMatchObject({ sessionId: 's1', heartbeatSeconds: 15, clockOffsetMs: 90_000 });
});

test('a call that follows the welcome in the same message is kept for the session', async () => {
  const { agent, relay } = memoryCarriers();
  const introduced = introduce(agent, introduction);
  await admit(relay, admission());
  relay.send({ ping: { id: 1 } });
  relay.send({ welcome: { sessionId: 's1', heartbeatSeconds: 15, relayTimeMs: 0 } });
  relay.send({ ping: { id: 2 } });
  await expect(introduced).rejects.toMatchObject({ code: 'UNEXPECTED_FRAME' });

  const again = memoryCarriers();
  const second = introduce(again.agent, introduction);
  await admit(again.relay, admission());
  again.relay.send({ welcome: { sessionId: 's2', heartbeatSeconds: 15, relayTimeMs: 0 } });
  again.relay.send({ ping: { id: 2 } });
  await second;
  await settled();
  expect(recorded(again.agent)).toMatchObject([{ ping: { id: 2 } }]);
});

const otherKeys = generateKeyPairSync('ed25519');
test.each([
  ['UNKNOWN_AGENT', 'halt', admission('nobody'), introduction],
  ['REVOKED', 'halt', admission({ ...known, isRevoked: true }), introduction],
  ['BAD_PROOF', 'retry', admission(), { ...introduction, sign: (bytes: Uint8Array) => signWith(otherKeys.privateKey, bytes) }],
  ['BAD_PROOF', 'retry', admission({ ...known, identityKey: Buffer.from('short') }), introduction],
  ['RELAY_FAULT', 'retry', admission(new Error('database is gone')), introduction],
  ['WRONG_RELAY', 'retry', { ...admission(), relayName: 'evil.example.com' }, introduction],
])('%s reaches both ends with one sentence', async (code, verdict, admitting, introducing) => {
  const { agent, relay } = memoryCarriers();
  const [atAgent, atRelay] = await Promise.allSettled([introduce(agent, introducing), admit(relay, admitting)]);
  expect(atAgent).toMatchObject({ status: 'rejected', reason: { code, verdict } });
  expect(atRelay).toMatchObject({ status: 'rejected', reason: { code, verdict } });
  const messages = [atAgent, atRelay].map((outcome) => (outcome.status === 'rejected' ? (outcome.reason as Error).message : ''));
  expect(messages[0]).toBe(messages[1]);
});

test.each<[string, string, Frame[]]>([
  ['an older agent', 'UNSUPPORTED_VERSION', [helloFrame({ protocolVersion: 0 })]],
  ['a newer agent', 'UNSUPPORTED_VERSION', [helloFrame({ protocolVersion: protocolVersion + 1 })]],
  ['a nonce that is too short', 'UNEXPECTED_FRAME', [helloFrame({ nonce: Buffer.alloc(8) })]],
  ['an answer before the hello', 'UNEXPECTED_FRAME', [{ end: { callId: 1, answer: Buffer.from('{}') } }]],
  ['a proof before the hello', 'UNEXPECTED_FRAME', [{ proof: { signature: Buffer.alloc(64) } }]],
  ['a ping before the proof', 'UNEXPECTED_FRAME', [helloFrame(), { ping: { id: 1 } }]],
  ['a second hello', 'UNEXPECTED_FRAME', [helloFrame(), helloFrame()]],
  ['a proof of nothing', 'BAD_PROOF', [helloFrame(), { proof: { signature: Buffer.alloc(0) } }]],
  ['an agent that leaves', 'LEAVING', [helloFrame(), { goodbye: { code: 'LEAVING', reason: 'stopped' } }]],
])('%s is answered with %s', async (_what, code, frames) => {
  const { agent, relay } = memoryCarriers();
  const answers = recorded(agent);
  for (const frame of frames) agent.send(frame);
  await expect(admit(relay, admission())).rejects.toMatchObject({ code });
  await settled();
  if (code !== 'LEAVING') expect(answers.at(-1)).toMatchObject({ refusal: { code } });
});

test('a proof recorded from one session is worth nothing in the next', async () => {
  const first = memoryCarriers();
  const overheard: Frame[] = [];
  const send = first.agent.send.bind(first.agent);
  first.agent.send = (frame, lane) => {
    overheard.push(frame);
    send(frame, lane);
  };
  introduce(first.agent, introduction).catch(() => undefined);
  await admit(first.relay, admission());
  expect(overheard.map((frame) => Object.keys(frame)[0])).toEqual(['hello', 'proof']);

  const second = memoryCarriers();
  const answers = recorded(second.agent);
  for (const frame of overheard) second.agent.send(frame);
  await expect(admit(second.relay, admission())).rejects.toMatchObject({ code: 'BAD_PROOF' });
  await settled();
  expect(answers.at(-1)).toMatchObject({ refusal: { code: 'BAD_PROOF' } });
});

test.each([
  ['agentId', { agentId: 'a'.repeat(1_000_000) }],
  ['machine', { machine: '北'.repeat(1000) }],
  ['agentVersion', { agentVersion: '1'.repeat(1000) }],
  ['control characters', { machine: 'BERLIN-GW\u001b[2J' }],
  ['a system', { systems: ['P'.repeat(1000)] }],
  ['systems', { systems: Array.from({ length: 5000 }, (_, n) => `S${n}`) }],
])('a hello with %s out of bounds is refused without repeating it', async (_what, changes) => {
  const { agent, relay } = memoryCarriers();
  const admitted = rejectionOf(admit(relay, admission()));
  agent.send(helloFrame(changes));
  const error = (await admitted) as Error;
  expect(error).toMatchObject({ code: 'UNEXPECTED_FRAME', verdict: 'retry' });
  expect(error.message.length).toBeLessThan(200);
});

test.each(['agent', 'relay'] as const)('a peer that says nothing is left by the %s after ten seconds', async (side) => {
  const pair = memoryCarriers();
  const outcome = side === 'agent' ? introduce(pair.agent, introduction) : admit(pair.relay, admission());
  const rejected = rejectionOf(outcome);
  await settled();
  await clock.advance(10_000);
  expect(await rejected).toMatchObject({ code: 'HANDSHAKE_TIMEOUT', verdict: 'retry' });
});

test.each(['agent', 'relay'] as const)('a connection that breaks in the handshake is CONNECTION_LOST at the %s', async (side) => {
  const pair = memoryCarriers();
  const outcome = side === 'agent' ? introduce(pair.agent, introduction) : admit(pair.relay, admission());
  pair.cut();
  await expect(outcome).rejects.toMatchObject({ code: 'CONNECTION_LOST', verdict: 'retry' });
  await settled();
  expect(clock.timers).toBe(0);
});

test('no two inputs of a proof make the same bytes', () => {
  const input = { agentNonce: Buffer.from('ab'), relayNonce: Buffer.from('c'), relayName: 'r', agentId: 'a', protocolVersion: 1 };
  const variants = [
    input,
    { ...input, agentNonce: Buffer.from('a'), relayNonce: Buffer.from('bc') },
    { ...input, relayName: 'ra', agentId: '' },
    { ...input, protocolVersion: 2 },
  ];
  expect(new Set(variants.map((variant) => proofBytes(variant).toString('hex'))).size).toBe(variants.length);
  const signature = signWith(keys.privateKey, proofBytes(input));
  expect(isSignedBy(known.identityKey, proofBytes(input), signature)).toBe(true);
  expect(isSignedBy(known.identityKey, proofBytes(variants[1]!), signature)).toBe(false);
});
