/**
 * Frames between the SDK stand-in and this simulator (nwrfc-standin/src/connection.h): u32 length of the rest, u32 length of the JSON,
 * JSON, then blocks of packed rows; all numbers little-endian.
 */
import type { PackedRows } from '../functions/index.ts';

const lengthBytes = 4;

/** Collects bytes and hands out the JSON of each whole frame. */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  push(chunk: Buffer): unknown[] {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    const messages: unknown[] = [];
    while (this.rest.length >= lengthBytes) {
      const end = lengthBytes + this.rest.readUInt32LE(0);
      if (this.rest.length < end) break;
      const jsonBegin = 2 * lengthBytes;
      const jsonEnd = jsonBegin + this.rest.readUInt32LE(lengthBytes);
      messages.push(JSON.parse(this.rest.toString('utf8', jsonBegin, jsonEnd)));
      this.rest = this.rest.subarray(end);
    }
    return messages;
  }
}

/** The pieces of a frame, ready to be written one after the other. */
export function encodeFrame(message: unknown, blocks: readonly PackedRows[]): Buffer[] {
  const json = Buffer.from(JSON.stringify(message));
  const pieces = [json, ...blocks.flatMap(encodeBlock)];
  const head = Buffer.alloc(2 * lengthBytes);
  head.writeUInt32LE(lengthBytes + pieces.reduce((sum, piece) => sum + piece.length, 0), 0);
  head.writeUInt32LE(json.length, lengthBytes);
  return [head, ...pieces];
}

function encodeBlock({ bytes, ends }: PackedRows): Buffer[] {
  const head = Buffer.alloc(2 * lengthBytes);
  head.writeUInt32LE(ends.length, 0);
  head.writeUInt32LE(bytes.length, lengthBytes);
  return [head, Buffer.from(ends.buffer, ends.byteOffset, ends.byteLength), bytes];
}
