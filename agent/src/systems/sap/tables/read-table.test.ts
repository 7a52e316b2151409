import { sapTableRead, type TableChunk } from '@ml-connector/shared';
import * as fc from 'fast-check';
import type { TableLayout } from './dictionary.ts';
import { readTable } from './read-table.ts';
import type { TableReader } from './reader.ts';
import { classicReader, openFakeTable, type FakeRow, type FakeTable } from './testing/fake-table.ts';
import { sketchLayout, vendorLayout } from './testing/layouts.ts';

interface ReadSetup {
  pageRows?: number;
  reader?: TableReader;
  decimals?: Record<string, number>;
}

async function read(
  layout: TableLayout,
  table: FakeTable,
  request: object,
  { pageRows = 3, reader = classicReader, decimals = {} }: ReadSetup = {},
) {
  const chunks: TableChunk[] = [];
  const end = await readTable(sapTableRead.parse({ system: 'PRD', table: layout.table, ...request }), {
    call: table.call,
    reader,
    layout,
    pageRows,
    currencyDecimals: () => Promise.resolve((currency) => decimals[currency] ?? 2),
    emit: async (chunk) => {
      chunks.push(JSON.parse(chunk.toString('utf8')) as TableChunk);
    },
  });
  return { end, rows: chunks.flatMap((chunk) => chunk.rows), chunks };
}

const vendorRows = (count: number): FakeRow[] =>
  Array.from({ length: count }, (_, n) => ({
    LIFNR: String(100_000 + Math.floor(n / 2)).padStart(10, '0'),
    BUKRS: n % 2 === 0 ? '1000' : '2000',
    AKONT: '0000160000',
    NAME1: `Müller & Söhne ${n}`,
    ERDAT: '20240131',
  }));

test('pages follow each other by key, over two key fields', async () => {
  const table = openFakeTable(vendorLayout, vendorRows(8));
  const { rows, end } = await read(vendorLayout, table, { fields: ['BUKRS', 'LIFNR', 'NAME1'] });
  expect(rows).toEqual(vendorRows(8).map((row) => [row['BUKRS'], row['LIFNR'], row['NAME1']]));
  expect(end).toEqual({ rows: 8, reader: 'RFC_READ_TABLE', calls: 3 });
  expect(table.reads[1]?.options.join(' ')).toBe(
    "LIFNR >= '0000100001' AND ( LIFNR > '0000100001' OR ( LIFNR = '0000100001' AND BUKRS > '1000' ) )",
  );
});

test('a read can go on after a key, and end after so many rows', async () => {
  const table = openFakeTable(vendorLayout, vendorRows(20));
  const { rows } = await read(vendorLayout, table, { fields: ['LIFNR', 'BUKRS'], afterKey: ['0000100002', '1000'], maxRows: 4 });
  expect(rows.map((row) => row.join('/'))).toEqual(['0000100002/2000', '0000100003/1000', '0000100003/2000', '0000100004/1000']);
});

test('an empty table is an answer', async () => {
  const { rows, end, chunks } = await read(vendorLayout, openFakeTable(vendorLayout, []), { fields: ['LIFNR'] });
  expect([rows, end.rows, chunks.length]).toEqual([[], 0, 0]);
});

test('blank-trimmed rows, initial dates and quotes come out whole', async () => {
  const rows = [
    { LIFNR: '0000000001', BUKRS: '1000', NAME1: 'O\'Brien "Ltd" \\ 中国', ERDAT: '00000000' },
    { LIFNR: '0000000002', BUKRS: '1000', NAME1: '', ERDAT: '' },
  ];
  const result = await read(vendorLayout, openFakeTable(vendorLayout, rows), { fields: ['NAME1', 'ERDAT', 'AKONT'] });
  expect(result.rows).toEqual([
    ['O\'Brien "Ltd" \\ 中国', '00000000', ''],
    ['', '00000000', ''],
  ]);
});

const wide = sketchLayout('ZWIDE', [
  { name: 'MANDT', type: 'CLNT', length: 3, key: true },
  { name: 'ID', type: 'CHAR', length: 12, key: true },
  ...Array.from({ length: 9 }, (_, n) => ({ name: `T${n}`, type: 'CHAR', length: 200 })),
]);
const wideRow = (id: string, version = ''): FakeRow => ({
  ID: id,
  ...Object.fromEntries(Array.from({ length: 9 }, (_, n) => [`T${n}`, `${id}-T${n}${version}`])),
});
const wideFields = ['T8', 'ID', ...Array.from({ length: 8 }, (_, n) => `T${n}`)];
const asWideRow = (row: FakeRow) => wideFields.map((name) => row[name]);

