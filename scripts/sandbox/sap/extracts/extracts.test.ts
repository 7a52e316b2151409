import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import iconv from 'iconv-lite';
import { StoredTable } from '../tables/index.ts';
import { loadExtracts, printReport, type Extracts, type Finding } from './index.ts';

const vendors = 'LIFNR;NAME1;LAND1\n0000100001;Müller GmbH;DE\n0000100002;Dvořák s.r.o.;CZ\n';
const latinVendors = 'LIFNR;NAME1;LAND1\n0000100001;Müller GmbH;DE\n';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'extracts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function load(files: Record<string, string | Buffer>): Promise<Extracts> {
  for (const [name, content] of Object.entries(files)) await writeFile(path.join(folder, name), content);
  return loadExtracts(folder);
}

function found({ report }: Extracts, what: string): Finding[] {
  return report.findings.filter((finding) => finding.what === what);
}

function errors({ report }: Extracts): string[] {
  return report.findings.filter(({ severity }) => severity === 'error').map(({ what }) => what);
}

/** Notices other than on fields and tables that are simply not there. */
function notices({ report }: Extracts): string[] {
  const usual = ['column.absent', 'table.absent'];
  return report.findings.filter(({ severity, what }) => severity === 'notice' && !usual.includes(what)).map(({ what }) => what);
}

describe('a proper extract', () => {
  test('is taken as it stands, and the report says what else there is', async () => {
    const result = await load({ 'LFA1.csv': vendors });
    expect(result.tables?.['LFA1']).toEqual([
      { LIFNR: '0000100001', NAME1: 'Müller GmbH', LAND1: 'DE' },
      { LIFNR: '0000100002', NAME1: 'Dvořák s.r.o.', LAND1: 'CZ' },
    ]);
    expect(notices(result)).toEqual([]);
    expect(result.report.files).toEqual([{ file: 'LFA1.csv', table: 'LFA1', rows: 2, encoding: 'UTF-8', separator: 'semicolon' }]);
    expect(found(result, 'table.absent').find(({ file }) => file === 'LFB1')?.message).toBe('no extract; the table is empty');
    expect(found(result, 'table.absent').find(({ file }) => file === 'TCURX')?.message).toBe('no extract; as SAP delivers it');
    expect(result.tables?.['LFB1']).toEqual([]);
    expect(result.tables?.['TCURX']).toHaveLength(7);
  });

  test('every loaded row fits its table', async () => {
    const { tables = {} } = await load({ 'lfa1.txt': vendors.replaceAll(';', '\t') });
    for (const [name, rows] of Object.entries(tables)) StoredTable.of(name).load(rows);
    expect(Object.keys(tables)).toContain('LFA1');
  });

  test.each([
    ['commas and quotes', 'LIFNR,NAME1\n0000100001,"Müller, ""Die Säge"" & Co"\n', 'Müller, "Die Säge" & Co'],
    ['tabs and Windows line ends', 'LIFNR\tNAME1\r\n0000100001\tMüller\r\n', 'Müller'],
    ['blank lines before the header and between the rows', '\n\nLIFNR;NAME1\n\n0000100001;Müller\n\n', 'Müller'],
    ['a column without a name, as SAP writes tab files', '\tLIFNR\tNAME1\n\t0000100001\tMüller\n', 'Müller'],
    ['names in lower case', 'lifnr;Name1\n0000100001;Müller\n', 'Müller'],
    ['trailing blanks', 'LIFNR;NAME1\n0000100001;Müller   \n', 'Müller'],
  ])('%s', async (_what, text, name) => {
    const result = await load({ 'LFA1.csv': text });
    expect(errors(result)).toEqual([]);
    expect(result.tables?.['LFA1']?.map(({ NAME1 }) => NAME1)).toEqual([name]);
  });
});

