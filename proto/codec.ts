import generated from './generated/tunnel.js';
import type { EnrollAnswer, EnrollRequest, Frame } from './frames.ts';

interface Writer {
  finish(): Uint8Array;
}
/** What the generated module offers per message; it has no types of its own. */
interface Message<T> {
  encode(message: T): Writer;
  decode(bytes: Uint8Array): T;
}
interface Messages {
  Batch: Message<{ frames: readonly Frame[] }>;
  EnrollRequest: Message<EnrollRequest>;
  EnrollAnswer: Message<EnrollAnswer>;
}

const messages = (generated as { mlconnector: { tunnel: { v1: Messages } } }).mlconnector.tunnel.v1;
const { Batch } = messages;

export function encodeBatch(frames: readonly Frame[]): Buffer {
  return asBuffer(Batch.encode({ frames }).finish());
}

/** Throws on bytes that are no batch. The frames' byte fields are views on `bytes`. */
export function decodeBatch(bytes: Uint8Array): readonly Frame[] {
  return Batch.decode(bytes).frames;
}

export function encodeEnrollRequest(request: EnrollRequest): Buffer {
  return asBuffer(messages.EnrollRequest.encode(request).finish());
}
export function decodeEnrollRequest(bytes: Uint8Array): EnrollRequest {
  return messages.EnrollRequest.decode(bytes);
}
export function encodeEnrollAnswer(answer: EnrollAnswer): Buffer {
  return asBuffer(messages.EnrollAnswer.encode(answer).finish());
}
export function decodeEnrollAnswer(bytes: Uint8Array): EnrollAnswer {
  return messages.EnrollAnswer.decode(bytes);
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
