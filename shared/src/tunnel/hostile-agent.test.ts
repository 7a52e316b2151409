import { encodeBatch, encodings, type Frame } from '@ml-connector/proto';
import { maxFrameBytes } from './carrier.ts';
import { settled } from './testing/manual-clock.ts';
import { collect, gate, rejectionOf, sessionPair } from './testing/session-pair.ts';

/** A relay whose agent never answers by itself; the frames come from the test. */
function underAttack(options: { windowBytes?: number } = {}) {
  const { caller, carriers, close } = sessionPair(() => gate().opened, options);
  return { caller, close, arrive: (...frames: Frame[]) => carriers.relay.received(encodeBatch(frames)) };
}

const chunk = (bytes: Buffer, more: { rawBytes?: number; answerPart?: boolean; encoding?: 0 | 1 } = {}): Frame => ({
  chunk: {
    callId: 1,
    bytes,
    encoding: more.encoding ?? encodings.none,
    rawBytes: more.rawBytes ?? bytes.length,
    answerPart: more.answerPart,
  },
});

test('facts of an error that are not JSON cost the facts, not the relay', async () => {
  const { caller, arrive, close } = underAttack();
  const answer = rejectionOf(caller.call('SapUnit', {}));
  arrive({ end: { callId: 1, error: { code: 'SAP_LOCKED', verdict: 'retry', message: 'locked', facts: '{"key":' } } });
  expect(await answer).toMatchObject({ code: 'SAP_LOCKED', verdict: 'retry', facts: undefined });
  await close();
});

test.each([
  ['claims to unpack to gigabytes', chunk(Buffer.alloc(100), { rawBytes: 0xffff_ffff, encoding: 1 })],
  ['claims to be smaller than it is', chunk(Buffer.alloc(1000), { rawBytes: 1 })],
  ['claims to be nothing', chunk(Buffer.alloc(0))],
])('a chunk that %s ends its call', async (_what, frame) => {
  const { caller, arrive, close } = underAttack();
  const stream = rejectionOf(collect(caller.stream('SapTableRead', {})));
  await settled();
  arrive(frame);
  expect(await stream).toMatchObject({ code: 'CHUNK_DAMAGED', verdict: 'uncertain' });
  expect(caller.pending).toBe(0);
  await close();
});

test('a part of an answer that claims to be smaller than it is ends its call', async () => {
  const { caller, arrive, close } = underAttack();
  const answer = rejectionOf(caller.call('SapUnit', {}));
  arrive(chunk(Buffer.alloc(1000), { rawBytes: 1, answerPart: true }));
  expect(await answer).toMatchObject({ code: 'CHUNK_DAMAGED' });
  await close();
});

test('an answer in parts that is no JSON rejects its call', async () => {
  const { caller, arrive, close } = underAttack();
  const answer = rejectionOf(caller.call('SapUnit', {}));
  arrive(chunk(Buffer.from('{"results":'), { answerPart: true }), { end: { callId: 1, answer: Buffer.alloc(0) } });
  expect(await answer).toMatchObject({ code: 'ANSWER_NOT_JSON', verdict: 'uncertain' });
  await close();
});

test('chunks that come without credit end their call instead of filling the memory', async () => {
  const { caller, arrive, close } = underAttack({ windowBytes: 1000 });
  const stream = caller.stream('SapTableRead', {});
  const first = stream.next();
  await settled();
  const text = (size: number): Buffer => Buffer.from(JSON.stringify('x'.repeat(size - 2)));
  arrive(chunk(text(900)));
  await first;
  // One chunk may exceed the window, whatever its size; after it there is no credit.
  arrive(chunk(text(maxFrameBytes)));
  expect(caller.pending).toBe(1);
  for (let sent = 0; sent < 5 && caller.pending > 0; sent += 1) arrive(chunk(text(900)));
  expect(caller.pending).toBe(0);
  expect(await rejectionOf(collect(stream))).toMatchObject({ code: 'CREDIT_EXCEEDED', verdict: 'uncertain' });
  await close();
});
