import { isDeepStrictEqual } from 'node:util';
import { multiplyAmounts, addAmounts, compareAmounts } from '@ml-connector/shared';
import { Database, JdeTable, tableDefinitions, type Row } from '../data/index.ts';
import { seedTables } from './index.ts';

const today = '20250304';
const tables = seedTables({ today });

function rows(table: string): readonly Row[] {
  return tables[table] ?? [];
}

test.each(tableDefinitions.map((definition) => [definition.name, definition] as const))(
  '%s: every row fits its columns as it stands, and no key comes twice',
  (name, definition) => {
    const table = new JdeTable(definition);
    const changed = rows(name).filter((row) => table.get(row) !== undefined || !isDeepStrictEqual(table.put(row), row));
    expect(changed).toEqual([]);
    expect(isDeepStrictEqual(table.rows, new Database({ [name]: rows(name) }).table(name).rows)).toBe(true);
  },
);

test('the same seed and day give the same rows', () => {
  const sizes = { suppliers: 50, orders: 20, accounts: 100, today };
  expect(seedTables(sizes)).toEqual(seedTables(sizes));
  expect(seedTables({ ...sizes, seed: 2 })).not.toEqual(seedTables(sizes));
});

test.each<[string, string, (row: Row) => boolean]>([
  ['a name of 40 characters', 'F0101', ({ ALPH = '' }) => ALPH.length === 40],
  ['an apostrophe', 'F0101', ({ ALPH = '' }) => ALPH.includes("O'Brien")],
  ['a Chinese name', 'F0101', ({ ALPH = '' }) => /[\u4e00-\u9fff]/.test(ALPH)],
  ["the site's own search type", 'F0101', ({ AT1 }) => AT1 === 'VX'],
  ['an address that begins later', 'F0116', ({ EFTB = '' }) => EFTB > today],
  ['an address without a beginning', 'F0116', ({ EFTB }) => EFTB === ''],
  ['a country that is not ISO', 'F0116', ({ CTR }) => CTR === 'UK'],
  ['a mailing name left blank', 'F0111', ({ IDLN, MLNM }) => IDLN === '0' && MLNM === ''],
  ['an e-mail of a contact', 'F01151', ({ IDLN, ETP }) => IDLN === '1' && ETP === 'E'],
  ['a fax', 'F0115', ({ PHTP }) => PHTP === 'FAX'],
  ['payments held', 'F0401', ({ HDPY }) => HDPY === 'Y'],
  ["the company's currency", 'F0401', ({ CRRP }) => CRRP === ''],
  ['terms that F0014 does not have', 'F0401', ({ TRAP }) => TRAP === 'ZZZ'],
  ['a requisition', 'F4301', ({ DCTO }) => DCTO === 'OR'],
  ['a quote', 'F4301', ({ DCTO }) => DCTO === 'OQ'],
  ['an order in yen', 'F4301', ({ CRCD, CRRM }) => CRCD === 'JPY' && CRRM === 'F'],
  ['a split line', 'F4311', ({ LNID = '' }) => LNID.endsWith('.100')],
  ['a text line', 'F4311', ({ LNTY }) => LNTY === 'T'],
  ['freight', 'F4311', ({ LNTY }) => LNTY === 'F'],
  ['an account without an item', 'F4311', ({ LNTY, ITM, AID }) => LNTY === 'J' && ITM === '0' && AID !== ''],
  ['an amount without a quantity', 'F4311', ({ LNTY, UORG, AEXP }) => LNTY === 'J' && UORG === '0' && AEXP !== '0'],
  ['a price per case', 'F4311', ({ UOM, UOM3 }) => UOM === 'EA' && UOM3 === 'CS'],
  ['a cancelled line', 'F4311', ({ LTTR, NXTR, UOPN }) => LTTR === '980' && NXTR === '999' && UOPN === '0'],
  ['a title of the chart', 'F0901', ({ LDA, PEC }) => LDA === '3' && PEC === 'N'],
  ['a closed account', 'F0901', ({ PEC }) => PEC === 'I'],
  ['an account that the machine posts to', 'F0901', ({ PEC }) => PEC === 'M'],
  ['a subsidiary', 'F0901', ({ SUB }) => SUB === 'BEAR'],
])('there is %s', (_what, table, isOne) => {
  expect(rows(table).some(isOne)).toBe(true);
});

test('sizes are as asked for, and some entries are no suppliers', () => {
  expect([rows('F0401').length, rows('F4301').length, rows('F0901').length]).toEqual([2000, 300, 800]);
  expect(rows('F0101').length).toBeGreaterThan(2000);
});

test('an order has 1 to 120 lines, and its header adds them up', () => {
  const lines = Map.groupBy(rows('F4311'), ({ DOCO }) => DOCO);
  const counts = rows('F4301').map(({ DOCO }) => lines.get(DOCO)?.length ?? 0);
  expect([Math.min(...counts), Math.max(...counts)]).toEqual([1, 120]);
  for (const { DOCO, OTOT = '' } of rows('F4301'))
    expect(OTOT).toBe(addAmounts('0', ...(lines.get(DOCO) ?? []).map(({ AEXP = '' }) => AEXP)));
});

test('a foreign line costs its foreign amount times the rate, to half a cent', () => {
  const foreign = rows('F4311').filter(({ CRMD }) => CRMD === 'F');
  expect(foreign.length).toBeGreaterThan(100);
  for (const { FEA = '', CRR = '', AEXP = '' } of foreign) {
    const exact = multiplyAmounts(FEA, CRR);
    expect(compareAmounts(AEXP, addAmounts(exact, '-0.005'))).not.toBe(-1);
    expect(compareAmounts(AEXP, addAmounts(exact, '0.005'))).not.toBe(1);
  }
});