describe('code pages', () => {
  test.each([
    ['UTF-8 with byte order mark', Buffer.from(`\ufeff${vendors}`), 'UTF-8 with byte order mark', []],
    ['UTF-16 LE with byte order mark', Buffer.from(`\ufeff${vendors}`, 'utf16le'), 'UTF-16 LE', []],
    ['UTF-16 BE with byte order mark', iconv.encode(vendors, 'utf-16be', { addBOM: true }), 'UTF-16 BE', []],
    ['UTF-16 LE without one', Buffer.from(vendors, 'utf16le'), 'UTF-16 LE', ['encoding.guessed']],
    ['ISO-8859-1', iconv.encode(latinVendors, 'latin1'), 'ISO-8859-1', ['encoding.guessed']],
    ['Windows-1252', iconv.encode(latinVendors.replace('GmbH', '– „X“ €'), 'windows-1252'), 'Windows-1252', ['encoding.guessed']],
  ])('%s', async (_what, bytes, encoding, expected) => {
    const result = await load({ 'LFA1.csv': bytes });
    expect(result.report.files[0]?.encoding).toBe(encoding);
    expect(notices(result)).toEqual(expected);
    expect(result.tables?.['LFA1']?.[0]?.['NAME1']).toMatch(/^Müller (GmbH|– „X“ €)$/);
  });

  test('bytes that are no text are refused', async () => {
    const result = await load({ 'LFA1.csv': Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x00, 0x8d, 0xff]) });
    expect(errors(result)).toEqual(['encoding.unknown']);
    expect(result.tables).toBeUndefined();
  });

  test('a text that was damaged earlier is loaded and said', async () => {
    const result = await load({ 'LFA1.csv': 'LIFNR;NAME1\n0000100001;M\ufffdller\n' });
    expect(found(result, 'value.damaged')).toMatchObject([{ column: 'NAME1', lines: [2] }]);
  });
});

describe('lines and columns', () => {
  test('a quoted line break stays in its value, and later lines keep their numbers', async () => {
    const result = await load({ 'LFA1.csv': 'LIFNR;NAME1\n0000100001;"Müller\nGmbH"\n100002;Huber\n' });
    expect(result.tables?.['LFA1']?.[0]?.['NAME1']).toBe('Müller\nGmbH');
    expect(found(result, 'value.line-break')).toMatchObject([{ column: 'NAME1', lines: [2] }]);
    expect(found(result, 'value.padded')).toMatchObject([{ lines: [4] }]);
  });

  test('quotation marks in a tab file that do not pair up are characters', async () => {
    const result = await load({ 'LFA1.txt': 'LIFNR\tNAME1\n0000100001\t"Tool" & Die\n0000100002\t5" Pipes\n' });
    expect(result.tables?.['LFA1']?.map(({ NAME1 }) => NAME1)).toEqual(['"Tool" & Die', '5" Pipes']);
    expect(notices(result)).toEqual(['quotes.text']);
  });

  test('in a CSV file they are an error with its line', async () => {
    const result = await load({ 'LFA1.csv': 'LIFNR;NAME1\n0000100001;"Tool" & Die\n' });
    expect(found(result, 'file.unreadable')).toMatchObject([{ severity: 'error', lines: [2] }]);
  });

  test('unknown columns are left out and named', async () => {
    const result = await load({ 'LFA1.csv': 'LIFNR;NAME1;ZZHOBBY\n0000100001;Müller;Segeln\n' });
    expect(found(result, 'column.unknown')).toMatchObject([{ severity: 'notice', column: 'ZZHOBBY' }]);
    expect(result.tables?.['LFA1']).toEqual([{ LIFNR: '0000100001', NAME1: 'Müller' }]);
  });

  test.each([
    ['a missing key column', { 'LFA1.csv': vendors, 'LFB1.csv': 'LIFNR;AKONT\n0000100001;0000160000\n' }, ['key.missing']],
    ['a column that stands there twice', { 'LFA1.csv': 'LIFNR;NAME1;NAME1\n0000100001;A;B\n' }, ['column.twice']],
    ['no header', { 'LFA1.csv': '0000100001;Müller\n0000100002;Huber\n' }, ['header.missing']],
    ['a line that is too short', { 'LFA1.csv': 'LIFNR;NAME1;LAND1\n0000100001;Müller\n' }, ['line.ragged']],
    ['a line that is too long', { 'LFA1.csv': 'LIFNR;NAME1\n0000100001;Müller;; GmbH\n' }, ['line.ragged']],
    ['pipes', { 'LFA1.txt': '|LIFNR|NAME1|\n|0000100001|Müller|\n' }, ['file.unreadable']],
    ['an empty file', { 'LFA1.csv': '' }, ['file.unreadable']],
    ['two files of one table', { 'LFA1.csv': vendors, 'lfa1.txt': vendors }, ['file.twice']],
    ['no vendors', { 'T001.csv': 'BUKRS;BUTXT\n1000;Nordwerk\n' }, ['table.missing']],
    ['rows of two clients', { 'LFA1.csv': 'MANDT;LIFNR\n100;0000100001\n200;0000100001\n' }, ['client.several']],
  ])('%s', async (_what, files, expected) => {
    const result = await load(files);
    expect(errors(result)).toEqual(expected);
    expect(result.tables).toBeUndefined();
  });

  test('another client is replaced and named', async () => {
    const result = await load({ 'LFA1.csv': 'MANDT;LIFNR\n800;0000100001\n' });
    expect(found(result, 'client.replaced')[0]?.message).toContain('client 800');
    expect(result.tables?.['LFA1']).toEqual([{ LIFNR: '0000100001' }]);
  });

  test('other files are left out and named', async () => {
    const result = await load({ 'LFA1.csv': vendors, 'notes.docx': 'x', 'ZZZ.csv': 'A;B\n' });
    expect(found(result, 'file.ignored').map(({ file }) => file)).toEqual(['ZZZ.csv', 'notes.docx']);
  });
});

