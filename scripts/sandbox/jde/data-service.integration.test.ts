import { startJde, type JdeSim } from './index.ts';
import { browseOf, call, condition, gridOf, logOn, queryOf, type Grid, type LoggedOn, type Reply } from './testing/call.ts';

let sim: JdeSim;
let who: LoggedOn;

/** Half past ten in the evening on 4 March in UTC-05:00; it is 5 March in UTC. */
const evening = Date.parse('2025-03-05T03:30:15Z');

beforeEach(async () => {
  sim = await startJde({ isPlainHttp: true, seed: { suppliers: 150, orders: 20, accounts: 60 }, clock: { now: () => evening } });
  who = await logOn(sim);
});

afterEach(async () => {
  await sim[Symbol.asyncDispose]();
});

function ask(body: object, version = '/v2'): Promise<Reply> {
  return call(sim, 'POST', `${version}/dataservice`, { body, headers: who.headers });
}

async function browse(table: string, more: object = {}): Promise<Grid> {
  return gridOf(await ask(browseOf(table, more)));
}

/** Values of one column of what a query finds. */
async function find(table: string, alias: string, ...conditions: object[]): Promise<unknown[]> {
  const { rowset } = await browse(table, { returnControlIDs: alias, ...queryOf(...conditions) });
  return rowset.map((row) => row[`${table}_${alias}`]);
}

test('a row has numbers as numbers, dates as text or null, MCU with its blanks and a blank for nothing', async () => {
  sim.person.insert('F4311', {
    DOCO: '9001',
    DCTO: 'OP',
    KCOO: '00100',
    SFXO: '000',
    LNID: '1.100',
    MCU: '30',
    AEXP: '1234567890123.45',
    UORG: '12.00',
    DRQJ: '20250228',
    DSC1: 'Schraube "M8"',
  });
  const returnControlIDs = 'DOCO|F4311.LNID|MCU|AEXP|UORG|DRQJ|ADDJ|DSC1|DSC2|TDAY|UPMJ';
  const reply = await ask(browseOf('F4311', { returnControlIDs, ...queryOf(condition('F4311.DOCO', 'EQUAL', '9001')) }));
  expect(reply.text).toContain('"F4311_AEXP":1234567890123.45,"F4311_UORG":12,');
  expect(gridOf(reply).rowset).toEqual([
    {
      F4311_DOCO: 9001,
      F4311_LNID: 1.1,
      F4311_MCU: '          30',
      F4311_AEXP: 1234567890123.45,
      F4311_UORG: 12,
      F4311_DRQJ: '20250228',
      F4311_ADDJ: null,
      F4311_DSC1: 'Schraube "M8"',
      F4311_DSC2: ' ',
      F4311_TDAY: 223015,
      F4311_UPMJ: '20250304',
    },
  ]);
  expect(reply.json).toMatchObject({ timeStamp: '2025-03-04:22.30.15', sysErrors: [], fs_DATABROWSE_F4311: { errors: [], warnings: [] } });
});

test.each([
  ['no page size', {}, 100, true],
  ['a text', { maxPageSize: '7' }, 7, true],
  ['a number', { maxPageSize: 7 }, 7, true],
  ['no max, in any case', { maxPageSize: 'No max' }, 150, false],
  ['exactly as many as there are', { maxPageSize: '150' }, 150, false],
])('%s', async (_what, size, records, moreRecords) => {
  const { maxPageSize: _left, ...body } = browseOf('F0401') as Record<string, unknown>;
  const { summary, rowset } = gridOf(await ask({ ...body, ...size }));
  expect([summary, rowset.length]).toEqual([{ records, moreRecords }, records]);
});

test('the HTML server keeps its own limit whatever was asked for', async () => {
  sim.site.fetchLimit = 40;
  expect((await browse('F0401')).summary).toEqual({ records: 40, moreRecords: true });
});