test('a row wider than 512 is read in parts that carry the key, and joined', async () => {
  const table = openFakeTable(
    wide,
    ['A', 'B', 'C', 'D'].map((id) => wideRow(id)),
  );
  const { rows } = await read(wide, table, { fields: wideFields });
  expect(rows).toEqual(['A', 'B', 'C', 'D'].map((id) => asWideRow(wideRow(id))));
  expect(table.reads.every(({ fields }) => fields[0] === 'ID' && fields.length <= 3)).toBe(true);
});

test.each<[string, (table: FakeTable, read: number) => void, string[]]>([
  ['came in between', (table, n) => n === 3 && table.rows.splice(1, 0, wideRow('AB')), ['A', 'AB', 'B', 'C']],
  ['was deleted in between', (table, n) => n === 3 && table.rows.splice(1, 1), ['A', 'C']],
])('a row that %s is read again, never joined with another', async (_what, change, ids) => {
  const table = openFakeTable(wide, ['A', 'B', 'C'].map((id) => wideRow(id)));
  table.beforeRead = (n) => change(table, n);
  const { rows } = await read(wide, table, { fields: wideFields }, { pageRows: 50 });
  expect(rows).toEqual(ids.map((id) => asWideRow(wideRow(id))));
}); // prettier-ignore

test('rows that come and go meanwhile leave the number of rows that was asked for', async () => {
  const table = openFakeTable(
    wide,
    ['A', 'B', 'C', 'D', 'E', 'F', 'G'].map((id) => wideRow(id)),
  );
  table.beforeRead = (n) => n === 3 && table.rows.splice(1, 1);
  const { rows } = await read(wide, table, { fields: wideFields, maxRows: 6 }, { pageRows: 3 });
  expect(rows.map((row) => row[1])).toEqual(['A', 'C', 'D', 'E', 'F', 'G']);
  const grown = openFakeTable(
    wide,
    ['A', 'B'].map((id) => wideRow(id)),
  );
  grown.beforeRead = (n) => n === 3 && grown.rows.splice(1, 0, wideRow('AB'));
  expect((await read(wide, grown, { fields: wideFields, maxRows: 2 })).rows.map((row) => row[1])).toEqual(['A', 'AB']);
});

test('a reader narrower than the dictionary promised gets narrower parts', async () => {
  const table = openFakeTable(wide, ['A', 'B'].map((id) => wideRow(id)), 256);
  const { rows } = await read(wide, table, { fields: wideFields });
  expect(rows).toEqual(['A', 'B'].map((id) => asWideRow(wideRow(id))));
}); // prettier-ignore

const amounts = (rows: FakeRow[]) => openFakeTable(vendorLayout, rows);

test('amounts come in real units of their currency, which is read along', async () => {
  const rows = [
    { LIFNR: '1', BUKRS: '1', WRBTR: '      12.50-', WAERS: 'EUR' },
    { LIFNR: '2', BUKRS: '1', WRBTR: '1000.00 ', WAERS: 'JPY' },
    { LIFNR: '3', BUKRS: '1', WRBTR: '1.25 ', WAERS: 'KWD' },
    { LIFNR: '4', BUKRS: '1', WRBTR: '0.00 ', WAERS: '' },
  ];
  const result = await read(vendorLayout, amounts(rows), { fields: ['WRBTR'] }, { decimals: { JPY: 0, KWD: 3 } });
  expect(result.rows).toEqual([['-12.50'], ['100000'], ['0.125'], ['0.00']]);
});

test('a number too long for its column is refused with field and row, never cut', async () => {
  const rows = [{ LIFNR: '0000004711', BUKRS: '1000', WRBTR: '*23456789.12', WAERS: 'EUR' }];
  await expect(read(vendorLayout, amounts(rows), { fields: ['WRBTR'] })).rejects.toMatchObject({
    code: 'SAP_NUMBER_OVERFLOW',
    verdict: 'refused',
    message: expect.stringMatching(/WRBTR .* 0000004711\/1000/) as unknown,
  });
});

