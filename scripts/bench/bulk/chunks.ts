import type { TableChunk } from '@ml-connector/shared';
import { invoiceRow } from '../tunnel/payloads.ts';

export const rowsPerChunk = 1000;
const distinctChunks = 20;

/** `TableChunk`s of 1,000 rows as the RFC process hands them over: ready UTF-8 JSON, about 190 KB. The same twenty over and over. */
export function preparedChunks(): (chunk: number) => Buffer {
  const fields = Array.from({ length: 20 }, (_, i) => `FIELD${i + 1}`);
  const prepared = Array.from({ length: distinctChunks }, (_, chunk): Buffer => {
    const rows = Array.from({ length: rowsPerChunk }, (__, i) => invoiceRow(chunk * rowsPerChunk + i));
    return Buffer.from(JSON.stringify({ fields, rows } satisfies TableChunk));
  });
  return (chunk) => prepared[chunk % distinctChunks] as Buffer;
}

/** What a reader does with a chunk, so that nobody can leave the parsing out. Answers its rows. */
export function useUp({ fields, rows }: TableChunk): number {
  if (rows.some((row) => row.length !== fields.length)) throw new Error('a row has lost its fields');
  return rows.length;
}
