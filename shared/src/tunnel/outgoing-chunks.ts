import { SystemError } from '../errors.ts';
import { maxFrameBytes, type Carrier, type Lane } from './carrier.ts';
import type { ChunkCoder } from './chunk-coder.ts';

export interface OutgoingChunksDeps {
  carrier: Carrier;
  coder: ChunkCoder;
  callId: number;
  creditBytes: number;
  signal: AbortSignal;
}

/** Chunks of one streamed answer on their way out: in order, compressed, and no more than the reader has given credit for. */
export class OutgoingChunks {
  readonly #deps: OutgoingChunksDeps;
  #creditBytes: number;
  #hasSent = false;
  /** Resolves when everything accepted so far is with the carrier. */
  #sent: Promise<void> = Promise.resolve();
  #wake: (() => void)[] = [];

  constructor(deps: OutgoingChunksDeps) {
    this.#deps = deps;
    this.#creditBytes = deps.creditBytes;
  }

  /** The lane the closing answer must take, so that it does not overtake its chunks. */
  get lane(): Lane {
    return this.#hasSent ? 'bulk' : 'first';
  }

  credit(bytes: number): void {
    this.#creditBytes += bytes;
    this.#wakeAll();
  }

  /** Resolves when the next chunk may come: there is credit, and the chunk before this one is with the carrier. */
  async send(raw: Uint8Array, options: { answerPart?: boolean } = {}): Promise<void> {
    const { carrier, coder, callId, signal } = this.#deps;
    signal.throwIfAborted();
    if (raw.length > maxFrameBytes) {
      const message = `a chunk of ${raw.length} bytes; a tunnel takes ${maxFrameBytes}`;
      throw new SystemError('CHUNK_TOO_LARGE', 'refused', message, { fix: 'Send fewer rows per chunk.' });
    }
    // The reader may be charged below zero once: a chunk larger than the whole window must get through.
    this.#creditBytes -= raw.length;
    this.#hasSent = true;
    const before = this.#sent;
    const encoded = coder.encode(raw);
    const sendInOrder = async (): Promise<void> => {
      await before;
      const { bytes, encoding } = await encoded;
      if (!signal.aborted)
        carrier.send({ chunk: { callId, bytes, encoding, rawBytes: raw.length, answerPart: options.answerPart } }, 'bulk');
    };
    this.#sent = sendInOrder();
    this.#sent.catch(() => undefined); // met by whoever sends or closes next
    await before;
    while (this.#creditBytes <= 0) await this.#credited();
    signal.throwIfAborted();
  }

  /** Sends a closing answer too large for one frame in parts; answers what is to go with the end itself. */
  async sendAnswerParts(answer: Uint8Array): Promise<Uint8Array> {
    await this.#sent;
    if (answer.length <= answerPartBytes) return answer;
    for (let start = 0; start < answer.length; start += answerPartBytes)
      await this.send(answer.subarray(start, start + answerPartBytes), { answerPart: true });
    await this.#sent;
    return Buffer.alloc(0);
  }

  #credited(): Promise<void> {
    const { signal } = this.#deps;
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(signal.reason as Error);
      if (signal.aborted) return onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      this.#wake.push(() => {
        signal.removeEventListener('abort', onAbort);
        resolve();
      });
    });
  }

  #wakeAll(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

/** Answers above this go out in parts of this size, compressed. */
const answerPartBytes = 256 << 10;
