import { encodeBatch, kindOf, type Frame } from '@ml-connector/proto';
import { maxFrameBytes, maxMessageBytes, type CloseReason } from './carrier.ts';
import { memoryCarriers } from './memory-carriers.ts';
import type { MessageCarrier } from './message-carrier.ts';
import { settled } from './testing/manual-clock.ts';

function listening(carrier: MessageCarrier) {
  const frames: Frame[] = [];
  const ended: CloseReason[] = [];
  carrier.attach({ onFrame: (frame) => frames.push(frame), onClose: (reason) => ended.push(reason) });
  return { frames, ended };
}

const unknownFrame = Buffer.from([0x0a, 0x04, 0xa2, 0x06, 0x01, 0x21]);
const hugeFrame = encodeBatch([{ chunk: { callId: 1, bytes: Buffer.alloc(maxFrameBytes + 1), encoding: 0, rawBytes: 1 } }]);

test.each([
  ['a message above 16 MB', 'MESSAGE_TOO_LARGE', Buffer.alloc(maxMessageBytes + 1)],
  ['a frame above 4 MB', 'FRAME_TOO_LARGE', hugeFrame],
  ['noise', 'MALFORMED_MESSAGE', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
  ['a frame of an unknown kind', 'UNKNOWN_FRAME', unknownFrame],
])('%s ends the tunnel with %s, and the sender is told', async (_what, code, message) => {
  const { agent, relay } = memoryCarriers();
  const [atAgent, atRelay] = [listening(agent), listening(relay)];
  relay.received(message);
  await settled();
  expect(atRelay.ended).toMatchObject([{ code }]);
  expect(atAgent.frames).toMatchObject([{ goodbye: { code, reason: atRelay.ended[0]?.message } }]);
  relay.received(encodeBatch([{ ping: { id: 1 } }]));
  expect(atRelay.frames).toEqual([]);
});

test('frames of one message reach two readers in turn, each its own', async () => {
  const { agent, relay } = memoryCarriers();
  const seen: string[] = [];
  relay.received(encodeBatch([{ ping: { id: 1 } }, { ping: { id: 2 } }, { pong: { id: 3 } }]));
  relay.attach({
    onFrame: (frame) => {
      relay.detach();
      seen.push(`one: ${kindOf(frame)} ${frame.ping?.id}`);
    },
    onClose: () => undefined,
  });
  agent.send({ pong: { id: 4 } });
  await settled();
  relay.attach({ onFrame: (frame) => seen.push(`two: ${kindOf(frame)} ${(frame.ping ?? frame.pong)?.id}`), onClose: () => undefined });
  expect(seen).toEqual(['one: ping 1', 'two: ping 2', 'two: pong 3', 'two: pong 4']);
});

test('what was queued before a close still arrives, in order, before the end', async () => {
  const { agent, relay } = memoryCarriers();
  const atRelay = listening(relay);
  listening(agent);
  for (let id = 1; id <= 200; id += 1) agent.send({ ping: { id } });
  agent.close({ code: 'LEAVING', message: 'done' });
  agent.send({ ping: { id: 999 } });
  await settled();
  expect(atRelay.frames.map((frame) => frame.ping?.id)).toEqual(Array.from({ length: 200 }, (_, i) => i + 1));
  expect(atRelay.ended).toHaveLength(1);
});

test('the end is told once, and to a reader who comes late too', () => {
  const { relay } = memoryCarriers();
  relay.closed({ code: 'CONNECTION_LOST', message: 'cable' });
  relay.closed({ code: 'CONNECTION_LOST', message: 'again' });
  expect(listening(relay).ended).toEqual([{ code: 'CONNECTION_LOST', message: 'cable' }]);
});
