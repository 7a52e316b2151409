import { addAmounts, languageKey, type Condition } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { Row, SapSession } from '../session.ts';
import { collectAll, onlyIn, selectByKeys } from '../vendors/index.ts';
import { readPrices } from './prices.ts';
import { materialReads } from './reads.ts';
import type { ReadMaterials, SapMaterial } from './types.ts';

export interface MaterialSource extends Omit<ReadMaterials, 'mode' | 'cursor' | 'keys' | 'progress'> {
  session: SapSession;
  scope: CallScope;
  /** Server's date, YYYYMMDD. */
  today: string;
}

type GeneralRow = Row<(typeof materialReads.MARA)[number]>;

/** Up to `size` materials in key order after `afterKey`; an empty page ends the table. */
export async function readPage(source: MaterialSource, { afterKey, size }: { afterKey: string; size: number }): Promise<SapMaterial[]> {
  const { session, scope, materialTypes = [] } = source;
  const start = afterKey === '' ? {} : { afterKey: [afterKey] };
  const rows = await collectAll([onlyIn('MTART', materialTypes)], (where) =>
    session.readTable({ table: 'MARA', fields: materialReads.MARA, where, ...start, maxRows: size }, scope),
  );
  const numbers = rows.map(({ MATNR }) => MATNR);
  // Of a page without gaps a range is one request per table where lists are several.
  return complete(source, rows, materialTypes.length === 0 ? [between(numbers)] : selectByKeys('MATNR', numbers));
}

/** Those of these materials that SAP holds and that are of the wanted types. */
export async function readByNumber(source: MaterialSource, numbers: readonly string[]): Promise<SapMaterial[]> {
  const { session, scope, materialTypes = [] } = source;
  const selections = selectByKeys('MATNR', numbers);
  const rows = await collectAll(selections, (where) =>
    session.readTable({ table: 'MARA', fields: materialReads.MARA, where: [...where, ...onlyIn('MTART', materialTypes)] }, scope),
  );
  return complete(
    source,
    rows,
    selectByKeys(
      'MATNR',
      rows.map(({ MATNR }) => MATNR),
    ),
  );
}

async function complete(source: MaterialSource, rows: readonly GeneralRow[], selections: Condition[][]): Promise<SapMaterial[]> {
  if (rows.length === 0) return [];
  const descriptions = await readDescriptions(source, selections);
  const stock = await readStock(source, selections);
  const prices = await readPrices(source, selections);
  return rows.map((row) => ({
    number: row.MATNR,
    description: descriptions.get(row.MATNR) ?? '',
    materialType: row.MTART,
    materialGroup: row.MATKL,
    baseUnit: row.MEINS,
    ean: row.EAN11,
    grossWeight: plain(row.BRGEW),
    netWeight: plain(row.NTGEW),
    weightUnit: row.GEWEI,
    isDeleted: row.LVORM === 'X',
    stock: stock.get(row.MATNR) ?? [],
    prices: prices.get(row.MATNR) ?? [],
  }));
}

async function readDescriptions({ session, scope, language }: MaterialSource, selections: Condition[][]): Promise<Map<string, string>> {
  const wanted = [languageKey(language), languageKey('EN')];
  const rank = (key: string): number => (wanted.includes(key) ? wanted.indexOf(key) : wanted.length);
  const rows = await collectAll(selections, (where) => session.readTable({ table: 'MAKT', fields: materialReads.MAKT, where }, scope));
  const best = new Map<string, { text: string; rank: number }>();
  for (const { MATNR, SPRAS, MAKTX } of rows) {
    const known = best.get(MATNR);
    if (MAKTX !== '' && (!known || rank(SPRAS) < known.rank)) best.set(MATNR, { text: MAKTX, rank: rank(SPRAS) });
  }
  return new Map([...best].map(([number, { text }]) => [number, text]));
}

/** Unrestricted stock; what is marked for deletion in a storage location is not there any more. */
async function readStock(
  { session, scope, plants, storageLocations = [] }: MaterialSource,
  selections: Condition[][],
): Promise<Map<string, SapMaterial['stock']>> {
  const places = [...onlyIn('WERKS', plants), ...onlyIn('LGORT', storageLocations)];
  const rows = await collectAll(selections, (where) =>
    session.readTable({ table: 'MARD', fields: materialReads.MARD, where: [...where, ...places] }, scope),
  );
  const present = rows.filter(({ LVORM }) => LVORM === '');
  return new Map(
    [...Map.groupBy(present, ({ MATNR }) => MATNR)].map(([number, own]) => [
      number,
      own.map(({ WERKS, LGORT, LABST }) => ({ plant: WERKS, storageLocation: LGORT, quantity: plain(LABST) })),
    ]),
  );
}

function between(numbers: readonly string[]): Condition[] {
  return [
    { field: 'MATNR', op: 'GE', value: numbers[0] ?? '' },
    { field: 'MATNR', op: 'LE', value: numbers.at(-1) ?? '' },
  ];
}

/** `12.000` as `12`. */
function plain(quantity: string): string {
  return addAmounts('0', quantity || '0');
}