test('without findOnEntry nobody presses Find: no rows, no error', async () => {
  const { findOnEntry: _left, ...body } = browseOf('F0401') as Record<string, unknown>;
  expect(gridOf(await ask(body))).toMatchObject({ rowset: [], summary: { records: 0, moreRecords: false } });
});

test.each([
  ['a bare alias in a condition', 'F0401', queryOf(condition('AN8', 'EQUAL', '6001'))],
  ['a column of another table', 'F0401', queryOf(condition('F0101.AN8', 'EQUAL', '6001'))],
  ['an unknown column', 'F0401', { returnControlIDs: 'AN8|NOPE' }],
  ['an unknown table', 'F9999', {}],
  ['an unknown operator', 'F0401', queryOf(condition('F0401.AN8', 'LIKE', '6'))],
  ['a bare alias in an order', 'F0401', { aggregation: { orderBy: [{ column: 'AN8', direction: 'ASC' }] } }],
])('%s answers 500', async (_what, table, more) => {
  const { status, json } = await ask(browseOf(table, more));
  expect([status, typeof json['message']]).toEqual([500, 'string']);
});

test.each<[string, object[], string[]]>([
  ['EQUAL', [condition('F0010.CO', 'EQUAL', '00100')], ['00100']],
  ['NOT_EQUAL', [condition('F0010.CO', 'NOT_EQUAL', '00100')], ['00200', '00300']],
  ['LESS', [condition('F0010.CO', 'LESS', '00200')], ['00100']],
  ['LESS_EQUAL', [condition('F0010.CO', 'LESS_EQUAL', '00200')], ['00100', '00200']],
  ['GREATER', [condition('F0010.CO', 'GREATER', '00200')], ['00300']],
  ['GREATER_EQUAL', [condition('F0010.CO', 'GREATER_EQUAL', '00200')], ['00200', '00300']],
  ['BETWEEN', [condition('F0010.CO', 'BETWEEN', '00150', '00250')], ['00200']],
  ['LIST', [condition('F0010.CO', 'LIST', '00300', '00100', '00300')], ['00100', '00300']],
  ['STR_START_WITH', [condition('F0010.NAME', 'STR_START_WITH', 'Example')], ['00100', '00200', '00300']],
  ['STR_END_WITH', [condition('F0010.NAME', 'STR_END_WITH', 'Ltd')], ['00200']],
  ['STR_CONTAIN', [condition('F0010.NAME', 'STR_CONTAIN', 'GmbH')], ['00100']],
  ['STR_BLANK', [condition('F0010.NAME', 'STR_BLANK', '')], []],
  ['STR_NOT_BLANK', [condition('F0010.NAME', 'STR_NOT_BLANK', '')], ['00100', '00200', '00300']],
  ['two conditions', [condition('F0010.CO', 'GREATER', '00100'), condition('F0010.CRCD', 'EQUAL', 'GBP')], ['00200']],
])('%s', async (_operator, conditions, companies) => {
  expect(await find('F0010', 'CO', ...conditions)).toEqual(companies);
});

test('one of several conditions, and groups of them', async () => {
  const inEuros = condition('F0010.CRCD', 'EQUAL', 'EUR');
  const inPounds = condition('F0010.CRCD', 'EQUAL', 'GBP');
  const any = { matchType: 'MATCH_ANY', condition: [inEuros, inPounds] };
  const codes = async (query: object): Promise<unknown[]> => (await browse('F0010', { query })).rowset.map((row) => row['F0010_CO']);
  expect(await codes({ autoFind: true, ...any })).toEqual(['00100', '00200']);
  const notTheFirst = { matchType: 'MATCH_ALL', condition: [condition('F0010.CO', 'GREATER', '00100')] };
  const complexQuery = [{ query: notTheFirst }, { query: any, andOr: 'AND' }];
  expect(await codes({ autoFind: true, complexQuery })).toEqual(['00200']);
  expect(await codes({ autoFind: true, complexQuery: [{ query: { condition: [inEuros] } }, { query: notTheFirst, andOr: 'OR' }] })).toEqual(
    ['00100', '00200', '00300'],
  );
});

