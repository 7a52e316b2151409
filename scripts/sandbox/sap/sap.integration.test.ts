/** Through the unmodified node-rfc addon: what a client of the simulated system sees. */
import { setImmediate as nextTick } from 'node:timers/promises';
import { startSapSystem, type SapSystem } from './index.ts';
import { startAddon, type Addon, type AddonClient } from './testing/addon.ts';

let addon: Addon;
let sap: SapSystem;
let client: AddonClient;

const restricted = {
  name: 'CLERK',
  password: 'Kontor-1',
  functions: ['SYST', 'RFC1', 'SDIFRUNTIME', 'SDTX'],
  tables: ['LFA1'],
  tableGroups: ['SC'],
};

beforeAll(async () => {
  addon = await startAddon();
  sap = await startSapSystem({
    vendors: 60,
    bulkRows: 20_000,
    users: [{ name: 'ML_AGENT', password: 'Nordwerk-2024' }, restricted],
    functions: {
      also: ['BBP_RFC_READ_TABLE', '/BODS/RFC_READ_TABLE2', 'BAPI_VENDOR_GETLIST', 'Z_VENDOR_CHANGE'],
      without: ['RFC_FUNCTION_SEARCH'],
    },
  });
  client = await addon.open(sap.connectionParameters);
});

afterAll(async () => {
  await addon[Symbol.asyncDispose]();
  await sap[Symbol.asyncDispose]();
});

beforeEach(() => sap.faults.clear());

interface Read {
  fields?: string[];
  where?: string[];
  more?: Record<string, unknown>;
  by?: string;
}

async function read(
  table: string,
  { fields = [], where = [], more = {}, by = 'RFC_READ_TABLE' }: Read,
  reader = client,
): Promise<string[]> {
  const answer = await reader.call(by, {
    QUERY_TABLE: table,
    FIELDS: fields.map((FIELDNAME) => ({ FIELDNAME })),
    OPTIONS: where.map((TEXT) => ({ TEXT })),
    ...more,
  });
  return (answer['DATA'] as { WA: string }[]).map(({ WA }) => WA);
}

describe('the SDK stand-in', () => {
  test('loads under the prebuilt addon and says its version', async () => {
    expect((await addon.environment()).noderfc).toEqual({ version: '3.3.1', nwrfcsdk: { major: 7500, minor: 0, patchLevel: 12 } });
  });

  test('carries every type there and back', async () => {
    const sent = {
      RFCFLOAT: 1.25,
      RFCCHAR1: 'A',
      RFCINT2: -5,
      RFCINT1: 200,
      RFCCHAR4: 'Größ',
      RFCINT4: 2_147_483_647,
      RFCHEX3: Buffer.from('fgh'),
      RFCTIME: '121120',
      RFCDATE: '20180625',
      RFCDATA1: '你好 😀',
      RFCDATA2: 'right blanks  ',
    };
    const { ECHOSTRUCT, RFCTABLE } = await client.call('STFC_STRUCTURE', { IMPORTSTRUCT: sent, RFCTABLE: [sent, { RFCINT4: 7 }] });
    expect(ECHOSTRUCT).toEqual({ ...sent, RFCCHAR2: '', RFCDATA2: 'right blanks' });
    expect((RFCTABLE as { RFCINT4: number }[]).map(({ RFCINT4 }) => RFCINT4)).toEqual([2_147_483_647, 7, 2]);
  });

  test('initial values are those of ABAP', async () => {
    const { ECHOSTRUCT } = await client.call('STFC_STRUCTURE', {});
    expect(ECHOSTRUCT).toMatchObject({ RFCFLOAT: 0, RFCCHAR1: '', RFCHEX3: Buffer.alloc(3), RFCTIME: '000000', RFCDATE: '00000000' });
  });

  test('a parameter that is not there is named', async () => {
    const handle = (await client.ping()) && client.handle;
    await expect(client.call('STFC_CONNECTION', { XXX: 1 })).rejects.toMatchObject({ code: 20, message: "field 'XXX' not found" });
    expect(client.handle).toBe(handle);
  });

  test('a call that takes too long is cancelled and the connection replaced', async () => {
    await client.ping();
    const before = client.handle;
    await expect(client.call('RFC_PING_AND_WAIT', { SECONDS: 30 }, { timeout: 0.1 })).rejects.toMatchObject({
      group: 4,
      code: 7,
      key: 'RFC_CANCELED',
    });
    expect(client.handle).not.toBe(before);
    await expect(client.ping()).resolves.toBe(true);
  });

  test('a closed client says so', async () => {
    const closed = await addon.open(sap.connectionParameters);
    await closed.close();
    await expect(closed.call('STFC_CONNECTION')).rejects.toMatchObject({ name: 'nodeRfcError' });
  });

  test('an unreachable host and missing parameters are told apart', async () => {
    const nobody = { ...sap.connectionParameters, ashost: '127.0.0.2' };
    await expect(addon.open(nobody)).rejects.toMatchObject({
      group: 4,
      code: 1,
      message: expect.stringContaining("partner '127.0.0.2:33"),
    });
    await expect(addon.open({ user: 'A', passwd: 'B' })).rejects.toMatchObject({
      group: 5,
      code: 20,
      message: 'Parameter ASHOST, GWHOST, MSHOST or PORT is missing.',
    });
  });

  test('gateway, message server and router parameters lead to the system and reach it', async () => {
    await using other = await startSapSystem({ vendors: 1, port: 0, sid: 'LB1' });
    await using elsewhere = await startAddon({ SAP_SIM_PORT: String(other.port) });
    const logon = { client: '100', user: 'ML_AGENT', lang: 'EN' };
    const route = { mshost: 'msgsrv.nordwerk.example', msserv: '3600', sysid: 'LB1', group: 'PUBLIC', saprouter: '/H/router/S/3299' };
    await elsewhere.open({ ...logon, ...route, passwd: other.connectionParameters['passwd'] ?? '' });
    expect(other.counts.parameters).toEqual({ ...logon, ...route });
  });
});

