import { parse } from 'csv-parse/sync';
import * as fc from 'fast-check';
import { decodeText } from './decode.ts';
import { mostCsvEntries, readCsv } from './read-csv.ts';
import { separators, writeCsv, type SeparatorName } from './write-csv.ts';

const pairs = (text: string) => readCsv(text).entries.map(({ from, to }) => [from, to]);
const code = fc
  .oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
    fc.string({
      unit: fc.constantFrom('0', '1', '"', '=', ';', ',', '\t', ' ', '\r', '\n', 'ü', "'", '-', 'E'),
      minLength: 1,
      maxLength: 8,
    }),
  )
  .filter((text) => text.length > 0);
const entries = fc.uniqueArray(fc.record({ from: code, to: code, fromName: fc.string(), toName: fc.string() }), {
  selector: ({ from }) => from,
  maxLength: 20,
});

test('what is exported comes back as it was, whatever the codes', () => {
  fc.assert(
    fc.property(entries, fc.constantFrom(...(Object.keys(separators) as SeparatorName[])), (given, separator) => {
      const bytes = new TextEncoder().encode(writeCsv(given, separator));
      const decoded = decodeText(bytes);
      const { entries: read, faults } = readCsv('text' in decoded ? decoded.text : '');
      expect(faults).toEqual([]);
      expect(read.map(({ from, to }) => ({ from, to }))).toEqual(given.map(({ from, to }) => ({ from, to })));
    }),
    { numRuns: 500 },
  );
});

test('no code that a spreadsheet would change, or run, goes out without its guard', () => {
  const text = writeCsv([
    { from: '0010', to: '4E5', fromName: '=cmd()', toName: '10 Tage' },
    { from: '=HYPERLINK("x")', to: 'Ü-Konto', fromName: '', toName: '' },
  ]);
  expect(text).toBe(
    '\uFEFFfrom,to,name,target name\r\n"=""0010""","=""4E5""","\'=cmd()",10 Tage\r\n"=""=HYPERLINK(""""x"""")""",Ü-Konto,,\r\n',
  );
});

test.each([
  ['commas', 'from,to\r\n0010,30 days\r\n'],
  ['semicolons, as German spreadsheets write them', 'Von;Nach\r\n0010;30 days\r\n'],
  ['tabs', '0010\t30 days\n'],
  ['no header', '0010,30 days'],
  ['quotes', '"from";"to"\n"0010";"30 days"'],
  ['old line ends', 'from,to\r0010,30 days\r'],
  ['names beside', 'from;to;name\n0010;30 days;"Zehn; netto"\n'],
  ['a line that names the separator', 'sep=;\r\nfrom;to\r\n0010;30 days\r\n'],
  ['blanks and empty lines', '\uFEFFfrom , to\n\n 0010 , 30 days \n,\n'],
  ['guarded codes', 'from,to\n"=""0010""","=""30 days"""\n'],
])('%s are read', (_what, text) => {
  expect(readCsv(text)).toMatchObject({ faults: [], entries: [{ from: '0010', to: '30 days' }] });
});

test('separators in quotes do not count as such', () => {
  expect(pairs('"a;b;c;d","x"\n')).toEqual([['a;b;c;d', 'x']]);
});

test('everything that is wrong is told at once, with its line', () => {
  const text = 'from;to\nZ1;30\n;40\nZ2;\nZ1;50\nZ3\n"Z\n4";60\nZ5;70\nZ5;80\n';
  expect(readCsv(text).faults).toEqual([
    { line: 3, message: 'has no code' },
    { line: 4, message: 'has no target code for Z2' },
    { line: 5, message: 'has the code Z1 that line 2 has already' },
    { line: 6, message: expect.stringContaining('one column only') as string },
    { line: 6, message: 'has no target code for Z3' },
    { line: 10, message: 'has the code Z5 that line 9 has already' },
  ]);
});

test.each([
  ['a quotation mark that stays open', 'from;to\nZ1;"30\nZ2;40\n', /line 2|never closed/],
  ['a quotation mark within a cell', 'from;to\nZ1;"30" days\n', /quotation mark/],
  ['a code that is too long', `${'x'.repeat(501)};y`, /more than 500/],
])('%s is told', (_what, text, message) => {
  const [fault] = readCsv(text).faults;
  expect(fault?.line).toBeGreaterThan(0);
  expect(fault?.message).toMatch(message);
});

test('a file with more entries than a map may have is refused', () => {
  const text = Array.from({ length: mostCsvEntries + 1 }, (_, number) => `A${number};B`).join('\n');
  expect(readCsv(text).faults).toEqual([{ line: 0, message: expect.stringContaining('more than 50000') as string }]);
});

test.each([
  ['UTF-8', Buffer.from('Größe')],
  ['UTF-8 with its mark', Buffer.from('\uFEFFGröße')],
  ['UTF-16', Buffer.from('\uFEFFGröße', 'utf16le')],
])('%s is understood', (_what, bytes) => {
  expect(decodeText(bytes)).toEqual({ text: 'Größe' });
});

test('another encoding is refused rather than guessed', () => {
  expect(decodeText(Buffer.from('Gr\xf6\xdfe', 'latin1'))).toEqual({ fault: expect.stringContaining('CSV UTF-8') as string });
});

test('millions of lines are refused before they fill the memory', () => {
  const before = process.memoryUsage().heapUsed;
  expect(readCsv('a,b\n'.repeat(2_000_000))).toMatchObject({
    faults: expect.arrayContaining([{ line: 0, message: expect.stringMatching(/more than 50000/) as string }]) as unknown,
  });
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(300_000_000);
});

test.each(['=1+1', ' =1+1', '\t=1+1', '\n@SUM(A1)', '+49 30', '-1', '＝1+1', '＠x'])('%j is no formula in any cell of the file', (text) => {
  const written = writeCsv([{ from: text, to: text, fromName: text, toName: text }]);
  const [, [from = '', to = '', ...names] = []] = parse(written, { bom: true });
  for (const code of [from, to]) expect(code).toMatch(/^="/);
  for (const name of names) expect(name).toMatch(/^'/);
  expect(readCsv(written).entries).toMatchObject([{ from: text, to: text }]);
});
