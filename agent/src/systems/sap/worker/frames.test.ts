import { PassThrough } from 'node:stream';
import { agentFrames, frameReader, jsonOf, workerFrames, writeFrame, writeJsonFrame, type Frame } from './frames.ts';

function written(): Buffer {
  const stream = new PassThrough();
  writeJsonFrame(stream, 'answer', 7, { NAME1: 'Müller 中国' });
  writeFrame(stream, 'chunk', 0xfffffff0, Buffer.alloc(100_000, 'x'));
  writeFrame(stream, 'logonWanted', 1);
  return stream.read() as Buffer;
}

test.each([1, 3, 9, 10, 64 * 1024, 1_000_000])('frames come out whole from pieces of %i bytes', (size) => {
  const frames: Frame[] = [];
  const push = frameReader(agentFrames, (frame) => frames.push(frame));
  const bytes = written();
  for (let at = 0; at < bytes.length; at += size) push(bytes.subarray(at, at + size));
  expect(frames.map(({ kind, id, payload }) => [kind, id, payload.length])).toEqual([
    ['answer', 7, expect.any(Number)],
    ['chunk', 0xfffffff0, 100_000],
    ['logonWanted', 1, 0],
  ]);
  expect(jsonOf(frames[0] as Frame)).toEqual({ NAME1: 'Müller 中国' });
});

test('a frame for the other side is refused', () => {
  expect(() => frameReader(workerFrames, () => undefined)(written())).toThrow(/answer is not expected here/);
});
