import { encodeBatch } from '@ml-connector/proto';
import { SystemError } from '../errors.ts';
import { settled } from './testing/manual-clock.ts';
import { collect, gate, rejectionOf, sessionPair } from './testing/session-pair.ts';
import type { IncomingCall } from './types.ts';

const vendors = (count: number, from = 0): string[][] =>
  Array.from({ length: count }, (_, i) => [String(from + i).padStart(10, '0'), 'Müller & Söhne GmbH', '广州有限公司', "O'Brien"]);

test('a call carries its request and context, and brings the answer back', async () => {
  const seen: IncomingCall[] = [];
  const { caller, close, clock } = sessionPair(async (call) => {
    seen.push(call);
    return { name: '广州', echo: call.request };
  });
  const context = { recordId: 'rec_1', runId: 'run_1', flowId: 'sap-vendors-to-cin7-suppliers' };
  const deadline = clock.now() + 5000;
  await expect(caller.call('SapUnit', { LIFNR: '0000100123' }, { context, deadline })).resolves.toEqual({
    name: '广州',
    echo: { LIFNR: '0000100123' },
  });
  expect(seen[0]).toMatchObject({ callId: 's1.1', operation: 'SapUnit', context, deadline });
  await close();
});

test('a thousand calls at once get each its own answer', async () => {
  const { caller, close } = sessionPair(async ({ request }) => {
    const { n } = request as { n: number };
    if (n % 3 === 0) await settled();
    return { twice: n * 2 };
  });
  const answers = await Promise.all(Array.from({ length: 1000 }, (_, n) => caller.call<{ twice: number }>('SapUnit', { n })));
  expect(answers.map(({ twice }) => twice)).toEqual(Array.from({ length: 1000 }, (_, n) => n * 2));
  expect(caller.pending).toBe(0);
  await close();
});

test('the error of a handler arrives with its code, verdict, fix and facts, without its cause', async () => {
  const thrown = new SystemError('SAP_LOCKED', 'retry', 'post invoice 4711: document is locked', {
    retryAfterMs: 0,
    fix: 'Close the document in FB02.',
    facts: { key: 'F5 042', size: 10n },
    cause: new Error('secret'),
  });
  const { caller, close } = sessionPair(async () => {
    throw thrown;
  });
  const error = await caller.call('SapUnit', {}).catch((error: unknown) => error);
  expect(error).toMatchObject({
    code: 'SAP_LOCKED',
    verdict: 'retry',
    retryAfterMs: 0,
    fix: 'Close the document in FB02.',
    message: thrown.message,
  });
  expect(error).toMatchObject({ facts: { key: 'F5 042', size: '10' }, cause: undefined });
  await close();
});

test.each([
  ['a defect of the handler', () => Promise.reject(new TypeError('x is undefined')), 'INTERNAL'],
  [
    'a handler that throws before it waits',
    () => {
      throw new RangeError('early');
    },
    'INTERNAL',
  ],
  ['an answer that JSON cannot hold', () => Promise.resolve({ amount: 10n }), 'INTERNAL'],
])('%s is uncertain: the call may have done its work', async (_what, handler, code) => {
  const { caller, close } = sessionPair(handler);
  await expect(caller.call('SapUnit', {})).rejects.toMatchObject({ code, verdict: 'uncertain' });
  await close();
});

test('a verdict this build does not know is taken as uncertain', async () => {
  const { caller, carriers, close } = sessionPair(() => gate().opened);
  const answer = caller.call('SapUnit', {});
  carriers.relay.received(encodeBatch([{ end: { callId: 1, error: { code: 'NEW', verdict: 'maybe', message: 'later build' } } }]));
  await expect(answer).rejects.toMatchObject({ code: 'NEW', verdict: 'uncertain' });
  await close();
});

test.each([
  ['JSON values', (rows: string[][]) => ({ fields: ['LIFNR'], rows })],
  ['JSON text made by the handler', (rows: string[][]) => Buffer.from(JSON.stringify({ fields: ['LIFNR'], rows }))],
])('a stream brings every chunk in order, then the closing answer (%s)', async (_what, chunkOf) => {
  const { caller, close } = sessionPair(
    async (call) => {
      for (let page = 0; page < 50; page += 1) await call.send(chunkOf(vendors(page % 7 === 0 ? 1 : 400, page * 1000)));
      return { rows: 50 };
    },
    { windowBytes: 60_000 },
  );
  const { chunks, end } = await collect(caller.stream<{ rows: string[][] }, { rows: number }>('SapTableRead', {}));
  expect(end).toEqual({ rows: 50 });
  expect(chunks.map(({ rows }) => rows[0]?.[0])).toEqual(Array.from({ length: 50 }, (_, page) => String(page * 1000).padStart(10, '0')));
  expect(chunks[8]?.rows).toEqual(vendors(400, 8000));
  await close();
});

