import type { RowEncoder } from './row-encoder.ts';

/** About this many bytes go out at once. */
const chunkBytes = 200_000;

export interface ChunkWriter {
  /** Rows handed over so far. */
  readonly rows: number;
  /** Takes all rows of the encoder; waits while the receiver has no room. */
  add: (encoder: RowEncoder) => Promise<void>;
  end(): Promise<void>;
}

/** Gathers rows into `TableChunk`s of about 200 KB, as UTF-8 JSON. */
export function openChunkWriter(fields: readonly string[], emit: (chunk: Buffer) => Promise<void>): ChunkWriter {
  const head = Buffer.from(`{"fields":${JSON.stringify(fields)},"rows":[`);
  const tail = Buffer.from(']}');
  let out = Buffer.alloc(0);
  let at = 0;
  let count = 0;

  const begin = (rowBytes: number): void => {
    out = Buffer.allocUnsafeSlow(head.length + chunkBytes + rowBytes + tail.length);
    head.copy(out);
    at = head.length;
  };
  const flush = async (): Promise<void> => {
    if (at === 0) return;
    tail.copy(out, at);
    const chunk = out.subarray(0, at + tail.length);
    at = 0;
    await emit(chunk);
  };
  const add: ChunkWriter['add'] = async (encoder) => {
    for (let row = 0; row < encoder.rows; row++) {
      if (at > 0 && at + encoder.mostBytes + 1 + tail.length > out.length) await flush();
      if (at === 0) begin(encoder.mostBytes + 1);
      else out[at++] = 0x2c;
      at = encoder.write(row, out, at);
      count++;
      if (at - head.length >= chunkBytes) await flush();
    }
  };
  return {
    get rows() {
      return count;
    },
    add,
    end: flush,
  };
}
