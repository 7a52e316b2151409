import { defaultSite, type JdeSim } from '../../../../scripts/sandbox/jde/index.ts';
import { chunksOf, openJdeBench, query, recordsOf, testCall, type JdeBench } from './testing/jde-bench.ts';

let bench: JdeBench;
beforeAll(async () => {
  bench = await openJdeBench({}, { pageSize: 25 });
});
afterAll(() => bench[Symbol.asyncDispose]());
beforeEach(() => bench.jde.forgetCalls());
afterEach(() => bench.jde.faults.clear());

const line = 'DOCO DCTO KCOO SFXO LNID';
const lineKey = line.split(' ');
const read = async (...request: Parameters<typeof query>) => {
  const call = testCall();
  const end = await bench.system.query(query(...request), call);
  return { end, call, records: recordsOf(call) };
};

describe('reading', () => {
  test('suppliers come with plain values, each once, in key order', async () => {
    const { records, end } = await read('F0101', 'AN8 ALPH AT1 MCU UPMJ UPMT');
    const stored = bench.jde.database.table('F0101').rows;
    expect(records.map(({ AN8 }) => Number(AN8))).toEqual(stored.map(({ AN8 }) => Number(AN8)).toSorted((one, other) => one - other));
    expect(end.rows).toBe(stored.length);
    for (const { MCU, UPMJ, UPMT, ALPH } of records) {
      expect(MCU).toMatch(/^(\S.*\S|\S|)$/);
      expect(UPMJ).toMatch(/^\d{8}$/);
      expect(UPMT).toMatch(/^\d{6}$/);
      expect(ALPH).not.toBe('');
    }
  });

  test('all lines of all orders come, whatever the page cuts through', async () => {
    const { records, end } = await read('F4311', `${line} AEXP`, { key: lineKey });
    const count = await bench.system.count({ system: 'JPD', table: 'F4311', where: [] }, testCall());
    expect(new Set(records.map((record) => lineKey.map((field) => record[field]).join('/'))).size).toBe(count.count);
    expect(end.rows).toBe(count.count);
    expect(end.calls).toBeGreaterThan(2);
  });

  test('conditions are those of the caller, and pages keep them', async () => {
    const all = await read('F4311', `${line} LNTY NXTR`, { key: lineKey });
    const { records } = await read('F4311', `${line} LNTY NXTR`, {
      key: lineKey,
      where: [
        { field: 'DCTO', op: 'IN', values: ['OP'] },
        { anyOf: [{ field: 'NXTR', op: 'EQ', value: '999' }, { field: 'LNTY', op: 'EQ', value: 'J' }] },
      ],
    }); // prettier-ignore
    const wanted = all.records.filter(({ DCTO, NXTR, LNTY }) => DCTO === 'OP' && (NXTR === '999' || LNTY === 'J'));
    expect(wanted.length).toBeGreaterThan(0);
    expect(records).toEqual(wanted);
  });

  test.each([['dd/MM/yyyy'], ['MM/dd/yy'], ['yyyy-MM-dd']])(
    'a literal date is written as a user with %s does',
    async (simpleDateFormat) => {
      bench.jde.site.user.simpleDateFormat = simpleDateFormat;
      const system = bench.openAgain();
      const [first] = bench.jde.database.table('F0101').rows;
      const date = String(first?.['UPMJ']);
      const call = testCall();
      await system.query(query('F0101', 'AN8 UPMJ', { where: [{ field: 'UPMJ', op: 'ON_OR_AFTER', date }] }), call);
      const found = recordsOf(call);
      expect(found.map(({ AN8 }) => AN8)).toContain(String(first?.['AN8']));
      expect(found.every(({ UPMJ = '' }) => UPMJ >= date)).toBe(true);
      await system[Symbol.asyncDispose]();
      bench.jde.site.user.simpleDateFormat = 'dd/MM/yyyy';
    },
  );

  test('what changed since some days is found by the day of the server', async () => {
    bench.jde.person.update('F0101', { AN8: bench.jde.person.first('F0101')['AN8'] ?? '' }, { ALPH: 'Grüße & Söhne' });
    const { records } = await read('F0101', 'AN8 ALPH UPMJ', { where: [{ field: 'UPMJ', op: 'SINCE_DAYS_AGO', days: 1 }] });
    expect(records.map(({ ALPH }) => ALPH)).toContain('Grüße & Söhne');
  });

  test('columns that security hides are left out, without a word of AIS', async () => {
    bench.jde.site.hiddenColumns = ['F0101.TAX'];
    const { call } = await read('F0101', 'AN8 TAX ALPH', { maxRows: 5 });
    expect(chunksOf(call).map(({ fields }) => fields)).toEqual([['AN8', 'ALPH']]);
    bench.jde.site.hiddenColumns = ['F0101.AN8'];
    await expect(read('F0101', 'AN8 ALPH')).rejects.toMatchObject({
      code: 'JDE_COLUMN_HIDDEN',
      fix: expect.stringMatching(/P00950/) as unknown,
    });
    bench.jde.site.hiddenColumns = [];
  });

  test('every request says what AIS would otherwise decide by itself, and no cursor is opened', async () => {
    await read('F4311', line, { key: lineKey, maxRows: 30 });
    expect(bench.jde.log().map(({ body }) => body)[0]).toMatchObject({
      targetName: 'F4311',
      targetType: 'table',
      findOnEntry: 'TRUE',
      maxPageSize: '25',
      outputType: 'GRID_DATA',
      allowCache: false,
      enableNextPageProcessing: false,
      environment: 'JPD920',
      role: '*ALL',
      returnControlIDs: lineKey.map((alias) => `F4311.${alias}`).join('|'),
      aggregation: { orderBy: lineKey.map((alias) => ({ column: `F4311.${alias}`, direction: 'ASC' })) },
    });
  });

  test.each<[string, Partial<JdeSim['site']>]>([
    ['pads its texts', { padsText: true }],
    ['sends twenty rows at most', { fetchLimit: 20 }],
    ['wants the environment with every request', { requiresEnvironment: true }],
    ['caches by default', { defaultCachingOn: true }],
    ['has users with a comma in numbers', { user: { ...defaultSite.user, decimalFormat: ',' } }],
  ])('a site that %s gives the same rows', async (_what, site) => {
    const readAll = async () => [
      (await read('F0101', 'AN8 ALPH MCU AT1 UPMJ UPMT')).records,
      (await read('F0901', 'AID MCU OBJ SUB DL01')).records,
      (await read('F4311', `${line} AEXP`, { key: lineKey, maxRows: 20 })).records,
    ];
    const plain = await readAll();
    const before = { ...bench.jde.site };
    Object.assign(bench.jde.site, site);
    const found = await readAll().finally(() => Object.assign(bench.jde.site, before));
    expect(found).toEqual(plain);
  });

  test('reads at the same time do not get each other’s rows', async () => {
    const system = bench.openAgain({ pageSize: 10, maxConcurrent: 4 });
    const requests = [
      query('F0101', 'AN8 ALPH TAX MCU'),
      query('F4311', `${line} AEXP`, { key: lineKey }),
      query('F0901', 'AID OBJ DL01'),
      query('F0401', 'AN8 TRAP CRRP'),
    ];
    const readAll = async (request: (typeof requests)[number]) => {
      const call = testCall();
      await system.query(request, call);
      return recordsOf(call);
    };
    const alone = [];
    for (const request of requests) alone.push(await readAll(request));
    const together = await Promise.all([...requests, ...requests].map(readAll));
    expect(together).toEqual([...alone, ...alone]);
    await system[Symbol.asyncDispose]();
  });
});