describe('errors of the ABAP side', () => {
  test.each([
    ['an unknown function', 'NOPE_FN', {}, { group: 1, code: 5, key: 'FU_NOT_FOUND', abapMsgClass: 'FL', abapMsgNumber: '046' }],
    ['a function that was switched off', 'RFC_FUNCTION_SEARCH', {}, { group: 1, code: 5, key: 'FU_NOT_FOUND' }],
    ['an exception', 'RFC_RAISE_ERROR', { METHOD: '1' }, { group: 1, code: 5, key: 'RAISE_EXCEPTION', abapMsgV1: 'Method = 1' }],
    ['a message', 'RFC_RAISE_ERROR', { METHOD: '0' }, { group: 2, code: 4, key: 'Function not supported', abapMsgNumber: '006' }],
    [
      'a message of type X',
      'RFC_RAISE_ERROR',
      { METHOD: '0', MESSAGETYPE: 'X' },
      { group: 2, code: 4, key: 'MESSAGE_TYPE_X', abapMsgNumber: '341' },
    ],
    ['a short dump', 'RFC_RAISE_ERROR', { METHOD: '3' }, { group: 2, code: 3, key: 'COMPUTE_INT_ZERODIVIDE' }],
  ])('%s', async (_what, name, parameters, error) => {
    await expect(client.call(name, parameters)).rejects.toMatchObject(error);
  });

  test('the fifth wrong password locks the user, and the right one does not open it', async () => {
    await using other = await startSapSystem({ vendors: 1 });
    const wrong = { ...other.connectionParameters, passwd: 'wrong' };
    for (let attempt = 0; attempt < 5; attempt++) {
      await expect(addon.open(wrong)).rejects.toMatchObject({ group: 3, code: 2, message: 'Name or password is incorrect (repeat logon)' });
    }
    const locked = { group: 3, message: 'Password logon no longer possible - too many failed attempts' };
    await expect(addon.open(other.connectionParameters)).rejects.toMatchObject(locked);
    other.users.unlock('ML_AGENT');
    await addon.open(other.connectionParameters);
  });

  test('S_RFC and S_TABU decide per user', async () => {
    const clerk = await addon.open({ ...sap.connectionParameters, user: 'clerk', passwd: 'Kontor-1' });
    await expect(read('LFA1', { fields: ['LIFNR'], where: ["LIFNR = '0000100001'"] }, clerk)).resolves.toEqual(['0000100001']);
    await expect(read('TCURX', {}, clerk)).resolves.toHaveLength(7);
    await expect(read('LFB1', { fields: ['LIFNR'] }, clerk)).rejects.toMatchObject({ code: 5, key: 'NOT_AUTHORIZED' });
    await expect(clerk.call('STFC_CONNECTION')).rejects.toMatchObject({ group: 2, code: 3, key: 'RFC_NO_AUTHORITY' });
  });
});

