import { silentLog, systemClock } from '@ml-connector/shared';
import { testScope } from '../../testing/index.ts';
import { openSapSession } from '../session.ts';
import { sapEccSettings } from '../settings.ts';
import { fakeSap, tunnelError, type FakeSap, type TableData } from '../testing/fake-sap.ts';
import { padded, vendorTables } from '../testing/vendor-data.ts';
import type { DocumentCursor } from './cursor.ts';
import type { SapDocument } from './document.ts';
import { readDocuments, type DocumentReading } from './read-documents.ts';

function open(tables: TableData) {
  const sap = fakeSap({ ...vendorTables(), TCURX: [{ CURRKEY: 'JPY', CURRDEC: '0' }], ...tables });
  const session = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
    clock: systemClock,
    log: silentLog,
    agents: sap.agents,
  });
  const said: string[] = [];
  async function read(more: Partial<DocumentReading> = {}) {
    const seen = {
      numbers: [] as string[],
      documents: [] as SapDocument[],
      cursor: undefined as DocumentCursor | undefined,
      error: undefined as unknown,
    };
    try {
      const batches = readDocuments({
        session,
        scope: testScope(),
        mode: 'changes',
        cursor: null,
        companyCodes: ['1000'],
        documentTypes: { include: [], exclude: [] },
        startDate: '2024-01-01',
        progress: (message) => void said.push(message),
        ...more,
      });
      for await (const { documents, cursor } of batches) {
        seen.documents.push(...documents);
        seen.numbers.push(...documents.map(({ number }) => String(Number(number))));
        if (cursor) seen.cursor = cursor;
      }
    } catch (error) {
      seen.error = error;
    }
    return seen;
  }
  return { sap, said, read };
}

interface Sample {
  number: number;
  header?: Record<string, string>;
  /** Stored amounts of debit and credit. */
  amounts?: [debit: string, credit: string];
}

function tablesOf(samples: Sample[]): TableData {
  const tables: TableData = { BKPF: [], BSEG: [] };
  for (const sample of samples) add(tables, sample);
  return tables;
}

function add(tables: TableData, { number, header = {}, amounts = ['100.00', '100.00'] }: Sample): void {
  const key = { BUKRS: '1000', BELNR: padded(number), GJAHR: '2024', ...header };
  const entered = { CPUDT: '20240131', CPUTM: '090000' };
  tables['BKPF']?.push({
    BLART: 'SA',
    BLDAT: '20240130',
    BUDAT: '20240130',
    MONAT: '01',
    WAERS: 'EUR',
    HWAER: 'EUR',
    STJAH: '0000',
    ...entered,
    ...key,
  });
  const { BUKRS, BELNR, GJAHR } = key;
  for (const [index, amount] of amounts.entries())
    tables['BSEG']?.push({
      BUKRS,
      BELNR,
      GJAHR,
      BUZEI: `00${index + 1}`,
      KOART: 'S',
      SHKZG: index === 0 ? 'S' : 'H',
      HKONT: index === 0 ? '0000476000' : '0000113100',
      WRBTR: amount,
      DMBTR: amount,
    });
}

const many = Array.from({ length: 450 }, (_, index) => ({ number: index + 1 }));
const all = many.map(({ number }) => String(number));

function breakAt(sap: FakeSap, table: string, time: number): void {
  let reads = 0;
  sap.beforeChunk = (read, rowsSent) => {
    if (read.table === table && rowsSent === 0 && ++reads === time) throw tunnelError('TUNNEL_LOST', 'uncertain');
  };
}

test('amounts come in real units, whatever SAP stores', async () => {
  const { read } = open(tablesOf([{ number: 1, header: { WAERS: 'JPY', HWAER: 'EUR' } }]));
  const { documents } = await read();
  expect(documents[0]?.items[0]).toMatchObject({ side: 'debit', amount: '10000', localAmount: '100.00' });
});