describe('keys', () => {
  test('duplicates are refused with both lines', async () => {
    const result = await load({ 'LFA1.csv': 'LIFNR;NAME1\n0000100001;A\n0000100002;B\n0000100001;C\n' });
    expect(found(result, 'key.duplicate')).toMatchObject([{ lines: [4], message: expect.stringContaining('first on line 2') }]);
  });

  test('so are keys that become equal by padding', async () => {
    const result = await load({ 'LFA1.csv': 'LIFNR;NAME1\n100001;A\n0000100001;B\n' });
    expect(errors(result)).toEqual(['key.duplicate']);
  });

  test('unpadded numbers are padded, once in the report with a sample and a count; letters stay', async () => {
    const result = await load({ 'LFA1.csv': 'LIFNR;NAME1\n100001;A\n100002;B\nCPD-1;C\n' });
    expect(result.tables?.['LFA1']?.map(({ LIFNR }) => LIFNR)).toEqual(['0000100001', '0000100002', 'CPD-1']);
    expect(found(result, 'value.padded')).toEqual([
      expect.objectContaining({ column: 'LIFNR', count: 2, lines: [2, 3], message: '100001 was filled up with zeros to 0000100001' }),
    ]);
  });

  test('what a spreadsheet did to long numbers is refused', async () => {
    expect(errors(await load({ 'LFA1.csv': 'LIFNR;NAME1\n1,00E+05;A\n' }))).toEqual(['key.scientific']);
  });

  test('rows without their vendor or address are loaded and said', async () => {
    const result = await load({
      'LFA1.csv': 'LIFNR;ADRNR\n0000100001;0000000007\n',
      'LFB1.csv': 'LIFNR;BUKRS\n0000100001;1000\n0000100009;1000\n',
      'ADRC.csv': 'ADDRNUMBER;DATE_FROM;NATION\n0000000008;00010101;\n',
    });
    expect(errors(result)).toEqual([]);
    expect(found(result, 'row.orphan').map(({ file }) => file)).toEqual(['LFB1.csv', 'LFA1.csv']);
  });
});