test.each([
  ['an unknown field', { fields: ['NOPE'] }, 'SAP_FIELD_MISSING'],
  ['a floating-point field', { fields: ['RATE'] }, 'SAP_FIELD_TYPE_UNSUPPORTED'],
  ['a key of the wrong length', { fields: ['LIFNR'], afterKey: ['1'] }, 'SAP_KEY_INVALID'],
  ['a key with a field that is not read itself', { fields: ['LIFNR'], afterKey: ['1', '1000'] }, 'SAP_KEY_INVALID'],
])('%s is refused before anything is read', async (_what, request, code) => {
  const table = openFakeTable(vendorLayout, vendorRows(2));
  await expect(read(vendorLayout, table, request)).rejects.toMatchObject({ code, verdict: 'refused' });
  expect(table.reads).toEqual([]);
});

test('an amount whose currency is in another table needs to be told where, or comes as it is stored', async () => {
  const layout = sketchLayout('BSEG', [
    { name: 'BELNR', type: 'CHAR', length: 10, key: true },
    { name: 'DMBTR', type: 'CURR', length: 13, decimals: 2, reference: 'T001-WAERS' },
    { name: 'PSWSL', type: 'CUKY', length: 5 },
  ]);
  const table = openFakeTable(layout, [{ BELNR: '1', DMBTR: '5.00', PSWSL: 'JPY' }]);
  await expect(read(layout, table, { fields: ['DMBTR'] })).rejects.toMatchObject({ code: 'SAP_CURRENCY_UNKNOWN' });
  const { rows } = await read(layout, table, { fields: ['DMBTR'], currencyFields: { DMBTR: 'PSWSL' } }, { decimals: { JPY: 0 } });
  expect(rows).toEqual([['500']]);
  expect((await read(layout, table, { fields: ['DMBTR'], amounts: 'stored' })).rows).toEqual([['5.00']]);
});

test('rows out of key order on a full page end the read, and are sorted on the last page', async () => {
  const shuffled = [vendorRows(6)[4], vendorRows(6)[0], vendorRows(6)[2], vendorRows(6)[1]] as FakeRow[];
  await expect(read(vendorLayout, openFakeTable(vendorLayout, shuffled), { fields: ['LIFNR'] })).rejects.toMatchObject({
    code: 'SAP_ROWS_UNSORTED',
    verdict: 'refused',
  });
  const { rows } = await read(vendorLayout, openFakeTable(vendorLayout, shuffled), { fields: ['LIFNR', 'BUKRS'] }, { pageRows: 10 });
  expect(rows.map((row) => row.join('/'))).toEqual(['0000100000/1000', '0000100000/2000', '0000100001/1000', '0000100002/1000']);
});

test('a long list on the first key field is read in portions of 50, still in key order', async () => {
  const table = openFakeTable(vendorLayout, vendorRows(240));
  const values = vendorRows(240).map((row) => row['LIFNR']).reverse();
  const { rows } = await read(vendorLayout, table, { fields: ['LIFNR', 'BUKRS'], where: [{ field: 'LIFNR', op: 'IN', values }] }, { pageRows: 1000 });
  expect(rows.map((row) => row[0])).toEqual(vendorRows(240).map((row) => row['LIFNR']));
  expect(table.reads).toHaveLength(3);
}); // prettier-ignore

test('whatever the page size and the width, every row comes once, in order', async () => {
  const word = fc.string({ unit: fc.constantFrom('A', 'B', 'a', '0', '9', "'", ' ', 'Ü'), minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(fc.tuple(word, word), { selector: ([a, b]) => `${a.trimEnd()}\0${b.trimEnd()}`, maxLength: 40 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 60, max: 120 }),
      async (keys, pageRows, width) => {
        const layout = sketchLayout('ZKEYS', [
          { name: 'K1', type: 'CHAR', length: 4, key: true },
          { name: 'K2', type: 'CHAR', length: 4, key: true },
          { name: 'V1', type: 'CHAR', length: 40 },
          { name: 'V2', type: 'CHAR', length: 40 },
        ]);
        const ordered = keys
          .map(([a, b]) => ({ K1: a.trimEnd(), K2: b.trimEnd(), V1: `1${a.trimEnd()}${b.trimEnd()}`, V2: `2${a.trimEnd()}` }))
          .sort((a, b) => (a.K1.padEnd(4) + a.K2.padEnd(4) < b.K1.padEnd(4) + b.K2.padEnd(4) ? -1 : 1));
        const table = openFakeTable(layout, ordered, width);
        const { rows } = await read(layout, table, { fields: ['K1', 'K2', 'V1', 'V2'] }, { pageRows, reader: { ...classicReader, width } });
        expect(rows).toEqual(ordered.map((row) => [row.K1, row.K2, row.V1, row.V2]));
      },
    ),
    { numRuns: 60 },
  );
});