describe('RFC_READ_TABLE', () => {
  test('slots, offsets and values', async () => {
    const answer = await client.call('RFC_READ_TABLE', {
      QUERY_TABLE: 'LFA1',
      DELIMITER: '|',
      FIELDS: [{ FIELDNAME: 'LIFNR' }, { FIELDNAME: 'NAME1' }, { FIELDNAME: 'LOEVM' }],
      OPTIONS: [{ TEXT: "LIFNR = '0000100004'" }],
    });
    expect(answer['DATA']).toEqual([{ WA: '0000100004|Pipe|Delimited|Trading LLC         |' }]);
    expect(answer['FIELDS']).toMatchObject([
      { FIELDNAME: 'LIFNR', OFFSET: '000000', LENGTH: '000010', TYPE: 'C' },
      { FIELDNAME: 'NAME1', OFFSET: '000011', LENGTH: '000035' },
      { FIELDNAME: 'LOEVM', OFFSET: '000047', LENGTH: '000001' },
    ]);
  });

  test.each([
    ['a row wider than 512', 'LFA1', [], [], 'DATA_BUFFER_EXCEEDED'],
    ['an unknown table', 'LFA9', ['LIFNR'], [], 'TABLE_NOT_AVAILABLE'],
    ['a structure', 'BAPIRET2', ['TYPE'], [], 'TABLE_WITHOUT_DATA'],
    ['an unknown field', 'LFA1', ['LIFNO'], [], 'FIELD_NOT_VALID'],
    ['a clause that is none', 'LFA1', ['LIFNR'], ["LIFNR = '1"], 'OPTION_NOT_VALID'],
  ])('%s', async (_what, table, fields, where, key) => {
    await expect(read(table, { fields, where })).rejects.toMatchObject({ group: 1, code: 5, key });
  });

  test('paging by key meets every row once, in order', async () => {
    const seen: string[] = [];
    for (let last = ''; ; last = seen.at(-1) ?? '') {
      const page = await read('LFA1', { fields: ['LIFNR'], where: [`LIFNR > '${last}'`], more: { ROWCOUNT: 7 } });
      seen.push(...page);
      if (page.length < 7) break;
    }
    expect(seen).toEqual(sap.vendors.list());
  });

  test('paging by ROWSKIPS is not in key order', async () => {
    const page = await read('LFA1', { fields: ['LIFNR'], more: { ROWSKIPS: 7, ROWCOUNT: 20 } });
    expect(page).toHaveLength(20);
    expect(page).not.toEqual([...page].sort());
  });

  test('an unpadded key finds nothing', async () => {
    await expect(read('LFA1', { fields: ['LIFNR'], where: ["LIFNR = '100001'"] })).resolves.toEqual([]);
  });

  test('amounts stand right with the sign behind, and one that does not fit gets an asterisk', async () => {
    const rows = await read('BSIK', { fields: ['WAERS', 'DMBTR'], where: ["BUKRS = '1000'"] });
    expect(rows).toContain('EUR         59.50-');
    const { before } = sap.stored('BSIK').update(keyOfFirst('BSIK'), { DMBTR: '-12345678901.23' });
    const [row] = await read('BSIK', { fields: ['DMBTR'], where: ["BUKRS = '1000'", "AND DMBTR < '-1000000'"] });
    expect(row).toBe('*45678901.23-');
    const [wide] = await read('BSIK', { fields: ['DMBTR'], where: ["DMBTR < '-1000000'"], by: 'BBP_RFC_READ_TABLE' });
    expect(wide?.trim()).toBe('12345678901.23-');
    sap.stored('BSIK').update(keyOfFirst('BSIK'), { DMBTR: before['DMBTR'] ?? '' });
  });

  test('the Data Services reader names the table it filled', async () => {
    const answer = await client.call('/BODS/RFC_READ_TABLE2', { QUERY_TABLE: 'LFA1', ROWCOUNT: 2 });
    expect(answer['OUT_TABLE']).toBe('TBLOUT2048');
    expect(answer['TBLOUT2048']).toHaveLength(2);
    expect(answer['TBLOUT512']).toEqual([]);
  });

  test('bulk rows arrive whole, in order, and without gaps', async () => {
    const numbers: string[] = [];
    for (let last = ''; numbers.length < 20_000; last = numbers.at(-1) ?? '') {
      const page = await read('ZBULK', { fields: ['CUSTNO', 'NAME1'], where: [`CUSTNO > '${last}'`], more: { ROWCOUNT: 6000 } });
      expect(page.every((row) => row.slice(10).startsWith('Großhandel'))).toBe(true);
      numbers.push(...page.map((row) => row.slice(0, 10)));
    }
    expect(numbers).toEqual(Array.from({ length: 20_000 }, (_, index) => String(index + 1).padStart(10, '0')));
  });

  test('a whole row of ZBULK fits one read, and its interface is as the dictionary says', async () => {
    const { DFIES_TAB } = await client.call('DDIF_FIELDINFO_GET', { TABNAME: 'ZBULK' });
    const fields = (DFIES_TAB as { FIELDNAME: string; KEYFLAG: string }[]).map(({ FIELDNAME }) => FIELDNAME);
    expect(fields).toHaveLength(21);
    const [row] = await read('ZBULK', { where: ["CUSTNO = '0000000001'"] });
    expect(row?.slice(0, 13)).toBe('1000000000001');
  });
});

