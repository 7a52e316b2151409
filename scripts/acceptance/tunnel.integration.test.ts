import { Client, credentials, type ServiceError } from '@grpc/grpc-js';
import { tunnelService, decodeBatch, encodeBatch } from '@ml-connector/proto';
import { SystemError } from '@ml-connector/shared';
import type { IncomingCall } from '@ml-connector/shared/tunnel';
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { loadIdentity } from '../../agent/src/identity/index.ts';
import { openLink } from '../landscape/cuttable-link.ts';
import { enrolAgent, newFolder, startAgent, startRelay } from './tunnel-pair.ts';

type Rows = string[][];
const vendors = (count: number): Rows =>
  Array.from({ length: count }, (_, i) => [String(i).padStart(10, '0'), 'Müller & Söhne', "O'Brien", '广州有限公司']);
const never = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

/** The codes of a list of outcomes, counted: `{ ok: 3, TUNNEL_LOST: 2 }`. */
async function outcomes(promises: Promise<unknown>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const outcome of await Promise.allSettled(promises)) {
    const code =
      outcome.status === 'fulfilled' ? 'ok' : `${(outcome.reason as SystemError).code} ${(outcome.reason as SystemError).verdict}`;
    counts[code] = (counts[code] ?? 0) + 1;
  }
  return counts;
}

