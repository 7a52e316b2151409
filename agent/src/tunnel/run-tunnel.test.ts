import { generateKeyPairSync } from 'node:crypto';
import { silentLog, type Clock } from '@ml-connector/shared';
import { admit, memoryCarriers, signWith, type CarrierPair } from '@ml-connector/shared/tunnel';
import type { Identity } from '../identity/index.ts';
import { runTunnel, type TunnelStatus } from './index.ts';

const relayName = 'relay.example.com';
const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const identityPublicKey = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
const identity: Identity = {
  agentId: 'agt_01',
  tenantId: 'ten_1',
  siteId: 'sit_1',
  relayName,
  relayUrl: 'https://relay.example.com:8443',
  relayCa: undefined,
  keys: { identityPublicKey, sealingPublicKey: Buffer.alloc(32), sealingPrivateJwk: {}, sign: (bytes) => signWith(privateKey, bytes) },
};

/** Time that passes only when the supervisor waits between two tries, or a relay of the test lets it. */
class SkippingClock implements Clock {
  elapsedMs = 0;
  now = (): number => 1_795_000_000_000 + this.elapsedMs;
  wait = (ms: number, signal?: AbortSignal): Promise<void> => {
    if (ms > 30_000 || isOfSession(ms))
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason as Error)));
    this.elapsedMs += ms;
    return Promise.resolve();
  };
}
/** The timers of a session (handshake 10 s, heartbeat 15 s) never fire here. */
const isOfSession = (ms: number): boolean => ms === 10_000 || ms === 15_000;

/** What the relay does with the n-th connection. */
type Behaviour = (pair: CarrierPair, clock: SkippingClock) => Promise<void>;

const breaks: Behaviour = async ({ agent }) => agent.closed({ code: 'CONNECTION_LOST', message: 'connect ECONNREFUSED' });
const welcomesFor =
  (upMs: number, last: { code: string; message: string } = { code: 'CONNECTION_LOST', message: 'cut' }): Behaviour =>
  async (pair, clock) => {
    await admit(pair.relay, { clock, relayName, findAgent: async () => ({ identityKey: identityPublicKey, isRevoked: false }) });
    pair.relay.send({ welcome: { sessionId: 's', heartbeatSeconds: 15, relayTimeMs: clock.now() } });
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    clock.elapsedMs += upMs;
    if (last.code === 'CONNECTION_LOST') pair.cut();
    else pair.relay.send({ refusal: { code: last.code, reason: last.message } });
  };
const refuses =
  (code: string): Behaviour =>
  async ({ relay }) => {
    relay.send({ refusal: { code, reason: 'because' } });
  };

/** Runs until the relay has behaved in all these ways; answers the statuses. */
async function statusesWith(behaviours: Behaviour[], random = () => 0.999): Promise<TunnelStatus[]> {
  const clock = new SkippingClock();
  const statuses: TunnelStatus[] = [];
  const stop = new AbortController();
  const dial = () => {
    const pair = memoryCarriers();
    const behaviour = behaviours.shift();
    if (behaviour) void behaviour(pair, clock);
    else stop.abort();
    return pair.agent;
  };
  const hello = { agentVersion: '0.1.0', machine: 'SAP-GW', systems: ['PRD'] };
  const onStatus = (status: TunnelStatus): void => void statuses.push(status);
  await runTunnel({ identity, handler: async () => ({}), hello, clock, log: silentLog, onStatus, dial, random }, stop.signal);
  return statuses;
}

const waits = (statuses: TunnelStatus[]): (number | undefined)[] =>
  statuses.flatMap((status) => ('nextTryMs' in status ? [status.nextTryMs] : []));

test('the waits grow to half a minute and no further, with full jitter, for ever', async () => {
  const statuses = await statusesWith(Array.from({ length: 12 }, () => breaks));
  expect(waits(statuses)).toEqual([499, 999, 1998, 3996, 7992, 15_984, ...Array<number>(6).fill(29_970)]);
  expect(statuses.filter(({ kind }) => kind === 'connecting')).toHaveLength(13);
  expect(
    waits(
      await statusesWith(
        Array.from({ length: 12 }, () => breaks),
        () => 0,
      ),
    ),
  ).toEqual(Array<number>(12).fill(0));
});

test('waits begin short again only after a session that stayed up for half a minute', async () => {
  const statuses = await statusesWith([breaks, breaks, breaks, welcomesFor(29_000), welcomesFor(31_000), breaks]);
  expect(waits(statuses)).toEqual([499, 999, 1998, 3996, 499, 999]);
});

test('an agent that was superseded gives way for half a minute', async () => {
  const statuses = await statusesWith([welcomesFor(1000, { code: 'SUPERSEDED', message: 'a newer session took over' })]);
  expect(statuses.find(({ kind }) => kind === 'lost')).toMatchObject({ code: 'SUPERSEDED', nextTryMs: 30_000 });
});

test.each(['UNSUPPORTED_VERSION', 'BAD_PROOF', 'RELAY_CLOSING', 'RELAY_FAULT'])('%s is told, and tried again', async (code) => {
  const statuses = await statusesWith([refuses(code), refuses(code)]);
  expect(statuses.filter(({ kind }) => kind === 'refused')).toMatchObject([
    { code, reason: 'because', nextTryMs: 499 },
    { code, nextTryMs: 999 },
  ]);
});

test.each(['UNKNOWN_AGENT', 'REVOKED'])('%s is final', async (code) => {
  await expect(statusesWith([refuses(code)])).rejects.toMatchObject({
    code,
    verdict: 'halt',
    fix: expect.stringContaining('Enrol') as string,
  });
  await expect(statusesWith([welcomesFor(60_000, { code, message: 'because' })])).rejects.toMatchObject({ code, verdict: 'halt' });
});