test('a slow reader keeps the sender within its window', async () => {
  let sent = 0;
  const chunk = Buffer.from(JSON.stringify(vendors(100)));
  const { caller, close } = sessionPair(
    async (call) => {
      for (; sent < 200; sent += 1) await call.send(chunk);
      return {};
    },
    { windowBytes: chunk.length * 4 },
  );
  const stream = caller.stream<string[][], object>('SapTableRead', {});
  for (let read = 1; read <= 20; read += 1) {
    await stream.next();
    await settled();
    expect(sent).toBeLessThanOrEqual(read + 5);
    expect(sent).toBeGreaterThanOrEqual(read);
  }
  const { chunks } = await collect(stream);
  expect(chunks).toHaveLength(180);
  await close();
});

test('a read that nobody reads does not hold up a small call', async () => {
  const { caller, close } = sessionPair(async (call) => {
    if (call.operation !== 'SapTableRead') return 'pong';
    for (let page = 0; page < 1000; page += 1) await call.send(vendors(500));
    return {};
  });
  const stream = caller.stream('SapTableRead', {});
  await stream.next();
  await expect(caller.call('Capabilities', {})).resolves.toBe('pong');
  await stream.return(undefined);
  await close();
});

test('leaving the loop cancels the call, and the handler is free', async () => {
  const aborted = gate<unknown>();
  const { caller, close, agent } = sessionPair(async (call) => {
    call.signal.addEventListener('abort', () => aborted.open(call.signal.reason));
    for (;;) await call.send(vendors(100));
  });
  for await (const chunk of caller.stream<string[][], object>('SapTableRead', {})) {
    expect(chunk).toHaveLength(100);
    break;
  }
  await expect(aborted.opened).resolves.toMatchObject({ code: 'CANCELLED' });
  await agent.part.finish(); // resolves once no handler is at work
  expect(caller.pending).toBe(0);
  await close();
});

test.each([
  ['call', (pair: ReturnType<typeof sessionPair>, signal: AbortSignal) => pair.caller.call('SapUnit', {}, { signal })],
  ['stream', (pair: ReturnType<typeof sessionPair>, signal: AbortSignal) => collect(pair.caller.stream('SapTableRead', {}, { signal }))],
])('a cancelled %s frees the handler and is uncertain', async (_kind, start) => {
  const aborted = gate();
  const pair = sessionPair(async (call) => {
    call.signal.addEventListener('abort', () => aborted.open());
    await aborted.opened;
    throw call.signal.reason;
  });
  const abort = new AbortController();
  const outcome = start(pair, abort.signal);
  await settled();
  expect(pair.agent.part.running).toBe(1);
  abort.abort(new Error('the user closed the page'));
  await expect(outcome).rejects.toMatchObject({ code: 'CANCELLED', verdict: 'uncertain', cause: { message: 'the user closed the page' } });
  await aborted.opened;
  await pair.agent.part.finish();
  await pair.close();
});

test.each([
  ['whose signal had aborted', () => ({ signal: AbortSignal.abort() }), 'CANCELLED'],
  ['whose deadline had passed', (now: number) => ({ deadline: now - 1 }), 'DEADLINE'],
])('a call %s is not sent, and can be made again', async (_what, options, code) => {
  let calls = 0;
  const { caller, clock, close } = sessionPair(async () => (calls += 1));
  await expect(caller.call('SapUnit', {}, options(clock.now()))).rejects.toMatchObject({ code, verdict: 'retry' });
  await expect(collect(caller.stream('SapUnit', {}, options(clock.now())))).rejects.toMatchObject({ code, verdict: 'retry' });
  await settled();
  expect(calls).toBe(0);
  await close();
});

test('a deadline ends the call on both sides, each by its own clock', async () => {
  const reason = gate<unknown>();
  const { caller, clock, close, agent } = sessionPair(async (call) => {
    call.signal.addEventListener('abort', () => reason.open(call.signal.reason));
    return reason.opened.then(() => {
      throw call.signal.reason;
    });
  });
  const answer = caller.call('SapUnit', {}, { deadline: clock.now() + 30_000 });
  const outcome = rejectionOf(answer);
  await clock.advance(29_999);
  expect(caller.pending).toBe(1);
  await clock.advance(1);
  expect(await outcome).toMatchObject({ code: 'DEADLINE', verdict: 'uncertain' });
  await expect(reason.opened).resolves.toMatchObject({ code: 'DEADLINE', verdict: 'uncertain' });
  await agent.part.finish(); // resolves once no handler is at work
  await close();
});