function keyOfFirst(table: string): string[] {
  const stored = sap.stored(table);
  const first = stored.all().find((row) => row['BUKRS'] === '1000') ?? {};
  return stored.definition.fields.filter((field) => field.key && field.type !== 'CLNT').map(({ name }) => first[name] ?? '');
}

describe('sessions and units of work', () => {
  const nameOf = (number: string): string => sap.vendors.get(number).LFA1['NAME1'] ?? '';
  const rename = (by: AddonClient, number: string, VALUE: string): Promise<unknown> =>
    by.call('Z_VENDOR_CHANGE', { VENDORNO: number, FIELDNAME: 'NAME1', VALUE });

  test('a change is made by the commit of its own session only', async () => {
    const other = await addon.open(sap.connectionParameters);
    await rename(client, '0000100030', 'Neuer Name AG');
    await other.call('BAPI_TRANSACTION_COMMIT', { WAIT: 'X' });
    expect(nameOf('0000100030')).not.toBe('Neuer Name AG');
    await client.call('BAPI_TRANSACTION_COMMIT', { WAIT: 'X' });
    expect(nameOf('0000100030')).toBe('Neuer Name AG');
    await other.close();
  });

  test.each([
    ['rollback', (one: AddonClient) => one.call('BAPI_TRANSACTION_ROLLBACK')],
    ['reset', (one: AddonClient) => one.reset()],
    [
      'a dump, after which the addon reconnects by itself',
      (one: AddonClient) => one.call('RFC_RAISE_ERROR', { METHOD: '3' }).catch(() => undefined),
    ],
  ])('%s loses what was not committed', async (_what, lose) => {
    await rename(client, '0000100031', 'Nie gesehen GmbH');
    await lose(client);
    await client.call('BAPI_TRANSACTION_COMMIT');
    expect(nameOf('0000100031')).not.toBe('Nie gesehen GmbH');
  });

  test('a line cut after the commit leaves the change made and the answer lost', async () => {
    await rename(client, '0000100032', 'Doch gebucht KG');
    sap.faults.add({ kind: 'cut', when: 'after', function: 'BAPI_TRANSACTION_COMMIT', times: 1 });
    await expect(client.call('BAPI_TRANSACTION_COMMIT')).rejects.toMatchObject({ group: 4, code: 1 });
    expect(nameOf('0000100032')).toBe('Doch gebucht KG');
  });

  test('a line cut before the commit leaves nothing', async () => {
    await rename(client, '0000100033', 'Verloren KG');
    sap.faults.add({ kind: 'cut', when: 'before', function: 'BAPI_TRANSACTION_COMMIT', times: 1 });
    await expect(client.call('BAPI_TRANSACTION_COMMIT')).rejects.toMatchObject({ group: 4, code: 1 });
    expect(nameOf('0000100033')).not.toBe('Verloren KG');
  });
});

test('sessions that ended with an error are not left open by either side', async () => {
  await using other = await startSapSystem({ vendors: 1 });
  const one = await addon.open(other.connectionParameters);
  for (let times = 0; times < 3; times++) await expect(one.call('RFC_RAISE_ERROR', { METHOD: '3' })).rejects.toMatchObject({ group: 2 });
  while (other.sessions > 1) await nextTick();
  await one.close();
  while (other.sessions > 0) await nextTick();
  expect(other.counts.logons).toBe(4);
});

