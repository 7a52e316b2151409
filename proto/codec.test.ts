import { decodeBatch, encodeBatch, frameKinds, kindOf, type Frame } from './index.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const frames: Frame[] = [
  {
    hello: {
      protocolVersion: 1,
      agentId: 'agt_7f3k',
      agentVersion: '0.1.0',
      tenantId: 'müller-söhne',
      siteId: 'berlin',
      systems: ['PRD', 'QAS'],
      nonce: bytes('nonce'),
      machine: '北京-SAP-GW (win32)',
    },
  },
  { challenge: { nonce: bytes('relay nonce'), relayName: 'relay.example.com' } },
  { proof: { signature: bytes('signature') } },
  { welcome: { sessionId: 'k3f9', heartbeatSeconds: 20, relayTimeMs: 1_795_000_000_123 } },
  { refusal: { code: 'REVOKED', reason: 'the agent was revoked' } },
  {
    call: {
      callId: 7,
      operation: 'SapUnit',
      request: bytes('{"system":"PRD"}'),
      deadlineAtMs: 1_795_000_120_000,
      remainingMs: 120_000,
      windowBytes: 2 << 20,
      recordId: 'rec_1',
      runId: 'run_1',
      flowId: 'sap-vendors-to-cin7-suppliers',
    },
  },
  { chunk: { callId: 7, bytes: bytes('[["O\'Brien"]]'), encoding: 1, rawBytes: 4_000_000, answerPart: true } },
  { end: { callId: 7, answer: bytes('{"rows":1}') } },
  { end: { callId: 8, error: { code: 'RFC_DOWN', verdict: 'retry', message: 'x', retryAfterMs: 0, fix: '', facts: '{"group":1}' } } },
  { credit: { callId: 7, bytes: 4_294_967_295 } },
  { cancel: { callId: 7, code: 'DEADLINE', reason: 'too late' } },
  { ping: { id: 1 } },
  { pong: { id: 1 } },
  { drain: { reason: 'restart' } },
  { goodbye: { code: 'LEAVING', reason: 'service stopped' } },
];

test.each(frames.map((frame) => [kindOf(frame), frame] as const))('%s arrives as it was sent', (kind, frame) => {
  const [arrived] = decodeBatch(encodeBatch([frame]));
  expect(kindOf(arrived!)).toBe(kind);
  expect(JSON.parse(JSON.stringify(arrived))).toEqual(JSON.parse(JSON.stringify(frame)));
});

test('every kind of frame is covered above, and a batch keeps its order', () => {
  expect(new Set(frames.map(kindOf))).toEqual(new Set(frameKinds));
  expect(decodeBatch(encodeBatch(frames)).map(kindOf)).toEqual(frames.map(kindOf));
});

test('a frame of an unknown kind arrives without a body', () => {
  const unknownKind = Buffer.from([0x0a, 0x04, 0xa2, 0x06, 0x01, 0x21]); // Batch.frames { field 100: "!" }
  expect(decodeBatch(unknownKind).map(kindOf)).toEqual([undefined]);
});

test.each([
  ['noise', /invalid|range/i, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff, 0xff])],
  ['a cut message', /range/, encodeBatch(frames).subarray(0, 40)],
  ['a length beyond the end', /range/, Buffer.from([0x0a, 0x7f, 0x00])],
])('%s is refused', (_what, problem, message) => {
  expect(() => decodeBatch(message)).toThrow(problem);
});