describe('what goes wrong', () => {
  test.each([
    ['error500', 'JDE_SERVER_ERROR', 'retry'],
    ['error503', 'JDE_UNAVAILABLE', 'retry'],
    ['dropConnection', 'JDE_CONNECTION_LOST', 'retry'],
    ['cutMidBody', 'JDE_ANSWER_UNREADABLE', 'retry'],
    ['wrongJson', 'JDE_ANSWER_UNREADABLE', 'retry'],
    ['htmlInstead', 'JDE_WRONG_PATH', 'halt'],
    ['errorInside200', 'JDE_ERROR', 'refused'],
    ['sysErrorInside200', 'JDE_SERVER_ERROR', 'retry'],
  ] as const)('%s in the middle of a read is %s', async (kind, code, verdict) => {
    await read('F0101', 'AN8', { maxRows: 1 });
    // Some are asked for again a few times, so it lasts longer than that.
    bench.jde.faults.add({ kind, path: '/dataservice', after: 1, times: 20 });
    await expect(read('F0101', 'AN8 ALPH')).rejects.toMatchObject({ code, verdict });
    bench.jde.faults.clear();
    await expect(read('F0101', 'AN8 ALPH')).resolves.toMatchObject({ end: { rows: bench.jde.database.table('F0101').rows.length } });
  });

  test.each(['dropConnection', 'cutMidBody', 'wrongJson'] as const)('%s once in a while does no harm', async (kind) => {
    for (const after of [0, 2, 4]) bench.jde.faults.add({ kind, path: '/dataservice', after });
    const { records } = await read('F0101', 'AN8 ALPH');
    expect(records).toHaveLength(bench.jde.database.table('F0101').rows.length);
  });

  test('an unknown table and an unknown column are refused with a way to find out', async () => {
    await expect(read('F9999', 'AN8')).rejects.toMatchObject({ verdict: 'refused', fix: expect.stringMatching(/F9999/) as unknown });
    await expect(read('F0101', 'AN8 NOPE')).rejects.toMatchObject({ code: 'JDE_TABLE_OR_COLUMN', verdict: 'refused' });
  });

  test('a cancelled read ends at once, and leaves the system usable', async () => {
    const canceller = new AbortController();
    bench.jde.faults.add({ kind: 'slow', path: '/dataservice', ms: 400 });
    const done = bench.system.query(query('F0101', 'AN8'), testCall({ signal: canceller.signal }));
    canceller.abort();
    await expect(done).rejects.toMatchObject({ code: 'JDE_CANCELLED', verdict: 'retry' });
    await expect(read('F0101', 'AN8', { maxRows: 1 })).resolves.toBeDefined();
  });

  test('a deadline ends a call that takes too long', async () => {
    bench.jde.faults.add({ kind: 'slow', path: '/dataservice', ms: 400 });
    const done = bench.system.query(query('F0101', 'AN8'), testCall({ deadline: Date.now() + 60 }));
    await expect(done).rejects.toMatchObject({ code: 'JDE_TIMEOUT', verdict: 'retry' });
  });
});

describe('other calls', () => {
  test.each(['flat', 'wrapped'] as const)('rows are counted, however AIS tells: %s', async (countStyle) => {
    bench.jde.site.countStyle = countStyle;
    const { count } = await bench.system.count({ system: 'JPD', table: 'F0101', where: [] }, testCall());
    expect(count).toBe(bench.jde.database.table('F0101').rows.length);
  });

  test('what the server and the user are like', async () => {
    await expect(bench.system.describe(testCall())).resolves.toEqual({
      environment: 'JPD920',
      role: '*ALL',
      user: 'CONNSVC',
      aisVersion: 'EnterpriseOne 9.2.8.3',
      timeZoneOffset: 'UTC-05:00',
      dateFormat: 'dd/MM/yyyy',
      decimalFormat: '.',
      cachesByDefault: false,
    });
  });
});
