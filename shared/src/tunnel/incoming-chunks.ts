import type { Chunk, End } from '@ml-connector/proto';
import { SystemError } from '../errors.ts';
import { maxFrameBytes } from './carrier.ts';
import type { ChunkCoder } from './chunk-coder.ts';

interface Waiting {
  chunk: Chunk;
  decoded?: Promise<Uint8Array>;
}
type Next = { bytes: Uint8Array; rawBytes: number } | { end: End };

/** Chunks of one streamed answer on their way to its reader. They wait compressed; only the next two are unpacked ahead of the reader. */
export class IncomingChunks {
  readonly #coder: ChunkCoder;
  readonly #windowBytes: number;
  readonly #waiting: Waiting[] = [];
  #waitingBytes = 0;
  #end: End | undefined;
  #error: SystemError | undefined;
  #wakeReader: (() => void) | undefined;

  constructor({ coder, windowBytes }: { coder: ChunkCoder; windowBytes: number }) {
    this.#coder = coder;
    this.#windowBytes = windowBytes;
  }

  /** Answers an error when the call must be given up: the agent sends on without credit. */
  push(chunk: Chunk): SystemError | undefined {
    this.#waitingBytes += chunk.rawBytes;
    // The last chunk may exceed the window by all of its size.
    if (this.#waitingBytes > this.#windowBytes + maxFrameBytes || this.#waiting.length >= mostWaiting) {
      const unread = `${this.#waiting.length + 1} chunks of ${this.#waitingBytes} bytes are unread`;
      return new SystemError('CREDIT_EXCEEDED', 'uncertain', `the agent sent on without credit: ${unread}`);
    }
    this.#waiting.push({ chunk });
    this.#unpackAhead();
    this.#wakeReader?.();
    return undefined;
  }

  end(end: End): void {
    this.#end = end;
    this.#wakeReader?.();
  }

  /** What came before is not delivered any more: the reader learns of the failure at once. */
  fail(error: SystemError): void {
    this.#error = error;
    this.#wakeReader?.();
  }

  /** One reader at a time. */
  async next(): Promise<Next> {
    for (;;) {
      if (this.#error) throw this.#error;
      const first = this.#waiting.shift();
      if (first) {
        this.#waitingBytes -= first.chunk.rawBytes;
        const bytes = await (first.decoded ?? this.#coder.decode(first.chunk));
        this.#unpackAhead();
        return { bytes, rawBytes: first.chunk.rawBytes };
      }
      if (this.#end) return { end: this.#end };
      await new Promise<void>((resolve) => {
        this.#wakeReader = resolve;
      });
      this.#wakeReader = undefined;
    }
  }

  #unpackAhead(): void {
    for (const waiting of this.#waiting.slice(0, ahead)) {
      if (waiting.decoded) continue;
      waiting.decoded = this.#coder.decode(waiting.chunk);
      waiting.decoded.catch(() => undefined); // the reader meets it in next(), or has left
    }
  }
}

/** Chunks cost memory beside their content, also the smallest ones. */
const mostWaiting = 100_000;

const ahead = 2;
