import type { ReadCall, TableReader } from './reader.ts';
import { readPage } from './reader.ts';

/** Decimals per currency from TCURX; a currency that is not there has two (facts/sap-ecc.md 3.2). */
export async function readCurrencyDecimals(call: ReadCall, reader: TableReader): Promise<(currency: string) => number> {
  const page = await readPage(call, reader, { table: 'TCURX', fields: ['CURRKEY', 'CURRDEC'], conditions: [], rowCount: 0 });
  const [key, decimals] = [page.slots.get('CURRKEY'), page.slots.get('CURRDEC')];
  const known = new Map<string, number>();
  if (key && decimals)
    for (const row of page.rows) known.set(row.slice(key.offset, key.end).trim(), Number(row.slice(decimals.offset, decimals.end)) || 0);
  return (currency) => known.get(currency) ?? 2;
}
