import { createZstdDecompress, type ZstdDecompress } from 'node:zlib';

interface Job {
  bytes: Uint8Array;
  rawBytes: number;
  parts: Buffer[];
  length: number;
  resolve(raw: Buffer): void;
  reject(error: Error): void;
}

/**
 * Unpacks zstd frames one after the other on one stream that lives on. Node's one-shot functions make an object per call that survives until
 * the next full garbage collection, and its buffers with it: millions of rows cost 60 MB that way.
 */
export class ZstdUnpacker {
  #stream: ZstdDecompress | undefined;
  #current: Job | undefined;
  readonly #waiting: Job[] = [];

  /** Rejects when the content is damaged, or is not exactly `rawBytes` long. */
  unpack(bytes: Uint8Array, rawBytes: number): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ bytes, rawBytes, parts: [], length: 0, resolve, reject });
      this.#next();
    });
  }

  #next(): void {
    if (this.#current) return;
    const job = this.#waiting.shift();
    if (!job) return;
    this.#current = job;
    const stream = (this.#stream ??= this.#open());
    stream.write(job.bytes, () => {
      // What the stream has unpacked reaches 'data' now or in this turn.
      if (job.length === job.rawBytes) this.#finish(job);
      else
        setImmediate(() =>
          job.length === job.rawBytes ? this.#finish(job) : this.#fail(job, new Error(`unpacked to ${job.length} bytes`)),
        );
    });
  }

  #open(): ZstdDecompress {
    const stream = createZstdDecompress({ chunkSize: outputBytes });
    stream.on('data', (part: Buffer) => {
      const job = this.#current;
      if (!job || stream !== this.#stream) return;
      job.parts.push(part);
      job.length += part.length;
      if (job.length > job.rawBytes) this.#fail(job, new Error(`unpacked to more than ${job.rawBytes} bytes`));
    });
    stream.on('error', (error) => {
      if (this.#current && stream === this.#stream) this.#fail(this.#current, error);
    });
    // Something that is no frame followed a frame.
    stream.on('end', () => {
      if (stream !== this.#stream) return;
      this.#stream = undefined;
      if (this.#current) this.#fail(this.#current, new Error('followed by bytes that are no zstd frame'));
    });
    return stream;
  }

  #finish(job: Job): void {
    if (job !== this.#current) return;
    this.#current = undefined;
    const [only] = job.parts;
    job.resolve(job.parts.length === 1 && only ? only : Buffer.concat(job.parts));
    this.#next();
  }

  /** The stream may be in the middle of a frame: the next job gets a new one. */
  #fail(job: Job, error: Error): void {
    if (job !== this.#current) return;
    this.#current = undefined;
    this.#stream?.destroy();
    this.#stream = undefined;
    job.reject(error);
    this.#next();
  }
}

/** Output is cut from buffers of this size; most chunks fit into one. */
const outputBytes = 256 << 10;
