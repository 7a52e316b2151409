import { openChunkWriter } from '../../chunks.ts';
import { gridAnswer } from '../testing/stub-ais.ts';
import { toColumns } from './columns.ts';
import { readPageBody, type Page } from './page.ts';
import { keyAt, openRowSource } from './values.ts';

const columnsOf = (fields: string, decimals: Record<string, number> = {}) => {
  const names = fields.split(' ');
  return toColumns({ system: 'JPD', table: 'F4311', fields: names, key: [names[0] ?? ''], where: [] }, decimals);
};

function read(body: string, fields: string, decimals: Record<string, number> = {}) {
  const columns = columnsOf(fields, decimals);
  return { columns, content: readPageBody(Buffer.from(body), { table: 'F4311', columns, askedRows: 10 }) };
}

async function rowsOf(body: string, fields: string, decimals: Record<string, number> = {}): Promise<unknown[]> {
  const { columns, content } = read(body, fields, decimals);
  const page = content.value();
  const chunks: Buffer[] = [];
  const names = columns.flatMap(({ field }, index) => (page.delivers[index] ? [field] : []));
  const writer = openChunkWriter(names, async (chunk) => void chunks.push(chunk));
  await writer.add(openRowSource(page, columns, { rows: page.rowset.rows }));
  await writer.end();
  return chunks.flatMap((chunk) => (JSON.parse(chunk.toString('utf8')) as { rows: unknown[] }).rows);
}

/** A rowset as AIS might write it, where JSON.stringify would not. */
const withRow = (row: string): string =>
  JSON.stringify(gridAnswer('F4311', [{ DOCO: 1 }], { columns: ['DOCO', 'V'] })).replace('{"F4311_DOCO":1}', () => row);

test.each<[string, string, string]>([
  ['a whole number', '4501', '4501'],
  ['the digits AIS gives', '3239.00', '3239.00'],
  ['a negative number', '-12.5', '-12.5'],
  ['more digits than a JS number holds', '12345678901234567.89', '12345678901234567.89'],
  ['an exponent', '1.0E7', '10000000'],
  ['a small exponent', '-1.5e-3', '-0.0015'],
  ['a date', '"20250304"', '20250304'],
  ['no date', 'null', ''],
  ['a blank', '" "', ''],
  ['an empty text', '""', ''],
  ['a right-justified text', '"          30"', '30'],
  ['a padded text', '"OP        "', 'OP'],
  ['blanks inside a text', '"  Müller  & Söhne "', 'Müller  & Söhne'],
  ['a quote and a backslash', '"24\\" \\\\ Rohr"', '24" \\ Rohr'],
  ['an escaped character', '"\\u4f60\\u597d \\/"', '你好 /'],
  ['another script', '"日本語 😀"', '日本語 😀'],
  ['a line break', '"a\\nb"', 'a\nb'],
  ['a raw control character', '"a\u0001b"', 'a\u0001b'],
  ['a truth', 'true', 'true'],
])('%s comes as it should', async (_what, written, value) => {
  expect(await rowsOf(withRow(`{"F4311_DOCO":1,"F4311_V":${written}}`), 'DOCO V')).toEqual([['1', value]]);
});

test.each([
  ['93015', '093015'],
  ['0', '000000'],
  ['235959', '235959'],
  ['93015.0', '093015'],
  ['"93015"', '093015'],
  ['null', ''],
  ['" "', ''],
])('the time %s comes as %s', async (written, value) => {
  expect(await rowsOf(withRow(`{"F4311_DOCO":1,"F4311_TDAY":${written}}`), 'DOCO TDAY')).toEqual([['1', value]]);
});

test('a column with an override has its decimal point moved, exactly', async () => {
  const body = withRow('{"F4311_DOCO":1,"F4311_UORG":1250,"F4311_FEA":12.5,"F4311_PRRC":1.0E2}');
  const decimals = { 'F4311.UORG': 2, 'F4311.FEA': -2, 'F4311.PRRC': 1 };
  expect(await rowsOf(body, 'DOCO UORG FEA PRRC', decimals)).toEqual([['1', '12.50', '1250', '10.0']]);
});

test('members come in any order, with others between them, and may be absent', async () => {
  const rows = [
    '{"F4311_V":"a","rowIndex":0,"F4311_DOCO":1}',
    '{ "F4311_DOCO" : 2 ,\n "MOExist":false, "F4311_V" : "b" }',
    '{"F4311_DOCO":3,"x":{"deep":["]","}\\""]}}',
    '{}',
  ];
  expect(await rowsOf(withRow(rows.join(' , ')), 'DOCO V')).toEqual([
    ['1', 'a'],
    ['2', 'b'],
    ['3', ''],
    ['', ''],
  ]);
});