describe('values', () => {
  const company = (values: string, header = 'LIFNR;BUKRS;ZINDT;KULTG'): Record<string, string> => ({
    'LFA1.csv': vendors,
    'LFB1.csv': `${header}\n${values}\n`,
  });

  test.each([
    ['too long a text', { 'LFA1.csv': `LIFNR;NAME1\n0000100001;${'x'.repeat(36)}\n` }, 'NAME1', 'has 36 characters, the field takes 35'],
    ['a day that does not exist', { 'LFA1.csv': 'LIFNR;ERDAT\n0000100001;30.02.2024\n' }, 'ERDAT', 'is no date'],
    ['a spreadsheet\u2019s day number', { 'LFA1.csv': 'LIFNR;ERDAT\n0000100001;45322\n' }, 'ERDAT', '"45322" is no date'],
    ['letters in a number', company('0000100001;1000;;abc'), 'KULTG', '"abc" is no number'],
    ['too many digits', company('0000100001;1000;;1234'), 'KULTG', 'has more than 3 digits'],
    ['decimals where there are none', company('0000100001;1000;;12,5'), 'KULTG', '"12,5" is no number of 3 digits with 0 decimals'],
    ['letters in digits', { 'LFA1.csv': 'LIFNR;BBBNR\n0000100001;12A\n' }, 'BBBNR', 'does not have 7 digits'],
    ['an unknown language', { 'LFA1.csv': 'LIFNR;SPRAS\n0000100001;XX\n' }, 'SPRAS', 'is no language key'],
  ])('%s is refused with column and sample', async (_what, files, column, message) => {
    const result = await load(files);
    expect(found(result, 'value.invalid')).toMatchObject([
      { severity: 'error', column, lines: [2], message: expect.stringContaining(message) },
    ]);
    expect(result.tables).toBeUndefined();
  });

  test('formats of users are read: dates with points, times, negative numbers with the sign last, ISO languages', async () => {
    const result = await load({
      'LFA1.csv': 'LIFNR;ERDAT;UPTIM;SPRAS;BBBNR\n0000100001;31.01.2024;10:15:00;DE;42\n0000100002;00.00.0000;;E;\n',
      'BSIK.csv':
        'BUKRS;LIFNR;UMSKS;UMSKZ;AUGDT;AUGBL;ZUONR;GJAHR;BELNR;BUZEI;WAERS;DMBTR;WRBTR\n' +
        '1000;100001;;;;;;2024;1900000001;1;EUR;1.234,56-;1.234,56-\n',
    });
    expect(errors(result)).toEqual([]);
    expect(result.tables?.['LFA1']).toEqual([
      { LIFNR: '0000100001', ERDAT: '20240131', UPTIM: '101500', SPRAS: 'D', BBBNR: '0000042' },
      { LIFNR: '0000100002', ERDAT: '00000000', UPTIM: '000000', SPRAS: 'E', BBBNR: '0000000' },
    ]);
    expect(result.tables?.['BSIK']).toMatchObject([{ DMBTR: '-1234.56', AUGDT: '00000000', BUZEI: '001' }]);
    expect(found(result, 'value.language')).toMatchObject([{ column: 'SPRAS', lines: [2] }]);
  });

  test('a date that may be two is an error that names column and sample', async () => {
    const result = await load({ 'LFA1.csv': 'LIFNR;ERDAT\n0000100001;03/04/2024\n' });
    expect(found(result, 'date.ambiguous')).toMatchObject([
      { column: 'ERDAT', lines: [2], message: expect.stringContaining('"03/04/2024"') },
    ]);
  });

  test('unless another date of the file tells', async () => {
    const result = await load({ 'LFA1.csv': 'LIFNR;ERDAT;GBDAT\n0000100001;03/04/2024;01/31/1970\n' });
    expect(result.tables?.['LFA1']?.[0]).toMatchObject({ ERDAT: '20240304', GBDAT: '19700131' });
  });

  test('a number that may be two is an error, one that contradicts the others too', async () => {
    expect(errors(await load(company('0000100001;1000;1,234', 'LIFNR;BUKRS;WEBTR')))).toEqual(['number.ambiguous']);
    expect(errors(await load(company('0000100001;1000;1,5\n0000100002;1000;1.5', 'LIFNR;BUKRS;WEBTR')))).toEqual(['number.conflicting']);
  });
});

