import type { Frame } from '@ml-connector/proto';
import type { Lane } from './carrier.ts';

/**
 * Adaptive batching (facts/performance.md 1): a frame goes at once when no write is pending; frames that come while one is pending go
 * together when its callback comes. Needs no timer, and costs a lone caller nothing.
 */
export class Batcher {
  readonly #write: (frames: Frame[], written: () => void) => void;
  readonly #first = new Queue();
  readonly #bulk = new Queue();
  #isWriting = false;

  constructor(write: (frames: Frame[], written: () => void) => void) {
    this.#write = write;
  }

  /** Writes what is queued without waiting for anything; for the last words of a carrier. */
  flush(): void {
    for (let batch = this.#nextBatch(); batch.length > 0; batch = this.#nextBatch()) this.#write(batch, () => undefined);
  }

  send(frame: Frame, lane: Lane): void {
    if (!this.#isWriting) {
      this.#isWriting = true;
      this.#write([frame], this.#written);
    } else (lane === 'bulk' ? this.#bulk : this.#first).push(frame);
  }

  readonly #written = (): void => {
    const batch = this.#nextBatch();
    if (batch.length > 0) this.#write(batch, this.#written);
    else this.#isWriting = false;
  };

  /** The first lane goes before the bulk lane; one bulk frame goes in every batch, so that a storm of small calls starves no table read. */
  #nextBatch(): Frame[] {
    const batch: Frame[] = [];
    let bytes = 0;
    while (!this.#first.isEmpty && batch.length < maxFrames && bytes < softBatchBytes) bytes += this.#first.shiftInto(batch);
    do {
      if (this.#bulk.isEmpty) break;
      bytes += this.#bulk.shiftInto(batch);
    } while (batch.length < maxFrames && bytes < softBatchBytes);
    return batch;
  }
}

const maxFrames = 64;
/** A batch takes no further frame once it holds this much: what is inside delays the small call behind it. */
const softBatchBytes = 128 << 10;

class Queue {
  #frames: Frame[] = [];
  #head = 0;

  get isEmpty(): boolean {
    return this.#head === this.#frames.length;
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
  }

  /** Moves one frame and answers its size. */
  shiftInto(batch: Frame[]): number {
    const frame = this.#frames[this.#head] as Frame;
    this.#head += 1;
    if (this.isEmpty) {
      this.#frames = [];
      this.#head = 0;
    }
    batch.push(frame);
    return payloadBytes(frame);
  }
}

export function payloadBytes(frame: Frame): number {
  if (frame.call) return frame.call.request.length;
  if (frame.end) return frame.end.answer?.length ?? 0;
  return frame.chunk?.bytes.length ?? 0;
}
