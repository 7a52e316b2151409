/** About this many characters of JSON go out at once. */
const chunkLength = 200_000;

export interface ChunkWriter {
  /** Rows handed over so far. */
  readonly rows: number;
  /** Takes rows as JSON arrays; waits while the receiver has no room. */
  add: (rows: string[]) => Promise<void>;
  end(): Promise<void>;
}

/** Gathers rows into `TableChunk`s of about 200 KB, as UTF-8 JSON. */
export function openChunkWriter(fields: readonly string[], emit: (chunk: Buffer) => Promise<void>): ChunkWriter {
  const head = `{"fields":${JSON.stringify(fields)},"rows":[`;
  let pending: string[] = [];
  let length = 0;
  let count = 0;
  const flush = async (): Promise<void> => {
    if (pending.length === 0) return;
    const chunk = Buffer.from(`${head}${pending.join(',')}]}`);
    pending = [];
    length = 0;
    await emit(chunk);
  };
  return {
    get rows() {
      return count;
    },
    add: async (rows) => {
      for (const row of rows) {
        pending.push(row);
        length += row.length + 1;
        count++;
        if (length >= chunkLength) await flush();
      }
    },
    end: flush,
  };
}
