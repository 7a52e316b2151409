import { openSapBench, rowsOf, testCall, type SapBench } from './testing/simulated-sap.ts';

let bench: SapBench;
beforeAll(async () => {
  bench = await openSapBench({ vendors: 20, bulkRows: 30_000 });
});
afterAll(() => bench[Symbol.asyncDispose]());
afterEach(() => bench.sap.faults.clear());

const unit = (functionName: string, parameters: Record<string, unknown> = {}) => ({
  system: 'ECC',
  commit: 'never' as const,
  calls: [{ function: functionName, parameters }],
});
const bulkFields = ['CUSTNO', 'NAME1', 'NAME2', 'STRAS', 'ORT01', 'PSTLZ', 'LAND1', 'WAERS', 'UMSAT', 'KLIMK', 'SKONT', 'SCORE', 'ERDAT'];

describe('calls', () => {
  test('texts of every script come back as they went', async () => {
    const text = 'Grüße, Łódź, 你好, 😀';
    const { results } = await bench.system.unit(unit('STFC_CONNECTION', { REQUTEXT: text }), testCall());
    expect(results[0]).toMatchObject({ ECHOTEXT: text });
  });

  test('structures, tables and bytes make the round trip', async () => {
    const line = { RFCCHAR4: 'ABCD', RFCINT4: 345, RFCHEX3: 'Zmdo', RFCDATE: '20240131', RFCTIME: '121120', RFCDATA1: "O'Brien" };
    const { results } = await bench.system.unit(unit('STFC_STRUCTURE', { IMPORTSTRUCT: line, RFCTABLE: [line] }), testCall());
    expect(results[0]).toMatchObject({ ECHOSTRUCT: line, RFCTABLE: [line, expect.anything()] });
  });

  test('a value that does not fit is refused by what the system says of its interface, and never sent', async () => {
    const before = bench.sap.counts.calls['STFC_STRUCTURE'] ?? 0;
    await expect(bench.system.unit(unit('STFC_STRUCTURE', { IMPORTSTRUCT: { RFCCHAR4: 'ABCDE' } }), testCall())).rejects.toMatchObject({
      code: 'SAP_VALUE_INVALID',
      message: expect.stringMatching(/RFCCHAR4 is longer than 4/) as unknown,
    });
    expect(bench.sap.counts.calls['STFC_STRUCTURE'] ?? 0).toBe(before);
  });

  test.each([
    [
      'a RAISE',
      unit('RFC_RAISE_ERROR', { METHOD: '1', MESSAGETYPE: 'E' }),
      'SAP_EXCEPTION',
      { key: 'RAISE_EXCEPTION', abapMsgClass: 'SR' },
    ],
    ['a message', unit('RFC_RAISE_ERROR', { METHOD: '0', MESSAGETYPE: 'E' }), 'SAP_MESSAGE', { group: 2, code: 4 }],
    ['a short dump', unit('RFC_RAISE_ERROR', { METHOD: '3' }), 'SAP_DUMP', { key: 'COMPUTE_INT_ZERODIVIDE' }],
    ['a function that does not exist', unit('Z_NOT_THERE'), 'SAP_FUNCTION_MISSING', { key: 'FU_NOT_FOUND' }],
    ['a name that is none', unit('drop table'), 'SAP_NAME_INVALID', undefined],
    ['a commit', unit('BAPI_TRANSACTION_COMMIT'), 'SAP_COMMIT_REFUSED', undefined],
  ])('%s is told apart, with the facts', async (_what, request, code, facts) => {
    const refused = { code, verdict: 'refused', ...(facts ? { facts } : {}) };
    await expect(bench.system.unit(request, testCall())).rejects.toMatchObject(refused);
    await expect(bench.system.ping(testCall())).resolves.toMatchObject({ attributes: { sysId: 'ECC' } });
  });

  test('interfaces and tables are described, absent ones are null', async () => {
    const answer = await bench.system.describe(
      { system: 'ECC', functions: ['BAPI_VENDOR_GETDETAIL', 'BAPI_VENDOR_GETLIST_X'], tables: ['TCURX', 'ZNONE'] },
      testCall(),
    );
    expect(answer.functions['BAPI_VENDOR_GETDETAIL']?.parameters).toContainEqual({
      name: 'COMPANYCODE',
      direction: 'IMPORT',
      type: 'LFB1-BUKRS',
      optional: true,
    });
    expect(answer.tables['TCURX']?.fields.map(({ name, isKey, dataType }) => [name, isKey, dataType])).toEqual([
      ['CURRKEY', true, 'CUKY'],
      ['CURRDEC', false, 'INT1'],
    ]);
    expect([answer.functions['BAPI_VENDOR_GETLIST_X'], answer.tables['ZNONE']]).toEqual([null, null]);
  });

  test('a BAPI answers', async () => {
    const [first] = bench.sap.stored('LFA1').all();
    const { results } = await bench.system.unit(unit('BAPI_VENDOR_GETDETAIL', { VENDORNO: first?.['LIFNR'] }), testCall());
    expect(JSON.stringify(results[0])).toContain(first?.['LIFNR']);
  });
});