test('a right-justified text is found without its blanks, but patterns see them', async () => {
  expect(await find('F0006', 'DL01', condition('F0006.MCU', 'EQUAL', '30'))).toEqual(['Werk Köln']);
  expect(await find('F0006', 'DL01', condition('F0006.MCU', 'STR_START_WITH', '30'))).toEqual([]);
});

test.each<[string, string, string | [string, string], boolean]>([
  ['today at the server, not in UTC', 'EQUAL', ['', 'TODAY'], true],
  ['from yesterday on', 'GREATER_EQUAL', ['1', 'TODAY_MINUS_DAY'], true],
  ['from tomorrow on', 'GREATER_EQUAL', ['1', 'TODAY_PLUS_DAY'], false],
  ['since a month', 'GREATER', ['1', 'TODAY_MINUS_MONTH'], true],
  ['since a year', 'LESS', ['1', 'TODAY_MINUS_YEAR'], false],
  ["a day in the user's format", 'EQUAL', '04/03/2025', true],
  ['the same day in another format: nothing, no error', 'EQUAL', '2025-03-04', false],
  ['a day that does not exist', 'LESS', '31/02/2026', false],
])('dates: %s', async (_what, operator, value, isFound) => {
  const { AN8 } = sim.actions.addSupplier({ ALPH: 'Heute GmbH' });
  const number = condition('F0401.AN8', 'EQUAL', AN8);
  expect(await find('F0401', 'AN8', number, condition('F0401.UPMJ', operator, value))).toEqual(isFound ? [Number(AN8)] : []);
});

test('a decimal is read as the user writes it, and another way finds nothing', async () => {
  sim.site.user.decimalFormat = ',';
  sim.person.insert('F0014', { PTC: 'X2', PTD: 'Skonto', DCP: '2.500' });
  expect(await find('F0014', 'PTC', condition('F0014.DCP', 'EQUAL', '2,5'))).toEqual(['X2']);
  expect(await find('F0014', 'PTC', condition('F0014.DCP', 'EQUAL', '2.5'))).toEqual([]);
});

test('LOGIN_USER is who is signed on', async () => {
  sim.person.insert('F0014', { PTC: 'X1', PTD: 'ours' }, { USER: 'CONNSVC' });
  expect(await find('F0014', 'PTC', condition('F0014.USER', 'EQUAL', ['', 'LOGIN_USER']))).toEqual(['X1']);
});

test('pages by key in ascending order miss nothing and repeat nothing', async () => {
  const seen: number[] = [];
  for (let last = '0', more = true; more; last = String(seen.at(-1))) {
    const { rowset, summary } = await browse('F0101', {
      maxPageSize: '40',
      returnControlIDs: 'F0101.AN8',
      ...queryOf(condition('F0101.AN8', 'GREATER', last)),
      aggregation: { orderBy: [{ column: 'F0101.AN8', direction: 'ASC' }] },
    });
    seen.push(...rowset.map((row) => Number(row['F0101_AN8'])));
    more = summary.moreRecords;
  }
  expect(seen).toEqual(sim.database.table('F0101').rows.map(({ AN8 }) => Number(AN8)));
});

test('an order by another column, downwards', async () => {
  const { rowset } = await browse('F0010', { aggregation: { orderBy: [{ column: 'F0010.CRCD', direction: 'DESC' }] } });
  expect(rowset.map((row) => row['F0010_CRCD'])).toEqual(['USD', 'GBP', 'EUR']);
});