async function collect(stream: AsyncIterable<Rows>): Promise<Rows[]> {
  const chunks: Rows[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return chunks;
}

async function rejectionOf(promise: Promise<unknown>): Promise<SystemError> {
  return promise.then(
    () => new SystemError('RESOLVED', 'refused', 'should have been rejected'),
    (error: unknown) => error as SystemError,
  );
}

test('a thousand calls at once over one tunnel, while a table streams', async () => {
  await using relay = await startRelay();
  await using agent = await startAgent(relay, async (call) => {
    if (call.operation !== 'SapTableRead') return call.request;
    for (let page = 0; page < 200; page += 1) await call.send(vendors(500));
    return { rows: 100_000 };
  });
  await agent.status('connected');
  const read = collect(relay.gateway.stream<Rows, object>(relay.target, 'SapTableRead', {}));
  const answers = await Promise.all(
    Array.from({ length: 1000 }, (_, n) => relay.gateway.call<{ n: number }>(relay.target, 'SapUnit', { n })),
  );
  expect(answers.map(({ n }) => n)).toEqual(Array.from({ length: 1000 }, (_, n) => n));
  const chunks = await read;
  expect(chunks).toHaveLength(200);
  expect(chunks.every((rows) => rows.length === 500)).toBe(true);
});

test('a cut connection makes calls and streams under way uncertain, frees the handlers, and the agent comes back by itself', async () => {
  await using relay = await startRelay();
  await using link = await openLink({ host: '127.0.0.1', port: relay.gateway.port });
  const aborted: unknown[] = [];
  await using agent = await startAgent(
    relay,
    async (call) => {
      if (call.operation === 'Capabilities') return 'here';
      call.signal.addEventListener('abort', () => aborted.push(call.signal.reason));
      if (call.operation === 'SapTableRead') await call.send(vendors(10));
      return never(call.signal);
    },
    { port: link.port },
  );
  const first = await agent.status('connected');
  const stream = relay.gateway.stream<Rows, object>(relay.target, 'SapTableRead', {});
  await stream.next();
  const underWay = outcomes([stream.next(), ...Array.from({ length: 20 }, () => relay.gateway.call(relay.target, 'SapUnit', {}))]);
  await relay.gateway.call(relay.target, 'Capabilities', {});

  link.cut();
  expect(await underWay).toEqual({ 'TUNNEL_LOST uncertain': 21 });
  await relay.event('tunnelDown');
  const whileDown = await rejectionOf(relay.gateway.call(relay.target, 'SapUnit', {}));
  expect(whileDown).toMatchObject({ code: 'NO_TUNNEL', verdict: 'retry' });
  expect(await agent.status('lost')).toMatchObject({ code: 'CONNECTION_LOST' });
  expect(aborted).toHaveLength(21);

  link.mend();
  await agent.status('connected', ({ sessionId }) => sessionId !== first.sessionId);
  await relay.event('tunnelUp', ({ session }) => session.sessionId !== first.sessionId);
  await expect(relay.gateway.call(relay.target, 'Capabilities', {})).resolves.toBe('here');
});

test('a slow reader bounds what the agent sends ahead', async () => {
  await using relay = await startRelay({ windowBytes: 256 << 10 });
  let sentBytes = 0;
  const chunk = Buffer.from(JSON.stringify(vendors(1000)));
  await using agent = await startAgent(relay, async (call) => {
    if (call.operation === 'Capabilities') return {};
    for (let page = 0; page < 500; page += 1) {
      await call.send(chunk);
      sentBytes += chunk.length;
    }
    return {};
  });
  await agent.status('connected');
  const stream = relay.gateway.stream<Rows, object>(relay.target, 'SapTableRead', {});
  let readBytes = 0;
  for (let read = 0; read < 10; read += 1) {
    await stream.next();
    readBytes += chunk.length;
    // A round trip: what the agent could send by now, it has sent.
    await relay.gateway.call(relay.target, 'Capabilities', {});
    expect(sentBytes - readBytes).toBeLessThanOrEqual((256 << 10) + chunk.length);
  }
  await stream.return({});
});

test('a revoked agent is cut at once in the middle of a stream, and does not come back', async () => {
  await using relay = await startRelay();
  await using agent = await startAgent(relay, async (call) => {
    for (;;) await call.send(vendors(100));
  });
  await agent.status('connected');
  const stream = relay.gateway.stream<Rows, object>(relay.target, 'SapTableRead', {});
  await stream.next();
  const rest = rejectionOf(collect(stream));
  await expect(relay.gateway.revoke(agent.identity.agentId)).resolves.toBe(true);
  expect(await rest).toMatchObject({ code: 'TUNNEL_LOST', verdict: 'uncertain' });
  expect(await agent.ended).toMatchObject({ code: 'REVOKED', verdict: 'halt' });
  expect(agent.statuses.at(-1)).toMatchObject({ kind: 'refused', code: 'REVOKED', nextTryMs: undefined });
  expect(relay.gateway.sessions()).toEqual([]);

  await using again = await startAgent(relay, async () => ({}), { identity: agent.identity });
  expect(await again.ended).toMatchObject({ code: 'REVOKED' });
  expect(await relay.event('refused')).toMatchObject({ agentId: agent.identity.agentId, reason: { code: 'REVOKED' } });
  await expect(relay.gateway.revoke('agt_nobody')).resolves.toBe(false);
});

test('an agent the relay has forgotten stops with a fix', async () => {
  await using relay = await startRelay();
  await using known = await startAgent(relay, async () => ({}));
  await using agent = await startAgent(relay, async () => ({}), { identity: { ...known.identity, agentId: 'agt_gone' } });
  expect(await agent.ended).toMatchObject({
    code: 'UNKNOWN_AGENT',
    verdict: 'halt',
    fix: expect.stringContaining('ml-agent enroll') as string,
  });
});

test('of two sessions of one agent the newer wins, and the older gives way', async () => {
  await using relay = await startRelay();
  await using older = await startAgent(relay, async () => 'older');
  await older.status('connected');
  await using newer = await startAgent(relay, async () => 'newer', { identity: older.identity });
  await newer.status('connected');
  expect(await older.status('lost')).toMatchObject({ code: 'SUPERSEDED', nextTryMs: 30_000 });
  await relay.event('tunnelDown', ({ reason }) => reason.code === 'SUPERSEDED');
  expect(relay.gateway.sessions()).toHaveLength(1);
  await expect(relay.gateway.call(relay.target, 'Capabilities', {})).resolves.toBe('newer');
});

test('an agent that is stopped finishes its calls; the relay sends it no new ones', async () => {
  await using relay = await startRelay();
  const working = Promise.withResolvers<string>();
  await using agent = await startAgent(relay, () => working.promise);
  await agent.status('connected');
  const running = relay.gateway.call(relay.target, 'SapUnit', {});
  await relay.gateway.call(relay.target, 'SapUnit', {}, { deadline: Date.now() + 100 }).catch(() => undefined);
  agent.stop();
  let next: SystemError;
  do next = await rejectionOf(relay.gateway.call(relay.target, 'SapUnit', {}, { deadline: Date.now() + 100 }));
  while (next.code === 'DEADLINE');
  expect(next.verdict).toBe('retry');
  working.resolve('done');
  await expect(running).resolves.toBe('done');
  await expect(agent.ended).resolves.toBeUndefined();
  expect(await relay.event('tunnelDown')).toMatchObject({ reason: { code: 'LEAVING' } });
});

test('calls that outlast the grace of a stopping agent are uncertain', async () => {
  await using relay = await startRelay();
  const started = Promise.withResolvers<void>();
  await using agent = await startAgent(
    relay,
    (call) => {
      started.resolve();
      return never(call.signal);
    },
    { graceMs: 50 },
  );
  await agent.status('connected');
  const running = rejectionOf(relay.gateway.call(relay.target, 'SapUnit', {}));
  await started.promise;
  agent.stop();
  expect(await running).toMatchObject({ code: 'TUNNEL_LOST', verdict: 'uncertain' });
  await expect(agent.ended).resolves.toBeUndefined();
});

test('a relay that drains lets calls finish and takes no new ones; the agent connects to its successor', async () => {
  await using folder = new AsyncDisposableStack();
  const dataDir = newFolder(folder);
  const relay = await startRelay({ dataDir });
  const { port } = relay.gateway;
  const working = Promise.withResolvers<string>();
  await using agent = await startAgent(relay, (call) => (call.operation === 'SapUnit' ? working.promise : Promise.resolve('here')));
  const first = await agent.status('connected');
  const running = relay.gateway.call(relay.target, 'SapUnit', {});
  await relay.gateway.call(relay.target, 'Capabilities', {});
  const drained = relay.gateway.drain({ graceMs: 10_000 });
  expect(await rejectionOf(relay.gateway.call(relay.target, 'SapUnit', {}))).toMatchObject({ code: 'NO_TUNNEL', verdict: 'retry' });
  await agent.status('draining');
  working.resolve('done');
  await expect(running).resolves.toBe('done');
  await drained;
  await relay[Symbol.asyncDispose]();

  await using successor = await startRelay({ dataDir, port, directory: relay.directory });
  await agent.status('connected', ({ sessionId }) => sessionId !== first.sessionId);
  await expect(successor.gateway.call(relay.target, 'Capabilities', {})).resolves.toBe('here');
});

test('a drain ends after its grace, whatever still runs', async () => {
  await using relay = await startRelay();
  await using agent = await startAgent(relay, (call) => never(call.signal));
  await agent.status('connected');
  const running = rejectionOf(relay.gateway.call(relay.target, 'SapUnit', {}));
  await relay.gateway.drain({ graceMs: 20 });
  await relay[Symbol.asyncDispose]();
  expect(await running).toMatchObject({ code: 'TUNNEL_LOST', verdict: 'uncertain' });
});

test('a deadline and a cancel reach the handler', async () => {
  await using relay = await startRelay();
  const reasons: unknown[] = [];
  const started = Promise.withResolvers<IncomingCall>();
  await using agent = await startAgent(relay, (call) => {
    call.signal.addEventListener('abort', () => reasons.push((call.signal.reason as SystemError).code));
    if (call.context.recordId === 'rec_2') started.resolve(call);
    return never(call.signal);
  });
  await agent.status('connected');
  const late = await rejectionOf(relay.gateway.call(relay.target, 'SapUnit', {}, { deadline: Date.now() + 50 }));
  expect(late).toMatchObject({ code: 'DEADLINE', verdict: 'uncertain' });
  const abort = new AbortController();
  const cancelled = rejectionOf(relay.gateway.call(relay.target, 'SapUnit', {}, { signal: abort.signal, context: { recordId: 'rec_2' } }));
  const { signal } = await started.promise;
  const freed = new Promise((resolve) => signal.addEventListener('abort', resolve));
  abort.abort();
  expect(await cancelled).toMatchObject({ code: 'CANCELLED', verdict: 'uncertain' });
  await freed;
  expect(reasons).toEqual(['DEADLINE', 'CANCELLED']);
});

test('calls go to the least loaded agent that has the system, or to the one asked for', async () => {
  await using relay = await startRelay();
  const start = (name: string, systems: string[]) =>
    startAgent(
      relay,
      async (call) => {
        if (call.operation === 'SapUnit') await never(call.signal);
        return name;
      },
      { hello: { agentVersion: '0.1.0', machine: name, systems } },
    );
  await using one = await start('one', ['PRD']);
  await using two = await start('two', ['PRD', 'QAS']);
  await Promise.all([one.status('connected'), two.status('connected')]);
  const { target, gateway } = relay;
  await expect(gateway.call({ ...target, system: 'QAS' }, 'Capabilities', {})).resolves.toBe('two');
  const busy = new AbortController();
  const running = rejectionOf(gateway.call({ ...target, agentId: one.identity.agentId }, 'SapUnit', {}, { signal: busy.signal }));
  await expect(gateway.call({ ...target, system: 'PRD' }, 'Capabilities', {})).resolves.toBe('two');
  await expect(gateway.call({ ...target, agentId: one.identity.agentId }, 'Capabilities', {})).resolves.toBe('one');
  const refusals = [
    [{ ...target, system: 'DEV' }, /no connected agent of site sit_berlin has a system "DEV"/],
    [{ ...target, agentId: 'agt_99' }, /agent agt_99 is not connected/],
    [{ ...target, siteId: 'sit_elsewhere' }, /no agent of site sit_elsewhere/],
    [{ ...target, tenantId: 'ten_other', agentId: one.identity.agentId }, /is not connected/],
  ] as const;
  for (const [wanted, message] of refusals)
    expect(await rejectionOf(gateway.call(wanted, 'Capabilities', {}))).toMatchObject({
      code: 'NO_TUNNEL',
      verdict: 'retry',
      message: expect.stringMatching(message) as string,
    });
  busy.abort();
  await running;
});

describe('enrolment', () => {
  test('the identity is kept for the owner only, and names relay, tenant and site', async () => {
    await using folder = new AsyncDisposableStack();
    const dataDir = newFolder(folder);
    await using relay = await startRelay();
    const identity = await enrolAgent(await relay.token(), dataDir);
    expect(identity).toMatchObject({ relayName: 'relay.example.com', ...relay.target });
    expect(loadIdentity(dataDir)).toMatchObject({ agentId: identity.agentId, relayCa: identity.relayCa });
    expect(statSync(path.join(dataDir, 'identity.json')).mode & 0o777).toBe(0o600);
    await expect(relay.directory.find(identity.agentId)).resolves.toMatchObject({
      name: 'Werk Süd – O’Brien',
      sealingKey: identity.keys.sealingPublicKey,
    });
  });

  test('an agent that died before it could keep the answer gets the same id again, with the same keys', async () => {
    await using folder = new AsyncDisposableStack();
    const dataDir = newFolder(folder);
    await using relay = await startRelay();
    const token = await relay.token();
    const first = await enrolAgent(token, dataDir);
    const { enrollment: _lost, ...keys } = JSON.parse(readFileSync(path.join(dataDir, 'identity.json'), 'utf8')) as Record<string, unknown>;
    writeFileSync(path.join(dataDir, 'identity.json'), JSON.stringify(keys));
    renameSync(path.join(dataDir, 'identity.json'), path.join(dataDir, 'identity.pending.json'));
    expect(() => loadIdentity(dataDir)).toThrow(expect.objectContaining({ code: 'NOT_ENROLLED' }));
    const second = await enrolAgent(token, dataDir);
    expect(second.agentId).toBe(first.agentId);
    expect(second.keys.identityPublicKey.equals(first.keys.identityPublicKey)).toBe(true);
  });

  test('a new token makes a new agent with new keys; until then the old identity stays', async () => {
    await using folder = new AsyncDisposableStack();
    const dataDir = newFolder(folder);
    await using relay = await startRelay();
    const first = await enrolAgent(await relay.token(), dataDir);
    await expect(enrolAgent(await relay.token({ ttlMs: -1000 }), dataDir)).rejects.toMatchObject({ code: 'TOKEN_EXPIRED' });
    expect(loadIdentity(dataDir).agentId).toBe(first.agentId);
    const second = await enrolAgent(await relay.token(), dataDir);
    expect(second.agentId).not.toBe(first.agentId);
    expect(loadIdentity(dataDir).agentId).toBe(second.agentId);
  });

  test('a token serves one agent only, is bound to its end and to its relay, and cannot be made by others', async () => {
    await using folders = new AsyncDisposableStack();
    await using relay = await startRelay();
    await using other = await startRelay();
    const used = await relay.token();
    await enrolAgent(used, newFolder(folders));
    const elsewhere = await other.token({ port: relay.gateway.port });
    const [header, body, signature] = (await relay.token()).split('.');
    const claims = { ...(JSON.parse(Buffer.from(body ?? '', 'base64url').toString()) as object), tenant: 'ten_other' };
    const forged = [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.');
    const cases = [
      [used, { code: 'TOKEN_USED', verdict: 'halt' }],
      [await relay.token({ ttlMs: -1000 }), { code: 'TOKEN_EXPIRED' }],
      [forged, { code: 'TOKEN_FORGED' }],
      // Its fingerprint is of the other relay's authority.
      [elsewhere, { code: 'RELAY_CA_MISMATCH', verdict: 'halt' }],
      ['not a token', { code: 'TOKEN_MALFORMED' }],
    ] as const;
    for (const [token, expected] of cases) await expect(enrolAgent(token, newFolder(folders))).rejects.toMatchObject(expected);
  });

  test('a relay shown by another authority is refused, with both fingerprints and the issuer', async () => {
    await using folders = new AsyncDisposableStack();
    await using relay = await startRelay();
    await using interceptor = await startRelay();
    const error = await rejectionOf(enrolAgent(await relay.token({ port: interceptor.gateway.port }), newFolder(folders)));
    expect(error).toMatchObject({
      code: 'RELAY_CA_MISMATCH',
      verdict: 'halt',
      fix: expect.stringContaining('a firewall opens TLS') as string,
    });
    expect(error.message).toMatch(/wanted SHA-256 [0-9a-f]{64}, seen [0-9a-f]{64}.*issued by CN=ml-connector relay authority/);
  });

  test('a relay that cannot be reached leaves the token good', async () => {
    await using folder = new AsyncDisposableStack();
    const dataDir = newFolder(folder);
    await using relay = await startRelay();
    await using link = await openLink({ host: '127.0.0.1', port: relay.gateway.port });
    const token = await relay.token({ port: link.port });
    link.cut();
    await expect(enrolAgent(token, dataDir)).rejects.toMatchObject({ code: 'RELAY_UNREACHABLE', verdict: 'retry' });
    link.mend();
    await expect(enrolAgent(token, dataDir)).resolves.toMatchObject({ relayName: 'relay.example.com' });
  });
});

describe('bytes that are no tunnel', () => {
  /** Opens the stream as an agent would, sends raw messages and answers what comes back and how it ends. */
  async function speak(port: number, ca: string, messages: Buffer[]) {
    const client = new Client(`localhost:${port}`, credentials.createSsl(Buffer.from(ca)), { 'grpc.max_send_message_length': -1 });
    const { path, requestSerialize, responseDeserialize } = tunnelService.connect;
    const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize);
    const answers: unknown[] = [];
    stream.on('data', (message: Buffer) => answers.push(...decodeBatch(message)));
    for (const message of messages) stream.write(message);
    const ending = await new Promise<ServiceError | undefined>((resolve) =>
      stream.on('error', resolve).on('end', () => resolve(undefined)),
    );
    client.close();
    return { answers, ending };
  }

  test.each([
    ['noise', Buffer.from('GET / HTTP/1.1\r\n\r\n'), 'MALFORMED_MESSAGE'],
    ['an unknown frame', Buffer.from([0x0a, 0x04, 0xa2, 0x06, 0x01, 0x21]), 'UNKNOWN_FRAME'],
    [
      'a frame above 4 MB',
      encodeBatch([{ chunk: { callId: 1, bytes: Buffer.alloc((4 << 20) + 1), encoding: 0, rawBytes: 1 } }]),
      'FRAME_TOO_LARGE',
    ],
    ['an answer before the welcome', encodeBatch([{ end: { callId: 1 } }]), 'UNEXPECTED_FRAME'],
  ])('%s is answered by name and reported', async (_what, message, code) => {
    await using folder = new AsyncDisposableStack();
    await using relay = await startRelay();
    const { relayCa } = await enrolAgent(await relay.token(), newFolder(folder));
    const { answers } = await speak(relay.gateway.port, relayCa ?? '', [message]);
    expect(answers).toMatchObject([code === 'UNEXPECTED_FRAME' ? { refusal: { code } } : { goodbye: { code } }]);
    expect(await relay.event('refused')).toMatchObject({ reason: { code } });
  });

  test('a message above 16 MB is refused while it arrives', async () => {
    await using folder = new AsyncDisposableStack();
    await using relay = await startRelay();
    const { relayCa } = await enrolAgent(await relay.token(), newFolder(folder));
    const { ending } = await speak(relay.gateway.port, relayCa ?? '', [Buffer.alloc((16 << 20) + 1)]);
    expect(ending?.details).toMatch(/larger than max/);
    expect(await relay.event('refused')).toMatchObject({
      reason: { code: 'MESSAGE_TOO_LARGE', message: expect.stringMatching(/larger than max/) as string },
    });
  });
});