describe('table reads', () => {
  test('a table of many pages comes whole, in key order, in chunks of about 200 KB', async () => {
    const call = testCall();
    const end = await bench.system.readTable({ system: 'ECC', table: 'ZBULK', fields: bulkFields, where: [] }, call);
    const rows = rowsOf(call);
    expect([end.rows, rows.length, rows[0]?.[0], rows.at(-1)?.[0]]).toEqual([30_000, 30_000, '0000000001', '0000030000']);
    expect(rows.every((row, index) => row[0] === String(index + 1).padStart(10, '0'))).toBe(true);
    expect(call.chunks.slice(0, -1).every((chunk) => chunk.length > 150_000 && chunk.length < 400_000)).toBe(true);
  });

  test('all fields of a vendor, wider than 512 characters together, agree with the table', async () => {
    const fields = ['LIFNR', 'NAME1', 'NAME2', 'NAME3', 'NAME4', 'ORT01', 'ORT02', 'STRAS', 'ERDAT', 'KTOKK', 'STCD1', 'STCEG', 'TELF1'];
    const wide = [...fields, 'PFACH', 'PSTLZ', 'REGIO', 'SORTL', 'ADRNR', 'SPRAS', 'STCD2', 'TELF2', 'TELFX'];
    const narrow = bench.openAgain({ readWidth: 120, readFunction: 'RFC_READ_TABLE' });
    const call = testCall();
    const end = await narrow.readTable({ system: 'ECC', table: 'LFA1', fields: wide, where: [] }, call);
    expect(rowsOf(call)).toEqual(
      bench.sap
        .stored('LFA1')
        .all()
        .map((row) => wide.map((name) => (row[name] ?? '').trimEnd())),
    );
    expect(end.calls).toBeGreaterThan(3);
  });

  test.each(['RFC_READ_TABLE', 'BBP_RFC_READ_TABLE', '/BODS/RFC_READ_TABLE2'])('%s gives the same rows', async (readFunction) => {
    await using again = await openSapBench({ functions: { also: ['BBP_RFC_READ_TABLE', '/BODS/RFC_READ_TABLE2'] } }, { readFunction });
    const call = testCall();
    const end = await again.system.readTable({ system: 'ECC', table: 'LFB1', fields: ['BUKRS', 'LIFNR', 'AKONT'], where: [] }, call);
    expect(end.reader).toBe(readFunction);
    expect(rowsOf(call)).toHaveLength(again.sap.stored('LFB1').all().length);
  }); // prettier-ignore

  test('where RFC_READ_TABLE may not be called, the next reader is taken; where none may, the message says why', async () => {
    const users = [
      { name: 'ML_AGENT', password: 'Nordwerk-2024', functions: ['SYST', 'RFC1', 'SDIFRUNTIME', 'RFC_PING', 'BBP_RFC_READ_TABLE'] },
    ];
    const request = { system: 'ECC', table: 'T001', fields: ['BUKRS', 'WAERS'], where: [] };
    await using other = await openSapBench({ users, functions: { also: ['BBP_RFC_READ_TABLE'] } });
    expect((await other.system.readTable(request, testCall())).reader).toBe('BBP_RFC_READ_TABLE');
    await using none = await openSapBench({ users });
    await expect(none.system.readTable(request, testCall())).rejects.toMatchObject({
      code: 'SAP_NO_TABLE_READER',
      message: expect.stringMatching(/RFC_READ_TABLE: .*BBP_RFC_READ_TABLE: does not exist/) as unknown,
      fix: expect.stringMatching(/S_RFC.*SDTX/) as unknown,
    });
  });

  test('a table the user may not read is refused, naming the authority', async () => {
    const users = [{ name: 'ML_AGENT', password: 'Nordwerk-2024', tables: ['LFA1', 'TCURX'] }];
    await using other = await openSapBench({ users });
    await other.system.readTable({ system: 'ECC', table: 'LFA1', fields: ['LIFNR'], where: [] }, testCall());
    await expect(other.system.readTable({ system: 'ECC', table: 'BSIK', fields: ['BELNR'], where: [] }, testCall())).rejects.toMatchObject({
      code: 'SAP_NOT_AUTHORIZED',
      fix: expect.stringMatching(/S_TABU_NAM/) as unknown,
    });
  });

  test('without GET_SORTED a database in other order is noticed, never skipped over', async () => {
    await using older = await openSapBench(
      { bulkRows: 0, vendors: 60, functions: { sortedReads: false }, behaviour: { rowOrder: 'heap' } },
      { pageRows: 20 },
    );
    await expect(older.system.readTable({ system: 'ECC', table: 'LFA1', fields: ['LIFNR'], where: [] }, testCall())).rejects.toMatchObject({
      code: 'SAP_ROWS_UNSORTED',
      verdict: 'refused',
    });
  });

  test('amounts are in real units of their currency', async () => {
    const call = testCall();
    await bench.system.readTable({ system: 'ECC', table: 'ZBULK', fields: ['WAERS', 'UMSAT', 'KLIMK'], where: [], maxRows: 200 }, call);
    const decimals: Record<string, number> = { JPY: 0, KWD: 3 };
    const rows = rowsOf(call);
    expect(new Set(rows.map((row) => row[0]))).toContain('JPY');
    for (const [currency = '', turnover = ''] of rows) expect(turnover.split('.')[1]?.length ?? 0).toBe(decimals[currency] ?? 2);
  });

  test.each([
    ['a table that does not exist', { table: 'ZNONE', fields: ['A'] }, 'SAP_TABLE_MISSING'],
    ['a field that does not exist', { table: 'LFA1', fields: ['NOPE'] }, 'SAP_FIELD_MISSING'],
    ['a structure', { table: 'BAPIRET2', fields: ['TYPE'] }, 'SAP_TABLE_MISSING'],
  ])('%s is refused', async (_what, request, code) => {
    await expect(bench.system.readTable({ system: 'ECC', where: [], ...request }, testCall())).rejects.toMatchObject({ code, verdict: 'refused' });
  }); // prettier-ignore

  test('a connection that breaks in the middle is not felt', async () => {
    bench.sap.faults.add({ kind: 'cut', when: 'after', function: 'RFC_READ_TABLE', skip: 2, times: 1 });
    const call = testCall();
    await bench.system.readTable({ system: 'ECC', table: 'ZBULK', fields: bulkFields, where: [] }, call);
    expect(rowsOf(call)).toHaveLength(30_000);
  });

  test('a receiver that takes its time holds the read back, and nothing piles up', async () => {
    const system = bench.openAgain({ pageRows: 1000 });
    const arrived = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const call = testCall();
    bench.sap.counts.reset();
    const reading = system.readTable(
      { system: 'ECC', table: 'ZBULK', fields: bulkFields, where: [] },
      {
        ...call,
        send: async (chunk: unknown) => {
          call.chunks.push(chunk as Buffer);
          arrived.resolve();
          await gate.promise;
        },
      },
    );
    await arrived.promise;
    // Time for thirty reads, if nothing held them back.
    for (let round = 0; round < 60; round++) await system.ping(testCall());
    expect(call.chunks).toHaveLength(1);
    expect(bench.sap.counts.calls['RFC_READ_TABLE']).toBeLessThan(15);
    gate.resolve();
    await reading;
    expect(rowsOf(call)).toHaveLength(30_000);
  });

  test('a cancelled read ends at once', async () => {
    const cancel = new AbortController();
    const call = testCall({ signal: cancel.signal });
    const reading = bench.system.readTable(
      { system: 'ECC', table: 'ZBULK', fields: bulkFields, where: [] },
      { ...call, send: () => Promise.resolve(cancel.abort()) },
    );
    await expect(reading).rejects.toMatchObject({ code: 'SAP_CANCELLED', verdict: 'retry' });
  });
});