test('version 1 answers cells with what is stored and what is on the screen', async () => {
  const { titles, rowset } = gridOf(await ask(browseOf('F0006', { returnControlIDs: 'MCU|UPMJ|UPMT' }), ''));
  expect(titles).toHaveProperty('F0006_MCU');
  expect(rowset[0]).toMatchObject({
    rowIndex: 0,
    MOExist: false,
    F0006_MCU: { internalValue: '          30', dataType: 2, value: '30' },
    F0006_UPMJ: { internalValue: expect.stringMatching(/^\d{13}$/), dataType: 11, value: expect.stringMatching(/^\d\d\/\d\d\/\d{4}$/) },
    F0006_UPMT: { internalValue: 93_015, dataType: 9 },
  });
});

test('a count, in both wrappings', async () => {
  const body = { ...browseOf('F0401'), dataServiceType: 'COUNT' };
  expect((await ask(body)).json).toEqual({ count: 150 });
  sim.site.countStyle = 'wrapped';
  expect((await ask(body)).json).toEqual({ ds_F0401: { count: 150 } });
});

test("an aggregation has dates as milliseconds at the server's midnight", async () => {
  sim.person.insert('F0010', { CO: '00400', NAME: 'Neu', CRCD: 'EUR' });
  const aggregation = {
    aggregations: [
      { aggregation: 'COUNT', column: '*' },
      { aggregation: 'MAX', column: 'F0010.UPMJ' },
    ],
    groupBy: [{ column: 'F0010.CRCD' }],
  };
  const { json } = await ask({ ...browseOf('F0010'), dataServiceType: 'AGGREGATION', aggregation });
  expect(json['ds_F0010']).toMatchObject({
    output: [
      { groupBy: { 'F0010.CRCD': 'EUR' }, COUNT: 2, 'F0010.UPMJ_MAX': Date.parse('2025-03-04T05:00:00Z') },
      { groupBy: { 'F0010.CRCD': 'GBP' }, COUNT: 1 },
      { groupBy: { 'F0010.CRCD': 'USD' }, COUNT: 1 },
    ],
  });
});

interface Linked {
  links?: { href: string }[];
}

/** The query of the next page's link, on the server that is really there. */
function nextOf(reply: Reply): string | undefined {
  const href = (reply.json as Linked).links?.[0]?.href;
  return href && `/v2/dataservice/next${new URL(href).search.replaceAll('|', '%7C')}`;
}

test('links lead through the result as it was at the first call; they name a host that is not there', async () => {
  const first = await ask(browseOf('F0401', { maxPageSize: '60', returnControlIDs: 'F0401.AN8', enableNextPageProcessing: true }));
  expect((first.json as Linked).links?.[0]?.href).toMatch(
    /^http:\/\/aisprd01\.corp\.internal:9300\/jderest\/v2\/dataservice\/next\?.*token=044.*%2B/,
  );
  sim.actions.purgeSupplier({ AN8: '6001' });
  sim.actions.purgeSupplier({ AN8: '6299' });
  const seen = gridOf(first).rowset.length;
  const second = await call(sim, 'GET', nextOf(first) ?? '', { headers: who.headers });
  const third = await call(sim, 'POST', nextOf(second) ?? '', { headers: who.headers });
  expect([seen, gridOf(second).rowset.length, gridOf(third).rowset.length]).toEqual([60, 60, 30]);
  expect([gridOf(third).summary.moreRecords, nextOf(third)]).toEqual([false, undefined]);
});

test('a cursor nobody asked for in a minute is gone: 500 and JAS_MSG347', async () => {
  const first = await ask(browseOf('F0401', { maxPageSize: '60', enableNextPageProcessing: 'true' }));
  sim.clock.advance(61_000);
  const { status, json } = await call(sim, 'GET', nextOf(first) ?? '', { headers: who.headers });
  expect(status).toBe(500);
  expect(json['sysErrors']).toMatchObject([{ TITLE: expect.stringContaining('JAS_MSG347') }]);
});

test('version 1 and callers without a token get no links', async () => {
  const body = browseOf('F0401', { maxPageSize: '60', enableNextPageProcessing: true });
  expect(nextOf(await ask(body, ''))).toBeUndefined();
});