test.each(['BKPF', 'BSEG'])(
  'a reading that breaks in %s goes on after the last stored batch, and what is entered meanwhile follows',
  async (table) => {
    const tables = tablesOf(many);
    const { sap, read } = open(tables);
    breakAt(sap, table, table === 'BKPF' ? 2 : 7);
    const broken = await read();
    expect(broken.error).toMatchObject({ code: 'TUNNEL_LOST', verdict: 'retry' });
    expect(broken.cursor?.reading?.afterKey).toEqual(['1000', padded(200), '2024']);

    sap.beforeChunk = () => undefined;
    sap.now = { date: '20240131', time: '120000' };
    add(tables, { number: 5000, header: { CPUTM: '115900' } });
    add(tables, { number: 1, header: { GJAHR: '2023', CPUTM: '113000' } });
    const resumed = await read({ cursor: broken.cursor });
    const seen = new Set([...broken.numbers, ...resumed.numbers]);
    expect(all.filter((number) => !seen.has(number))).toEqual([]);
    const next = await read({ cursor: resumed.cursor });
    expect(next.documents.map(({ number, fiscalYear }) => `${Number(number)}/${fiscalYear}`)).toEqual(['1/2023', '5000/2024']);
  },
);

test.each([
  [
    'does not balance',
    { number: 2, amounts: ['100.00', '99.99'] as [string, string] },
    /1000\/0000000002\/2024 does not balance: .* differ by 0.01 EUR/,
  ],
  ['has no items', { number: 2, amounts: [] as unknown as [string, string] }, /1000\/0000000002\/2024 has a header and no items/],
])('a document that %s is named and tried again; the others go on', async (_what, broken, says) => {
  const tables = tablesOf([{ number: 1 }, broken, { number: 3 }]);
  const { sap, read } = open(tables);
  const first = await read();
  expect(first.numbers).toEqual(['1', '3']);
  expect(first.error).toMatchObject({
    code: 'SAP_DOCUMENTS_INCOMPLETE',
    verdict: 'refused',
    message: expect.stringMatching(says) as string,
  });

  sap.now = { date: '20240201', time: '100000' };
  const second = await read({ cursor: first.cursor });
  expect([second.numbers, (second.error as { code: string }).code]).toEqual([[], 'SAP_DOCUMENTS_INCOMPLETE']);

  tables['BSEG'] = tablesOf([{ number: 1 }, { number: 2 }, { number: 3 }])['BSEG'] ?? [];
  sap.tables['BSEG'] = tables['BSEG'];
  const third = await read({ cursor: second.cursor });
  expect([third.numbers, third.error, third.cursor?.unread]).toEqual([['2'], undefined, []]);
});

test('a number that cannot be read costs its own document only', async () => {
  const { sap, read } = open(tablesOf(many.slice(0, 5)));
  sap.beforeChunk = ({ table, where }) => {
    const numbers = where.flatMap((one) => ('op' in one && one.op === 'IN' ? one.values : []));
    if (table === 'BSEG' && numbers.includes(padded(3))) throw tunnelError('SAP_NUMBER_OVERFLOW', 'refused');
  };
  const { numbers, cursor } = await read();
  expect(numbers).toEqual(['1', '2', '4', '5']);
  expect(cursor?.unread).toEqual([{ companyCode: '1000', number: padded(3), fiscalYear: '2024' }]);
});

test('parked, noted and recurring documents are counted and left out', async () => {
  const statuses = ['V', 'S', 'D', 'V'].map((BSTAT, index) => ({ number: index + 10, header: { BSTAT } }));
  const { read, said } = open(tablesOf([{ number: 1 }, ...statuses]));
  expect((await read()).numbers).toEqual(['1']);
  expect(said.at(-1)).toBe('1 documents read; left out: 1 recurring entries, 1 noted items, 2 parked');
});

test('of two documents that name each other, the one entered later reverses', async () => {
  const original = { number: 9, header: { STBLG: padded(4), STJAH: '2024', CPUTM: '080000' } };
  const reversing = { number: 4, header: { STBLG: padded(9), STJAH: '2024', CPUTM: '083000' } };
  const { read } = open(tablesOf([original, reversing]));
  const { documents } = await read();
  expect(documents.map(({ number, reverses }) => [Number(number), reverses?.number])).toEqual([
    [4, padded(9)],
    [9, undefined],
  ]);
});

