import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { encodings, type Encoding } from '@ml-connector/proto';
import { SystemError } from '../errors.ts';
import { maxFrameBytes } from './carrier.ts';
import { ZstdUnpacker } from './zstd-unpacker.ts';

export interface Encoded {
  bytes: Uint8Array;
  encoding: Encoding;
}

/** Compresses and decompresses off the main thread, few at a time: that keeps memory flat, whatever is streamed. One per tunnel. */
export interface ChunkCoder {
  /** Plain where compression would not pay. */
  encode(raw: Uint8Array): Promise<Encoded>;
  /** Rejects when the content is damaged or not `rawBytes` long. */
  decode(encoded: Encoded & { rawBytes: number }): Promise<Uint8Array>;
}

/** zstd level 1: on a fast link it costs nothing, on a slow one it carries four times the rows (facts/performance.md 2). */
export function zstdCoder(options: { atOnce?: number; compresses?: boolean } = {}): ChunkCoder {
  const { atOnce = 2, compresses = true } = options;
  const limit = new Limit(atOnce);
  const unpacker = new ZstdUnpacker();
  return {
    async encode(raw) {
      if (!compresses || raw.length < worthwhileBytes) return { bytes: raw, encoding: encodings.none };
      // Room for the usual result at once: with zlib's 16 KB every chunk goes to the thread pool several times.
      const chunkSize = raw.length >> 1;
      const bytes = await limit.run(() => compress(raw, { params, chunkSize }));
      // Node puts an empty frame behind one that fills the buffer to its last byte; the other end expects a single frame.
      if (bytes.length === chunkSize + emptyFrameBytes) return { bytes: raw, encoding: encodings.none };
      if (bytes.length > raw.length * worthwhileRatio) return { bytes: raw, encoding: encodings.none };
      return { bytes, encoding: encodings.zstd };
    },
    async decode({ bytes, encoding, rawBytes }) {
      if (encoding === encodings.none) return bytes;
      try {
        return await unpacker.unpack(bytes, rawBytes);
      } catch (error) {
        throw damaged(`a chunk of ${bytes.length} bytes does not unpack to the ${rawBytes} it is said to hold`, error);
      }
    },
  };
}

/** An error for a chunk whose sizes contradict each other: the credits, and the memory of the reader, rest on `rawBytes`. */
export function chunkProblem({ bytes, encoding, rawBytes }: Encoded & { rawBytes: number }): SystemError | undefined {
  const isSound = rawBytes > 0 && rawBytes <= maxFrameBytes && bytes.length <= rawBytes;
  if (isSound && (encoding === encodings.zstd || bytes.length === rawBytes)) return undefined;
  return damaged(`a chunk of ${bytes.length} bytes is said to hold ${rawBytes}`);
}

function damaged(what: string, cause?: unknown): SystemError {
  return new SystemError('CHUNK_DAMAGED', 'uncertain', `reading from the tunnel: ${what}`, {
    cause,
    fix: 'What was sent is looked up by itself. If it comes again: a proxy between agent and relay changes the stream; let it pass the tunnel untouched, and run the same release at both ends.',
  });
}

/** A window of 128 KB packs chunks of table rows as tightly as the usual one of 512 KB, and both ends need that much less memory per chunk. */
const params = { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_windowLog]: 17 };
const worthwhileBytes = 2048;
const worthwhileRatio = 0.9;
const emptyFrameBytes = 9;
const compress = promisify(zstdCompress);

class Limit {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