describe('misbehaviour on request', () => {
  test('more calls at once than work processes', async () => {
    sap.faults.add({ kind: 'busy', above: 2 });
    const crowd = await Promise.all([1, 2, 3].map(() => addon.open(sap.connectionParameters)));
    sap.faults.add({ kind: 'slow', ms: 150, function: 'STFC_CONNECTION' });
    const outcomes = await Promise.allSettled(crowd.map((one) => one.call('STFC_CONNECTION')));
    const failed = outcomes.filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(failed.length).toBeGreaterThan(0);
    expect(failed[0]?.reason).toMatchObject({ group: 2, code: 3, key: 'SYSTEM_FAILURE' });
    await Promise.all(crowd.map((one) => one.close()));
  });

  test('refused logons, dumps and rows that should not be there', async () => {
    sap.faults.add({ kind: 'no-logon', message: 'System is being maintained', times: 1 });
    await expect(addon.open(sap.connectionParameters)).rejects.toMatchObject({ group: 3, message: 'System is being maintained' });
    sap.faults.add({ kind: 'dump', key: 'TIME_OUT', message: 'Time limit exceeded.', function: 'RFC_READ_TABLE', skip: 1, times: 1 });
    await read('T001', { fields: ['BUKRS'] });
    await expect(read('T001', { fields: ['BUKRS'] })).rejects.toMatchObject({ group: 2, code: 3, key: 'TIME_OUT' });
    sap.faults.add({ kind: 'extra-rows', table: 'T001', lines: ['1000', ''], times: 1 });
    await expect(read('T001', { fields: ['BUKRS'] })).resolves.toHaveLength(6);
    await expect(read('T001', { fields: ['BUKRS'] })).resolves.toHaveLength(4);
  });

  test('a restart cuts everybody off, refuses for a while and comes back on the same port', async () => {
    await using other = await startSapSystem({ vendors: 1 });
    const one = await addon.open(other.connectionParameters);
    const back = other.restart(300);
    await expect(one.ping()).rejects.toMatchObject({ group: 4 });
    await expect(addon.open(other.connectionParameters)).rejects.toMatchObject({ group: 4, code: 1 });
    await back;
    await expect((await addon.open(other.connectionParameters)).ping()).resolves.toBe(true);
  });
});

describe('vendor functions', () => {
  test('the list begins with VENDOR_FROM and knows changes of the address', async () => {
    sap.vendors.change('100050', { email: 'neu@example.com' });
    const today = sap.localTime().date;
    const { VENDORLIST } = await client.call('BAPI_VENDOR_GETLIST', { CHANGED_SINCE: today, VENDOR_FROM: '0000100045' });
    expect(VENDORLIST).toEqual([expect.objectContaining({ VENDOR_NO: '0000100050', CHANGED_ON: today })]);
    const page = await client.call('BAPI_VENDOR_GETLIST', { VENDOR_FROM: '0000100010', MAXROWS: 2 });
    expect((page['VENDORLIST'] as { VENDOR_NO: string }[]).map(({ VENDOR_NO }) => VENDOR_NO)).toEqual(['0000100010', '0000100011']);
    const none = await client.call('BAPI_VENDOR_GETLIST', { CHANGED_SINCE: '99981231' });
    expect(none).toMatchObject({ VENDORLIST: [], RETURN: { TYPE: 'I', CODE: 'ZV001' } });
  });

  test('details, or a RETURN that says what is missing', async () => {
    const { LFA1, LFB1 } = sap.vendors.get('100001');
    const companyCode = LFB1[0]?.['BUKRS'] ?? '';
    const found = await client.call('BAPI_VENDOR_GETDETAIL', { VENDORNO: '0000100001', COMPANYCODE: companyCode });
    expect(found['GENERALDETAIL']).toMatchObject({ NAME: LFA1['NAME1'], ADDRESS: LFA1['ADRNR'], COUNTRYISO: LFA1['LAND1'] });
    expect(found['COMPANYDETAIL']).toMatchObject({ COMP_CODE: companyCode, GL_ACCOUNT: LFB1[0]?.['AKONT'] });
    const unpadded = await client.call('BAPI_VENDOR_GETDETAIL', { VENDORNO: '100001' });
    expect(unpadded['RETURN']).toMatchObject({ TYPE: 'E', ID: 'F2', NUMBER: '163' });
  });
});