test('changes are bounded by posting date, and the sweep finds what was posted further back', async () => {
  const tables = tablesOf([{ number: 1 }]);
  const { sap, read } = open(tables);
  const { cursor } = await read({ startDate: '2023-01-01' });
  add(tables, { number: 2, header: { BUDAT: '20230301', CPUTM: '101000' } });
  expect((await read({ startDate: '2023-01-01', cursor })).numbers).toEqual([]);
  expect((await read({ startDate: '2023-01-01', mode: 'sweep' })).numbers).toEqual(['1', '2']);
  expect((await read({ mode: 'sweep' })).numbers).toEqual(['1']);
  expect(sap.reads.filter(({ table }) => table === 'BKPF').every(({ where }) => JSON.stringify(where).includes('"BUDAT","op":"GE"'))).toBe(
    true,
  );
});

test('another choice of documents reads everything since the start date anew', async () => {
  const { sap, read } = open(tablesOf([{ number: 1, header: { BLART: 'KR' } }, { number: 2 }]));
  const documentTypes = { include: [], exclude: ['KR'] };
  const first = await read({ documentTypes });
  expect(first.numbers).toEqual(['2']);
  sap.now = { date: '20240301', time: '100000' };
  expect((await read({ documentTypes, cursor: first.cursor })).numbers).toEqual([]);
  expect((await read({ cursor: first.cursor })).numbers).toEqual(['1', '2']);
});

test('a company code that SAP does not have is refused by name', async () => {
  const { read } = open(tablesOf([]));
  expect((await read({ companyCodes: ['1000', '7777'] })).error).toMatchObject({
    code: 'SAP_COMPANY_CODE_UNKNOWN',
    message: expect.stringContaining('7777') as string,
  });
});

test.each([
  ['a month', '20231231', '20230927', '20240110'],
  ['half a year', '20230731', '20230315', '20230815'],
])('after a pause of %s, what was entered meanwhile is read, however far back it is posted', async (_what, until, posted, entered) => {
  const { sap, read } = open(tablesOf([{ number: 1, header: { BUDAT: '20230601', CPUDT: '20230601' } }]));
  sap.now = { date: until, time: '120000' };
  const before = await read({ startDate: '2023-01-01' });
  add(sap.tables, { number: 2, header: { BUDAT: posted, CPUDT: entered } });
  sap.now = { date: '20240131', time: '101500' };
  const changes = await read({ startDate: '2023-01-01', cursor: before.cursor });
  const sweep = await read({ startDate: '2023-01-01', mode: 'sweep' });
  expect([...changes.numbers, ...sweep.numbers]).toContain('2');
});

test('without the decimals of currencies nothing is read: amounts would be wrong a hundredfold', async () => {
  const { sap, read } = open(tablesOf([{ number: 1, header: { WAERS: 'JPY', HWAER: 'JPY' } }]));
  sap.tables['TCURX'] = [];
  expect(await read()).toMatchObject({ numbers: [], error: { code: 'SAP_CURRENCIES_UNREADABLE', verdict: 'refused' } });
});

test('a connection that leads to another system or client reads nothing until a person says so', async () => {
  const { sap, read } = open(tablesOf([{ number: 1 }]));
  const { cursor } = await read();
  const connection = sap.functions.get('STFC_CONNECTION')!;
  sap.functions.set('STFC_CONNECTION', {
    ...connection,
    run: (parameters) => {
      const { RESPTEXT = '' } = connection.run(parameters);
      return { RESPTEXT: String(RESPTEXT).replace('Logon_Data: 100', 'Logon_Data: 200') };
    },
  });
  const range = { first: '2024-01-01', last: '2024-01-31' };
  for (const mode of ['changes', 'sweep', 'backfill'] as const)
    expect(await read({ cursor, mode, range })).toMatchObject({ numbers: [], error: { code: 'SAP_SYSTEM_CHANGED', verdict: 'refused' } });
  const full = await read({ cursor, mode: 'full' });
  expect([full.numbers, full.cursor?.system]).toEqual([['1'], 'PRD/200']);
});
