/** About this many bytes go out at once. */
const chunkBytes = 200_000;

/** Writes rows as JSON arrays of texts, one at a time, at `at`; answers the position behind it. */
export interface RowSource {
  /** Rows that wait to be written. */
  readonly rows: number;
  /** Most bytes a row can take. */
  readonly mostBytes: number;
  write(row: number, out: Uint8Array, at: number): number;
}

export interface ChunkWriter {
  /** Rows handed over so far. */
  readonly rows: number;
  /** Takes all rows of the source; waits while the receiver has no room. */
  add: (source: RowSource) => Promise<void>;
  end(): Promise<void>;
}

/** Gathers rows into chunks `{fields, rows}` of about 200 KB, as UTF-8 JSON. */
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
  const add: ChunkWriter['add'] = async (source) => {
    for (let row = 0; row < source.rows; row++) {
      if (at > 0 && at + source.mostBytes + 1 + tail.length > out.length) await flush();
      if (at === 0) begin(source.mostBytes + 1);
      else out[at++] = 0x2c;
      at = source.write(row, out, at);
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
