import { openChunkWriter, type ChunkWriter } from '../../chunks.ts';
import type { Column } from './columns.ts';
import type { Page } from './page.ts';
import { openRowSource } from './values.ts';

export interface Output {
  readonly rows: number;
  /** The page is released when its rows are written. */
  add(page: Page, rows: number, order?: Uint32Array): Promise<void>;
  end(): Promise<void>;
}

/** Chunks name the fields of their rows; where security changes those between two pages, a new chunk begins. */
export function openOutput(columns: readonly Column[], emit: (chunk: Buffer) => Promise<void>): Output {
  let writer: ChunkWriter | undefined;
  let fields = '';
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    add: async (page, count, order) => {
      const delivered = columns.flatMap(({ field }, index) => (page.delivers[index] ? [field] : []));
      if (delivered.join() !== fields) {
        await writer?.end();
        writer = undefined;
        fields = delivered.join();
      }
      writer ??= openChunkWriter(delivered, emit);
      rows += count;
      await writer.add(openRowSource(page, columns, { rows: count, order }));
      page.release();
    },
    end: async () => {
      await writer?.end();
    },
  };
}