describe('amounts', () => {
  const header = 'LIFNR;EKORG;WAERS;MINBW';
  const purchasing = (...rows: string[]): Record<string, string> => ({ 'LFA1.csv': vendors, 'LFM1.csv': [header, ...rows, ''].join('\n') });
  const amounts = ({ tables }: Extracts): (string | undefined)[] | undefined => tables?.['LFM1']?.map(({ MINBW }) => MINBW);

  test('with the currency\u2019s own decimals they are stored as SAP does, with a notice', async () => {
    const result = await load(
      purchasing('0000100001;1000;JPY;12.345', '0000100001;2000;KWD;1,234', '0000100001;3000;EUR;12,50', '0000100001;4000;JPY;1.000.000-'),
    );
    expect(amounts(result)).toEqual(['123.45', '12.34', '12.50', '-10000.00']);
    expect(notices(result)).toEqual(['amount.shown.JPY', 'amount.shown.KWD']);
  });

  test('with two decimals they are taken as stored, with a notice', async () => {
    const result = await load(purchasing('0000100001;1000;JPY;123,45', '0000100001;2000;KWD;12,34'));
    expect(amounts(result)).toEqual(['123.45', '12.34']);
    expect(notices(result)).toEqual(['amount.stored.JPY', 'amount.stored.KWD']);
  });

  test.each([['0000100001;1000;EUR;12,505'], ['0000100001;1000;KWD;12,5'], ['0000100001;1000;JPY;12,5']])(
    'with any other number of decimals they are refused: %s',
    async (row) => {
      const result = await load(purchasing(row, '0000100002;1000;EUR;1,50'));
      expect(found(result, 'value.invalid')).toMatchObject([{ column: 'MINBW', lines: [2] }]);
    },
  );

  test('decimals that a spreadsheet took away are put back, with a notice', async () => {
    const result = await load(purchasing('0000100001;1000;EUR;12,5', '0000100001;2000;EUR;100'));
    expect(amounts(result)).toEqual(['12.50', '100.00']);
    expect(found(result, 'amount.decimals')).toMatchObject([{ count: 2, lines: [2, 3] }]);
  });

  test('amounts whose currency stands in another table have two decimals or are refused', async () => {
    const header = 'LIFNR;BUKRS;WEBTR';
    const good = await load({ 'LFA1.csv': vendors, 'LFB1.csv': `${header}\n0000100001;1000;12,50\n` });
    expect(good.tables?.['LFB1']).toMatchObject([{ WEBTR: '12.50' }]);
    expect(errors(await load({ 'LFB1.csv': `${header}\n0000100001;1000;100\n` }))).toEqual(['value.invalid']);
  });

  test('currencies of an extract of TCURX count', async () => {
    const result = await load({
      ...purchasing('0000100001;1000;ABC;12.3456', '0000100001;2000;JPY;7.00'),
      'TCURX.csv': 'CURRKEY;CURRDEC\nABC;4\n',
    });
    expect(amounts(result)).toEqual(['1234.56', '7.00']);
  });
});

test('the report reads as sentences, errors first', async () => {
  const { report } = await load({ 'LFA1.csv': 'LIFNR;NAME1;X\n100001;A;1\n100001;B;2\n' });
  const lines: string[] = [];
  printReport(report, (line) => lines.push(line));
  expect(lines.slice(0, 3)).toEqual([
    'LFA1.csv: 2 rows of LFA1 (UTF-8, separated by semicolon)',
    'ERROR LFA1.csv: key 0000100001 stands there twice, first on line 2 (line 3)',
    'notice LFA1.csv X: LFA1 has no such field here; the column was left out (line 1)',
  ]);
  expect(lines).toContain('notice LFA1.csv LIFNR: 100001 was filled up with zeros to 0000100001, 2 times (line 2, 3)');
  expect(lines.at(-1)).toBe('Nothing was loaded: correct the errors above and try again.');
});
