import { addAmounts, isSystemError, type Condition } from '@ml-connector/shared';
import type { Row } from '../session.ts';
import { collectAll, selectByKeys } from '../vendors/index.ts';
import { materialReads } from './reads.ts';
import type { MaterialSource } from './read-whole.ts';
import type { SapMaterial } from './types.ts';

export type MaterialPrice = SapMaterial['prices'][number];

/** Condition tables by material, in the order of SAP's usual access sequence: what the first one holds counts. */
const conditionTables = ['A304', 'A004'] as const;
/** Calculation types in percent. */
const percentages = ['A', 'H', 'I'];

/** Prices valid today, by material. None where no sales organisation and distribution channel are given. */
export async function readPrices(source: MaterialSource, selections: Condition[][]): Promise<ReadonlyMap<string, MaterialPrice[]>> {
  const { salesOrganisation, distributionChannel } = source;
  if (!salesOrganisation || !distributionChannel) return new Map();
  const records = new Map<string, string>();
  for (const table of conditionTables)
    for (const { MATNR, KNUMH } of await readRecords(source, table, selections)) if (!records.has(MATNR)) records.set(MATNR, KNUMH);
  const prices = await readAmounts(source, [...new Set(records.values())].toSorted());
  return new Map(
    [...records].map(([material, record]) => [
      material,
      (prices.get(record) ?? []).map((price) => ({ ...price, salesOrganisation, distributionChannel })),
    ]),
  );
}

/** Numbers of the condition records by material; none where the system has no such table. */
async function readRecords(
  { session, scope, today, conditionType = 'PR00', salesOrganisation = '', distributionChannel = '' }: MaterialSource,
  table: (typeof conditionTables)[number],
  selections: Condition[][],
): Promise<{ MATNR: string; KNUMH: string }[]> {
  const valid: Condition[] = [
    { field: 'KAPPL', op: 'EQ', value: 'V' },
    { field: 'KSCHL', op: 'EQ', value: conditionType },
    { field: 'VKORG', op: 'EQ', value: salesOrganisation },
    { field: 'VTWEG', op: 'EQ', value: distributionChannel },
    // Records with a release status are in use only once they are released.
    ...(table === 'A304' ? [{ field: 'KFRST', op: 'EQ', value: '' } as const] : []),
    { field: 'DATBI', op: 'GE', value: today },
    { field: 'DATAB', op: 'LE', value: today },
  ];
  try {
    return await collectAll(selections, (where) =>
      session.readTable({ table, fields: ['MATNR', 'KNUMH'], where: [...valid, ...where] }, scope),
    );
  } catch (error) {
    if (isSystemError(error) && error.code === 'SAP_TABLE_MISSING') return [];
    throw error;
  }
}

/** Amounts per record. Percentages, and what is marked for deletion, are no prices. */
async function readAmounts(
  { session, scope }: MaterialSource,
  records: readonly string[],
): Promise<Map<string, Omit<MaterialPrice, 'salesOrganisation' | 'distributionChannel'>[]>> {
  const rows: Row<(typeof materialReads.KONP)[number]>[] = await collectAll(selectByKeys('KNUMH', records), (where) =>
    session.readTable({ table: 'KONP', fields: materialReads.KONP, where }, scope),
  );
  const prices = rows.filter(({ KRECH, KONWA, LOEVM_KO }) => LOEVM_KO === '' && KONWA !== '%' && !percentages.includes(KRECH));
  const byRecord = Map.groupBy(prices, ({ KNUMH }) => KNUMH);
  return new Map(
    [...byRecord].map(([record, own]) => [
      record,
      own.map(({ KSCHL, KBETR, KONWA, KPEIN, KMEIN }) => ({
        conditionType: KSCHL,
        amount: KBETR,
        currency: KONWA,
        // Initial where nobody entered it: per unit.
        per: addAmounts('0', KPEIN || '0') === '0' ? '1' : addAmounts('0', KPEIN),
        unit: KMEIN,
      })),
    ]),
  );
}
