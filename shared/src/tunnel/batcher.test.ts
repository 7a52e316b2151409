import { kindOf, type Frame } from '@ml-connector/proto';
import { Batcher } from './batcher.ts';

const ping = (id: number): Frame => ({ ping: { id } });
const chunk = (callId: number, bytes: number): Frame => ({ chunk: { callId, bytes: Buffer.alloc(bytes), encoding: 0, rawBytes: bytes } });

function recording() {
  const batches: Frame[][] = [];
  let written: (() => void) | undefined;
  const batcher = new Batcher((frames, done) => {
    batches.push(frames);
    written = done;
  });
  return { batcher, batches, finishWrite: () => written?.() };
}

test('a frame goes at once while nothing is being written; those that come meanwhile go together', () => {
  const { batcher, batches, finishWrite } = recording();
  batcher.send(ping(1), 'first');
  batcher.send(ping(2), 'first');
  batcher.send(ping(3), 'first');
  expect(batches).toEqual([[ping(1)]]);
  finishWrite();
  expect(batches).toEqual([[ping(1)], [ping(2), ping(3)]]);
  finishWrite();
  batcher.send(ping(4), 'first');
  expect(batches.at(-1)).toEqual([ping(4)]);
});

test('a batch has at most 64 frames', () => {
  const { batcher, batches, finishWrite } = recording();
  for (let id = 0; id < 130; id += 1) batcher.send(ping(id), 'first');
  for (let write = 0; write < 5; write += 1) finishWrite();
  expect(batches.map((batch) => batch.length)).toEqual([1, 64, 64, 1]);
  expect(batches.flat()).toEqual(Array.from({ length: 130 }, (_, id) => ping(id)));
});

test('a small call overtakes the chunks of a table read', () => {
  const { batcher, batches, finishWrite } = recording();
  for (let callId = 1; callId <= 4; callId += 1) batcher.send(chunk(callId, 100_000), 'bulk');
  batcher.send(ping(1), 'first');
  finishWrite();
  expect(batches[1]?.map(kindOf)).toEqual(['ping', 'chunk', 'chunk']);
});

test('a storm of small calls lets a chunk through with every batch', () => {
  const { batcher, batches, finishWrite } = recording();
  batcher.send(ping(0), 'first');
  for (let callId = 1; callId <= 2; callId += 1) batcher.send(chunk(callId, 1000), 'bulk');
  for (let id = 1; id <= 200; id += 1) batcher.send({ end: { callId: id, answer: Buffer.alloc(4096) } }, 'first');
  finishWrite();
  finishWrite();
  expect(batches.slice(1, 3).map((batch) => batch.filter((frame) => frame.chunk).length)).toEqual([1, 1]);
});

test('a flush writes what is queued at once, also while a write hangs', () => {
  const { batcher, batches } = recording();
  batcher.send(ping(1), 'first');
  batcher.send(chunk(1, 10), 'bulk');
  batcher.send(ping(2), 'first');
  batcher.flush();
  expect(batches.flat().map(kindOf)).toEqual(['ping', 'ping', 'chunk']);
});