test.each([
  ['an hour ahead', 3_600_000],
  ['an hour behind', -3_600_000],
])("the handler sees its deadline by the agent's clock, also when that is %s", async (_what, offsetMs) => {
  const deadlines: number[] = [];
  const { caller, clock, close } = sessionPair(async (call) => void deadlines.push(call.deadline), { clockOffsetMs: offsetMs });
  await caller.call('SapUnit', {}, { deadline: clock.now() + 60_000 });
  // Both ends share one clock here: an agent that believes itself ahead still gets what remains, one behind gets the earlier time.
  expect(deadlines).toEqual([clock.now() + 60_000 + Math.min(0, offsetMs)]);
  await close();
});

test('a broken tunnel makes what was under way uncertain, what comes later retry, and aborts the handlers', async () => {
  const reasons: unknown[] = [];
  const { caller, carriers, relay } = sessionPair(async (call) => {
    call.signal.addEventListener('abort', () => reasons.push(call.signal.reason));
    if (call.operation === 'SapTableRead') await call.send(vendors(10));
    await gate().opened;
  });
  const stream = caller.stream('SapTableRead', {});
  await stream.next();
  const read = rejectionOf(stream.next());
  const call = rejectionOf(caller.call('SapUnit', {}));
  await settled();
  carriers.cut();
  const lost = { code: 'TUNNEL_LOST', verdict: 'uncertain' };
  expect(await Promise.all([read, call])).toMatchObject([lost, lost]);
  expect(reasons).toMatchObject([{ code: 'TUNNEL_LOST' }, { code: 'TUNNEL_LOST' }]);
  await expect(relay.closed).resolves.toMatchObject({ code: 'CONNECTION_LOST' });
  await expect(caller.call('SapUnit', {})).rejects.toMatchObject({ code: 'NO_TUNNEL', verdict: 'retry' });
});

test('an answer of many megabytes arrives whole, in parts within the window', async () => {
  const list = vendors(60_000);
  const { caller, close } = sessionPair(async () => ({ list }), { windowBytes: 500_000 });
  const answer = await caller.call<{ list: string[][] }>('SapUnit', {});
  expect(answer.list).toEqual(list);
  const streamed = await collect(caller.stream<never, { list: string[][] }>('SapUnit', {}));
  expect(streamed.end.list).toHaveLength(60_000);
  await close();
});

test.each([
  ['a request', 'REQUEST_TOO_LARGE', 'refused', { text: 'ü'.repeat(3 << 20) }, async () => ({})],
  ['a chunk', 'CHUNK_TOO_LARGE', 'refused', {}, (call: IncomingCall) => call.send(Buffer.alloc((4 << 20) + 1, ' '))],
  ['an answer', 'ANSWER_TOO_LARGE', 'uncertain', {}, async () => Buffer.alloc((64 << 20) + 1, ' ')],
])('%s above its limit is refused with its size', async (_what, code, verdict, request, handler) => {
  const { caller, close } = sessionPair(handler);
  await expect(caller.call('SapUnit', request)).rejects.toMatchObject({
    code,
    verdict,
    message: expect.stringMatching(/\d{7} bytes/) as string,
  });
  await close();
});

test('a call that gets a stream says so, and the handler is freed', async () => {
  const aborted = gate();
  const { caller, close } = sessionPair(async (call) => {
    call.signal.addEventListener('abort', () => aborted.open());
    for (;;) await call.send(vendors(1000));
  });
  await expect(caller.call('SapTableRead', {})).rejects.toMatchObject({ code: 'ANSWER_IS_STREAM' });
  await aborted.opened;
  await close();
});

test('a damaged chunk fails its call only', async () => {
  const { caller, carriers, close } = sessionPair(async (call) => {
    if (call.operation !== 'Capabilities') await gate().opened;
    return 'still here';
  });
  const stream = caller.stream('SapTableRead', {});
  const next = stream.next();
  await settled();
  carriers.relay.received(encodeBatch([{ chunk: { callId: 1, bytes: Buffer.from('garbage'), encoding: 1, rawBytes: 100 } }]));
  await expect(next).rejects.toMatchObject({ code: 'CHUNK_DAMAGED', verdict: 'uncertain' });
  await expect(caller.call('Capabilities', {})).resolves.toBe('still here');
  await close();
});

test('frames for calls that are over are ignored', async () => {
  const { caller, carriers, close } = sessionPair(async () => 'fine');
  const late = [
    { end: { callId: 77, answer: Buffer.from('1') } },
    { chunk: { callId: 77, bytes: Buffer.from('1'), encoding: 0 as const, rawBytes: 1 } },
  ];
  carriers.relay.received(encodeBatch(late));
  carriers.agent.received(encodeBatch([{ credit: { callId: 77, bytes: 10 } }, { cancel: { callId: 77, code: 'CANCELLED', reason: '' } }]));
  await expect(caller.call('SapUnit', {})).resolves.toBe('fine');
  await close();
});
