import { BulkTable } from './bulk.ts';
import { layOut, rowWriter } from './row-text.ts';
import { StoredTable, type Selection } from './table.ts';
import { parseWhere } from './where.ts';

function countries(count: number): StoredTable {
  const table = StoredTable.of('T005');
  table.load(Array.from({ length: count }, (_, index) => ({ LAND1: String(100 + index), WAERS: index % 2 ? 'EUR' : 'USD' })));
  return table;
}

function keys(table: StoredTable, clause: string, selection: Selection = {}): string[] {
  const where = parseWhere([clause], table.definition);
  return [...table.select({ where, ...selection })].map(({ LAND1 = '' }) => LAND1);
}

describe('order of rows', () => {
  const table = countries(50);
  const sorted = Array.from({ length: 50 }, (_, index) => String(100 + index));

  test.each([
    ['a restriction on the key', "LAND1 >= '110'", { count: 5 }, sorted.slice(10, 15)],
    ['ROWSKIPS behind a restriction on the key', "LAND1 >= '110'", { skip: 5, count: 5 }, sorted.slice(15, 20)],
    ['GET_SORTED', '', { skip: 3, count: 2, sorted: true }, sorted.slice(3, 5)],
    ['a first page', '', { count: 3 }, sorted.slice(0, 3)],
  ])('%s is answered in key order', (_what, clause, selection, expected) => {
    expect(keys(table, clause, selection)).toEqual(expected);
  });

  test.each([
    ['a whole read', '', {}],
    ['a clause on another field', "WAERS = 'EUR'", {}],
    ['a first page where the database scans', '', { count: 20, order: 'heap' as const }],
  ])('%s is answered as rows lie on disk', (_what, clause, selection) => {
    const found = keys(table, clause, selection);
    expect(found.length).toBeGreaterThanOrEqual(20);
    expect(found).not.toEqual([...found].sort());
    expect(keys(table, clause, selection)).toEqual(found);
  });

  test('pages by ROWSKIPS hold every row once', () => {
    const seen = [0, 20, 40].flatMap((skip) => keys(table, '', { skip, count: 20, order: 'heap' }));
    expect(seen.sort()).toEqual(sorted);
  });
});

describe('a stored table', () => {
  test('takes rows out of order, finds them by key and refuses a second one', () => {
    const table = countries(3);
    table.insert({ LAND1: '099' });
    expect(table.all().map(({ LAND1 }) => LAND1)).toEqual(['099', '100', '101', '102']);
    expect(table.get(['101'])).toMatchObject({ WAERS: 'EUR', LNPLZ: '00', SPRAS: '' });
    expect(() => table.insert({ LAND1: '101' })).toThrow('T005: key 101 exists');
    expect(table.delete(['101'])).toBe(true);
    expect(table.get(['101'])).toBeUndefined();
  });

  test.each([
    ['too long', { LAND1: 'ABCD' }, 'T005-LAND1: "ABCD" has 4 characters, the field takes 3'],
    ['no digits', { LAND1: 'A', LNPLZ: 'x' }, 'T005-LNPLZ: "x" does not have 2 digits'],
    ['an unknown field', { LAND1: 'A', NAME: 'x' }, 'T005 has no field NAME'],
  ])('refuses a value that is %s', (_what, row, message) => {
    expect(() => StoredTable.of('T005').insert(row)).toThrow(message);
  });

  test('key fields cannot be changed', () => {
    expect(() => countries(1).update(['100'], { LAND1: 'X' })).toThrow('T005-LAND1 is a key field');
  });
});

describe('ZBULK', () => {
  const table = new BulkTable(2500);
  const where = (clause: string): Selection => ({ where: parseWhere([clause], table.definition) });

  test.each([
    ["CUSTNO > '0000000010'", { count: 5 }, '0000000011', 5],
    ["CUSTNO >= '0000002498'", { count: 50 }, '0000002498', 3],
    ["CUSTNO BETWEEN '0000000100' AND '0000000199'", {}, '0000000100', 100],
    ["CUSTNO > '9'", {}, undefined, 0],
    ['', { skip: 2499 }, '0000002500', 1],
  ])('%s', (clause, selection, first, count) => {
    const rows = [...table.select({ ...where(clause), ...selection })];
    expect([rows[0]?.['CUSTNO'], rows.length]).toEqual([first, count]);
    const run = table.runFor({ ...where(clause), ...selection });
    expect(run?.count).toBe(count);
  });

  test('rows written at once are those written one by one', () => {
    const layout = layOut(table.definition.fields, '', 'digits');
    const toText = rowWriter(table.definition, layout, '100');
    const selection = { ...where("CUSTNO > '0000000990'"), count: 30 };
    const run = table.runFor(selection);
    const { bytes, ends } = table.write(run ?? { first: 0, count: 0 }, toText, 3);
    const texts = [...ends].map((end, index) => bytes.toString('utf8', ends[index - 1] ?? 0, end));
    expect(texts).toEqual([...table.select(selection)].map(toText));
  });

  test('other fields are looked at row by row', () => {
    const rows = [...table.select({ ...where("LAND1 = 'CH' AND CUSTNO <= '0000000100'"), count: 3 })];
    expect(rows.map(({ LAND1 }) => LAND1)).toEqual(['CH', 'CH', 'CH']);
    expect(table.runFor(where("LAND1 = 'CH'"))).toBeUndefined();
    expect(table.get(['0000000007'])).toMatchObject({ CUSTNO: '0000000007' });
    expect(table.get(['7'])).toBeUndefined();
  });
});