test('row security hides rows and column security columns, without a word', async () => {
  sim.site.hiddenRows = [{ table: 'F0010', column: 'CO', value: '00200' }];
  sim.site.hiddenColumns = ['F0010.NAME'];
  const { rowset, columns } = await browse('F0010', { returnControlIDs: 'CO|NAME' });
  expect([rowset, Object.keys(columns)]).toEqual([[{ F0010_CO: '00100' }, { F0010_CO: '00300' }], ['F0010_CO']]);
  expect((await ask({ ...browseOf('F0010'), dataServiceType: 'COUNT' })).json).toEqual({ count: 2 });
});

test('a table the user may not browse answers 403, a column this release has not 500', async () => {
  sim.site.deniedTables = ['F0901'];
  sim.site.absentColumns = ['F0101.TX2'];
  expect((await ask(browseOf('F0901'))).status).toBe(403);
  expect((await ask(browseOf('F0101', { returnControlIDs: 'AN8|TX2' }))).status).toBe(500);
});

test('where the server caches, a read says allowCache: false or sees the past', async () => {
  sim.site.defaultCachingOn = true;
  const name = async (more: object = {}): Promise<unknown> => {
    const { rowset } = await browse('F0010', { returnControlIDs: 'NAME', ...queryOf(condition('F0010.CO', 'EQUAL', '00100')), ...more });
    return rowset[0]?.['F0010_NAME'];
  };
  const before = await name();
  sim.person.update('F0010', { CO: '00100' }, { NAME: 'Umbenannt AG' });
  expect(await name()).toBe(before);
  expect(await name({ allowCache: false })).toBe('Umbenannt AG');
  sim.clock.advance(16 * 60_000);
  expect(await name()).toBe('Umbenannt AG');
});

test('one site wants environment and role in every request', async () => {
  sim.site.requiresEnvironment = true;
  expect((await ask(browseOf('F0010'))).status).toBe(503);
  expect((await ask(browseOf('F0010', { environment: 'JPD920', role: '*ALL' }))).status).toBe(200);
});

test('a table by GET with filters, order and limit', async () => {
  const query = new URLSearchParams([
    ['$field', 'F0010.CO'],
    ['$filter', 'F0010.NAME CONTAINS Example Manufacturing'],
    ['$filter', 'F0010.UPMJ LE 1 TODAY_MINUS_DAY'],
    ['$sort', 'F0010.CO DESC'],
    ['$limit', '2'],
    ['$token', who.token],
    ['$device', 'erp-agent-01'],
  ]);
  const reply = await call(sim, 'GET', `/v2/dataservice/table/F0010?${query.toString()}`);
  expect(gridOf(reply)).toMatchObject({ rowset: [{ F0010_CO: '00300' }, { F0010_CO: '00200' }], summary: { moreRecords: true } });
});

test('orchestrations answer rows in a grid or in a flat list, and tokens under an alias', async () => {
  const run = (name: string, body: object): Promise<Reply> => call(sim, 'POST', `/v3/orchestrator/${name}`, { body, headers: who.headers });
  const page = await run('ORCH_SupplierPage', { AfterAddressNumber: '6297' });
  expect(page.json).toMatchObject({ jde__status: 'SUCCESS', ServiceRequest1: { fs_DATABROWSE_F0401: {} } });
  const accounts = await run('ORCH_Accounts', { inputs: [{ name: 'Company', value: '00100' }] });
  expect((accounts.json['Accounts'] as object[])[0]).toMatchObject({ BusinessUnit: '100', Object: '1000', Subsidiary: '', Level: 3 });
  expect((await run('jde-validate-session', {})).json).toEqual({ isValidSession: true });
  const unknown = await run('ORCH_Nope', {});
  expect([unknown.status, typeof unknown.json['message']]).toEqual([500, 'object']);
});
