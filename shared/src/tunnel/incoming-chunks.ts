import type { Chunk, End } from '@ml-connector/proto';
import type { SystemError } from '../errors.ts';
import type { ChunkCoder } from './chunk-coder.ts';

interface Waiting {
  chunk: Chunk;
  decoded?: Promise<Uint8Array>;
}
type Next = { bytes: Uint8Array; rawBytes: number } | { end: End };

/** Chunks of one streamed answer on their way to its reader. They wait compressed; only the next two are unpacked ahead of the reader. */
export class IncomingChunks {
  readonly #coder: ChunkCoder;
  readonly #waiting: Waiting[] = [];
  #end: End | undefined;
  #error: SystemError | undefined;
  #wakeReader: (() => void) | undefined;

  constructor(coder: ChunkCoder) {
    this.#coder = coder;
  }

  push(chunk: Chunk): void {
    this.#waiting.push({ chunk });
    this.#unpackAhead();
    this.#wakeReader?.();
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

const ahead = 2;