test('a text that reads like the beginning of the rows is none', async () => {
  const answer = gridAnswer('F4311', [{ DOCO: 1 }]);
  const body = JSON.stringify({ note: '"rowset":[{"F4311_DOCO":9}]', rowset: 'x', ...answer });
  expect(await rowsOf(body, 'DOCO')).toEqual([['1']]);
});

test('a column that security hides is not delivered, one that is empty in every row is', () => {
  const deliversOf = (body: unknown): boolean[] => read(JSON.stringify(body), 'DOCO V').content.value().delivers;
  expect(deliversOf(gridAnswer('F4311', [{ DOCO: 1 }], { columns: ['DOCO'] }))).toEqual([true, false]);
  expect(deliversOf(gridAnswer('F4311', [{ DOCO: 1, V: null }], { columns: ['DOCO', 'V'] }))).toEqual([true, true]);
  expect(deliversOf(gridAnswer('F4311', [], { columns: ['DOCO'] }))).toEqual([true, false]);
  const summary = { moreRecords: false };
  expect(deliversOf({ fs_DATABROWSE_F4311: { data: { gridData: { rowset: [{ F4311_DOCO: 1 }], summary } } } })).toEqual([true, false]);
});

test.each([
  [true, true],
  ['false', false],
])('that there are more rows may be said as %p', (moreRecords, hasMore) => {
  const body = { fs_DATABROWSE_F4311: { data: { gridData: { rowset: [{ F4311_DOCO: 1 }], summary: { moreRecords } } } } };
  expect(read(JSON.stringify(body), 'DOCO').content.value().hasMore).toBe(hasMore);
});

test.each([{}, { moreRecords: null }, { moreRecords: 'perhaps' }])(
  'rows without a word whether there are more are not taken for all: %j',
  (summary) => {
    const body = { fs_DATABROWSE_F4311: { data: { gridData: { rowset: [{ F4311_DOCO: 1 }], summary } } } };
    expect(() => read(JSON.stringify(body), 'DOCO').content.value()).toThrow('more rows');
  },
);

test('the rows are judged with what stands around them', () => {
  const body = JSON.stringify(gridAnswer('F4311', [{ DOCO: 1 }], { sysErrors: [{ TITLE: 'JAS_MSG347', DESC: '' }] }));
  expect(read(body, 'DOCO').content.json).toMatchObject({ sysErrors: [{ TITLE: 'JAS_MSG347' }] });
});

const whole = JSON.stringify(
  gridAnswer('F4311', [
    { DOCO: 1, V: 'Müller' },
    { DOCO: 2, V: 'x' },
  ]),
);
test('an answer that ends anywhere before its end is no answer', () => {
  for (let length = 0; length < whole.length - 1; length++) {
    const { content } = read(whole.slice(0, length), 'DOCO V');
    expect([length, content.json]).toEqual([length, undefined]);
  }
});

test.each([
  ['an escape that is none', '{"F4311_DOCO":1,"F4311_V":"\\x"}'],
  ['half an escape', '{"F4311_DOCO":1,"F4311_V":"\\u00g1"}'],
  ['no number', '{"F4311_DOCO":1,"F4311_V":NaN}'],
  ['two values in a row', '{"F4311_DOCO":1 2}'],
  ['a member without value', '{"F4311_DOCO"}'],
  ['a row that is no object', '7'],
])('%s makes it no answer', (_what, row) => {
  expect(read(withRow(row), 'DOCO V').content.json).toBeUndefined();
});

test('another output type is told apart', () => {
  const { content } = read(withRow('{"rowIndex":0,"F4311_DOCO":{"internalValue":1,"value":"1"}}'), 'DOCO');
  expect(() => content.value()).toThrow(expect.objectContaining({ code: 'JDE_OUTPUT_TYPE', verdict: 'halt' }));
});

test('keys keep the blanks before them, and numbers are told from texts', () => {
  const keysOf = (written: string): Page => read(withRow(`{"F4311_DOCO":${written}}`), 'DOCO').content.value();
  expect(keyAt(keysOf('"          30 "'), 0, 0)).toEqual({ text: '          30', isNumber: false });
  expect(keyAt(keysOf('4501'), 0, 0)).toEqual({ text: '4501', isNumber: true });
  expect(keyAt(keysOf('1.0E7'), 0, 0)).toEqual({ text: '10000000', isNumber: true });
  expect(keyAt(keysOf('"\\u00e9"'), 0, 0)).toEqual({ text: 'é', isNumber: false });
});
