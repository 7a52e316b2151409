import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import { systemClock } from '@ml-connector/shared';
import { openJournal } from './journal/index.ts';
import { runCommandLine } from './command-line.ts';
import type { CommandIo } from './commands/index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ml-commands-'));
  writeFileSync(path.join(folder, 'agent.yaml'), yaml());
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const yaml = (more = ''): string =>
  `systems:\n  PRD: { type: sap-ecc, ashost: 127.0.0.1, sysnr: '00', client: '100', user: RFC_MLCONN }\npolicy:\n  PRD:\n    presets: [sap-vendors-to-cin7-suppliers]\n${more}`;

/** One command as the process runs it, with streams that a test can read. */
async function cli(args: string[], input = ''): Promise<{ code: number; out: string; err: string }> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  stdin.end(input);
  const io = { stdin, stdout, stderr, signal: new AbortController().signal } as unknown as CommandIo;
  const code = await runCommandLine(['--data-dir', folder, ...args], io);
  const text = (stream: PassThrough): string => String(stream.read() ?? '');
  return { code, out: text(stdout), err: text(stderr) };
}

test.each<[string[], number, RegExp]>([
  [['rnu'], 2, /unknown command 'rnu'\n\(Did you mean run\?\)/],
  [['run', '--bogus'], 2, /unknown option '--bogus'/],
  [['logs', '--level', 'loud'], 2, /Allowed choices are trace, debug/],
  [['logs', '-n', 'many'], 2, /must be a whole number/],
  [['logs', 'level', 'loud'], 2, /the level is one of trace, debug/],
  [['enroll'], 2, /give the token once/],
  [['enroll', 'a.b.c', '--token-file', '-'], 2, /give the token once/],
  [['enroll', 'not-a-token'], 1, /not an enrolment token.*TOKEN_MALFORMED/],
  [['run', '--config', 'BAD'], 78, /BAD:6: policy\.PRD\.tabels is not known; did you mean "tables"\?\n$/],
  [['enroll', 'not-a-token', '--config', 'BAD'], 78, /BAD:6/],
  [['run', '--config', 'none.yaml'], 78, /none\.yaml: does not exist\n$/],
  [['run'], 78, /NOT_ENROLLED.*\n.*ml-relay enroll-token/],
  [['status'], 1, /no agent runs on/],
  [['logs'], 1, /the agent has not run yet/],
  [['credentials', 'set', 'QAS'], 1, /has no system QAS; it has PRD/],
  [['credentials', 'set', 'PRD'], 2, /--stdin/],
  [['credentials', 'set', 'PRD', '--stdin'], 2, /the password is empty/],
  [['credentials', 'remove', 'PRD'], 1, /no password of PRD/],
  [['policy', 'check', '--system', 'PRD'], 2, /either --function or --table/],
  [['policy', 'check', '--system', 'PRD', '--table', 'LFA1'], 2, /--table needs --fields/],
  [['policy', 'check', '--system', 'PDR', '--function', 'X'], 1, /has no system PDR/],
  [['capture-metadata'], 2, /--system/],
  [['journal', '--unit', 'u1'], 1, /the journal has no unit u1 \(NO_UNIT\)/],
  [['journal', 'close', 'u1'], 1, /the journal has no unit u1/],
])('%j ends with code %i and says why', async (args, code, sentence) => {
  const bad = path.join(folder, 'BAD');
  writeFileSync(bad, yaml('    tabels: {}\n'));
  const ended = await cli(args.map((arg) => (arg === 'BAD' ? bad : arg)));
  expect(ended.code).toBe(code);
  expect(ended.err).toMatch(sentence);
  expect(ended.out).toBe('');
});

test.each<[string[], number, RegExp]>([
  [['--table', 'LFA1', '--fields', 'LIFNR, NAME1'], 0, /^allowed by: preset sap-vendors-to-cin7-suppliers\n$/],
  [
    ['--table', 'LFA1', '--fields', 'LIFNR,KONZS'],
    1,
    /field LFA1\.KONZS: the field is not listed[^]*policy:\n {2}PRD:\n {4}tables:\n {6}LFA1:/,
  ],
  [['--function', 'BAPI_PO_CREATE1'], 1, /functions:\n {6}- BAPI_PO_CREATE1/],
  [['--function', 'BAPI_VENDOR_GETDETAIL', '--param', 'COMPANYCODE=3000'], 1, /COMPANYCODE 3000: only 1000 may be given/],
  [['--function', 'BAPI_VENDOR_GETDETAIL', '--param', 'COMPANYCODE=1000'], 0, /^allowed by: preset/],
  [['--table', 'LFB1', '--fields', 'LIFNR', '--where', 'BUKRS=1000'], 0, /^allowed by/],
  [['--table', 'LFB1', '--fields', 'LIFNR', '--where', 'BUKRS=1000,3000'], 1, /LFB1 rows with BUKRS 3000/],
])('policy check %j', async (args, code, sentence) => {
  const rules =
    "    parameters: [{ function: BAPI_VENDOR_GETDETAIL, parameter: COMPANYCODE, allow: ['1000'] }]\n    rows: [{ table: LFB1, field: BUKRS, allow: ['1000'] }]\n";
  writeFileSync(path.join(folder, 'agent.yaml'), yaml(rules));
  const ended = await cli(['policy', 'check', '--system', 'PRD', ...args]);
  expect(ended).toMatchObject({ code, err: '' });
  expect(ended.out).toMatch(sentence);
});

test('policy show unfolds the presets, and policy presets lists them', async () => {
  expect((await cli(['policy', 'show'])).out).toMatch(/function {2}RFC_PING {2}\(base\)[^]*table {5}LFB1: LIFNR, BUKRS/);
  expect((await cli(['policy', 'presets'])).out).toMatch(/^sap-vendors-to-cin7-suppliers\n {2}functions: BAPI_VENDOR_GETLIST/);
});

test('a password comes from standard input, is listed, and never shown', async () => {
  expect(await cli(['credentials', 'set', 'PRD', '--stdin'], 'Gehe1m!\n')).toEqual({
    code: 0,
    out: 'the password of PRD is stored\n',
    err: '',
  });
  expect((await cli(['credentials', 'list'])).out).toMatch(/^PRD +stored 20/);
  expect(readFileSync(path.join(folder, 'credentials.json'), 'utf8')).not.toContain('Gehe1m');
  expect(await cli(['credentials', 'remove', 'PRD'])).toMatchObject({ code: 0 });
  expect((await cli(['credentials', 'list'])).out).toMatch(/^PRD +no password/);
});

test('doctor before the first set-up says what to do, step by step', async () => {
  const { code, out } = await cli(['doctor', '--json']);
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    findings: [
      { check: 'config', result: 'ok' },
      { check: 'data-dir' },
      { check: 'journal', result: 'ok' },
      { check: 'enrolment', result: 'failed', fix: expect.stringContaining('ml-agent enroll') as string },
      { check: 'sap.sdk:PRD' },
      { check: 'sap.reach:PRD' },
      { check: 'sap.logon:PRD' },
      { check: 'sap.functions:PRD' },
      { check: 'sap.authority:PRD' },
      { check: 'sap.tables:PRD' },
    ],
  });
  expect((await cli(['doctor', '--config', 'none.yaml'])).out).toMatch(/^config {2}FAILED .*none\.yaml: does not exist\n +-> Correct/);
});

test('config check and config schema', async () => {
  expect((await cli(['config', 'check'])).out).toMatch(/agent\.yaml is good; systems: PRD; data folder: /);
  expect(JSON.parse((await cli(['config', 'schema'])).out)).toMatchObject({ properties: { policy: expect.anything() as unknown } });
});

describe('journal', () => {
  const entry = (unitId: string) => ({
    unitId,
    contentHash: 'h',
    system: 'PRD',
    functions: ['BAPI_ACC_DOCUMENT_POST'],
    callId: 's1.1',
    recordId: 'rec-7',
    runId: undefined,
    flowId: undefined,
    notAfter: Date.now(),
    startedAt: Date.now(),
  });
  const fill = (): void => {
    using journal = openJournal({ dataDir: folder, clock: systemClock });
    for (const unitId of ['begun', 'committing', 'done']) journal.start(entry(unitId));
    journal.committing('committing', Date.now());
    journal.finish('done', { outcome: { answer: { results: [{ OBJ_KEY: '1' }] } }, ending: 'committed', finishedAt: Date.now() });
  };

  test('without a journal there is nothing open, and none is made', async () => {
    expect(await cli(['journal'])).toEqual({ code: 0, out: 'no open units\n', err: '' });
    expect(existsSync(path.join(folder, 'units.db'))).toBe(false);
  });

  test('what a crash left open is listed with exit code 1, the rest on request', async () => {
    fill();
    const listed = await cli(['journal']);
    expect(listed.code).toBe(1);
    expect(listed.out).toMatch(/interrupted {2}PRD {2}committing {2}BAPI_ACC_DOCUMENT_POST {2}\(in its commit\)/);
    expect(listed.out).toMatch(/interrupted {2}PRD {2}begun .*\(before its commit\)/);
    expect(listed.out).not.toContain('done');
    const all = JSON.parse((await cli(['journal', '--all', '--json'])).out) as { unitId: string; state: string }[];
    expect(Object.fromEntries(all.map(({ unitId, state }) => [unitId, state]))).toEqual({
      begun: 'interrupted',
      committing: 'interrupted',
      done: 'finished',
    });
    expect(await cli(['journal', '--unit', 'done'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/committed\n.*unit +done\n +record +rec-7/) as string,
    });
  });

  test('an entry that a person closes is not open any more', async () => {
    fill();
    expect(await cli(['journal', 'close', 'begun'])).toMatchObject({ code: 0, out: expect.stringContaining('stays uncertain') as string });
    expect(await cli(['journal', 'close', 'begun'])).toMatchObject({ code: 1, err: expect.stringContaining('is finished') as string });
    expect(await cli(['journal', 'close', 'committing'])).toMatchObject({ code: 0 });
    expect((await cli(['journal'])).code).toBe(0);
    expect((await cli(['journal', '--unit', 'begun'])).out).toContain('UNIT_INTERRUPTED (uncertain)');
  });

  test('a journal that cannot be read is an error, not an empty list', async () => {
    writeFileSync(path.join(folder, 'units.db'), 'nonsense'.repeat(100));
    expect(await cli(['journal'])).toMatchObject({ code: 1, err: expect.stringContaining('JOURNAL_UNAVAILABLE') as string });
  });
});

describe('policy role', () => {
  const posting = (rules: string): void =>
    writeFileSync(
      path.join(folder, 'agent.yaml'),
      yaml().replace('sap-vendors-to-cin7-suppliers', 'bigcommerce-orders-to-sap-ar') + `    parameters:\n${rules}`,
    );

  test('names each authorisation with its values and the flow that needs it', async () => {
    posting("      - { function: BAPI_ACC_DOCUMENT_POST, parameter: DOCUMENTHEADER.DOC_TYPE, allow: ['DR'] }\n");
    const { code, out } = await cli(['policy', 'role', '--system', 'PRD']);
    expect([code, out.split('\n')[0]]).toEqual([0, 'PRD: authorisations of the SAP user (type System, own role)']);
    expect(out).toMatch(
      /RFC_NAME BAPI_ACC_DOCUMENT_POST; ACTVT 16 +called, and committed; for bigcommerce-orders-to-sap-ar \(or FUGR ACC9\)/,
    );
    expect(out).toMatch(/TABLE BKPF; ACTVT 03 +reads \d+ fields/);
    expect(out).toMatch(/^F_BKPF_BLA .*DR/m);
  });

  test('as PFCG holds a role: one value a line', async () => {
    posting("      - { function: BAPI_ACC_DOCUMENT_POST, parameter: DOCUMENTHEADER.COMP_CODE, allow: ['1000', '2000'] }\n");
    const { out } = await cli(['policy', 'role', '--format', 'pfcg']);
    const lines = out.trimEnd().split('\n').slice(2);
    expect(lines.every((line) => line.split('\t').length === 4)).toBe(true);
    expect(lines).toContain('S_TABU_NAM\t00\tTABLE\tBKPF');
    expect(lines.filter((line) => line === 'S_TABU_NAM\t00\tACTVT\t03')).toHaveLength(1);
  });

  test('as JSON, and a system that is not there is named', async () => {
    const { out } = await cli(['policy', 'role', '--format', 'json']);
    expect(JSON.parse(out)).toMatchObject([
      { system: 'PRD', authorisations: expect.arrayContaining([expect.objectContaining({ object: 'F_LFA1_APP' })]) },
    ]);
    expect(await cli(['policy', 'role', '--system', 'QAS'])).toMatchObject({ code: 1, err: expect.stringContaining('it has PRD') });
    expect(await cli(['policy', 'role', '--format', 'xml'])).toMatchObject({ code: 2 });
  });
});

describe('a JD Edwards system beside SAP', () => {
  const rules = `    tables: { F0006: '*' }
    rows: [{ table: F4311, field: KCOO, allow: ['00200'] }]
    orchestrations: [ML_Suppliers]
`;
  beforeEach(() => {
    const jde = "  JDE: { type: jde, baseUrl: 'https://127.0.0.1:9/jderest', user: MLCONN, environment: JPD920 }\n";
    const policy = `  JDE:\n    presets: [jde-purchase-orders-to-cin7-purchases]\n${rules}`;
    writeFileSync(path.join(folder, 'agent.yaml'), yaml().replace('policy:\n', `${jde}policy:\n`) + policy);
  });

  test.each<[string[], number, RegExp]>([
    [['--table', 'F4301', '--fields', 'DOCO, KCOO'], 0, /^allowed by: preset jde-purchase-orders-to-cin7-purchases\n$/],
    [['--table', 'F4311', '--fields', 'DOCO,UORG', '--where', 'KCOO=00200'], 0, /^allowed by: preset/],
    [['--table', 'F4311', '--fields', 'DOCO'], 1, /F4311 rows of every KCOO: only rows with KCOO 00200 may be read/],
    [['--table', 'F4311', '--count', '--where', 'KCOO=00300'], 1, /rows:\n {6}- table: F4311\n {8}field: KCOO/],
    [['--table', 'F4311', '--count', '--where', 'KCOO=00200'], 0, /^allowed by: preset/],
    [['--table', 'F0006', '--fields', 'MCU,STYL'], 0, /^allowed by: tables\n$/],
    [
      ['--table', 'F0911', '--fields', 'AA'],
      1,
      /table F0911: the table is not listed[^]*policy:\n {2}JDE:\n {4}tables:\n {6}F0911:\n {8}- AA/,
    ],
    [['--orchestration', 'ML_Suppliers'], 0, /^allowed by: orchestrations\n$/],
    [['--orchestration', 'ML_Other'], 1, /orchestrations:\n {6}- ML_Other/],
  ])('policy check %j', async (args, code, sentence) => {
    const ended = await cli(['policy', 'check', '--system', 'JDE', ...args]);
    expect(ended).toMatchObject({ code, err: '' });
    expect(ended.out).toMatch(sentence);
  });

  test.each<[string[], number, RegExp]>([
    [['policy', 'check', '--system', 'JDE'], 2, /either --table with --fields or --count, or --orchestration/],
    [['policy', 'check', '--system', 'JDE', '--table', 'F0101'], 2, /--table needs --fields, for instance --fields AN8,ALPH, or --count/],
    [['policy', 'check', '--system', 'JDE', '--table', 'LFA1', '--fields', 'LIFNR'], 2, /table must be a table \(F0101\)/],
    [['policy', 'check', '--system', 'JDE', '--table', 'F0101', '--fields', 'an8'], 2, /fields must be an alias such as AN8/],
    [['policy', 'check', '--system', 'JDE', '--orchestration', '../x'], 2, /name /],
    [['policy', 'check', '--system', 'JDE', '--function', 'RFC_PING'], 2, /--function is for SAP systems/],
    [['policy', 'check', '--system', 'JDE', '--table', 'F0101', '--commit'], 2, /--commit is for SAP systems/],
    [['policy', 'check', '--system', 'PRD', '--table', 'LFA1', '--count'], 2, /--count is for JD Edwards systems/],
    [['policy', 'check', '--system', 'PRD', '--orchestration', 'X'], 2, /--orchestration is for JD Edwards systems/],
    [['policy', 'role', '--system', 'JDE', '--format', 'pfcg'], 2, /JDE is no SAP system/],
    [['capture-metadata', '--system', 'JDE'], 2, /JDE is no SAP system/],
    [['credentials', 'set', 'JED', '--stdin'], 1, /it has PRD, JDE/],
    [['doctor', '--system', 'JED'], 1, /it has PRD, JDE/],
  ])('%j ends with code %i and says why', async (args, code, sentence) => {
    const ended = await cli(args, 'Gehe1m\n');
    expect(ended.code).toBe(code);
    expect(ended.err).toMatch(sentence);
    expect(ended.out).toBe('');
  });

  test('policy show and policy presets know both kinds', async () => {
    const { out } = await cli(['policy', 'show']);
    expect(out).toMatch(/^PRD\n {2}function {2}RFC_PING[^]*\nJDE\n {2}info /);
    expect(out).toMatch(/rows {6}F4311 only with KCOO 00200\n {2}runs {6}orchestration ML_Suppliers {2}\(orchestrations\)\n$/);
    expect((await cli(['policy', 'presets'])).out).toMatch(/\njde-accounts-to-cin7-accounts\n {2}F0901: AID, CO/);
  });

  test('policy role says what the user of JD Edwards has to see, as table and as JSON', async () => {
    const { code, out } = await cli(['policy', 'role', '--system', 'JDE']);
    expect([code, out.split('\n')[0]]).toEqual([
      0,
      'JDE: what the JD Edwards user MLCONN needs, all of it reading (Security Workbench, P00950)',
    ]);
    expect(out).toMatch(/\n {2}JPD920 {2}\*ALL {2}for base\n/);
    expect(out).toMatch(/Data browser[^]*\n {2}F4301 {2}for jde-purchase-orders-to-cin7-purchases\n/);
    expect(out).toMatch(/Columns[^]*\n {2}F0006 {2}\* {2}for tables\n/);
    expect(out).toMatch(/Rows[^]*\n {2}F4311 {2}KCOO 00200 {2}for rows\n/);
    expect(out).toMatch(/Orchestrations[^]*\n {2}ML_Suppliers {2}for orchestrations\n$/);
    const json: unknown = JSON.parse((await cli(['policy', 'role', '--format', 'json'])).out);
    expect(json).toMatchObject([
      { system: 'PRD', authorisations: expect.any(Array) as unknown },
      {
        system: 'JDE',
        type: 'jde',
        user: 'MLCONN',
        needs: expect.arrayContaining([
          { security: 'row', object: 'F4311', values: ['KCOO 00200'], why: expect.any(String) as string, neededBy: ['rows'] },
        ]) as unknown,
      },
    ]);
  });

  test('as PFCG holds a role, there is only SAP', async () => {
    const { code, out } = await cli(['policy', 'role', '--format', 'pfcg']);
    expect(code).toBe(0);
    expect(out).toMatch(/^# PRD\n/);
    expect(out).not.toContain('JDE');
  });

  test('a password is stored for it, and the doctor looks at it alone', async () => {
    expect(await cli(['credentials', 'set', 'JDE', '--stdin'], 'Gehe1m!\n')).toMatchObject({
      code: 0,
      out: 'the password of JDE is stored\n',
    });
    expect((await cli(['credentials', 'list'])).out).toMatch(/^PRD +no password\nJDE +stored 20/);
    const { findings } = JSON.parse((await cli(['doctor', '--json', '--system', 'JDE'])).out) as {
      findings: { check: string; result: string }[];
    };
    expect(findings.filter(({ check }) => check.startsWith('sap.'))).toEqual([]);
    expect(findings).toContainEqual(expect.objectContaining({ check: 'jde.reach:JDE', result: 'failed' }));
    expect(findings).toContainEqual(expect.objectContaining({ check: 'jde.login:JDE', result: 'skipped' }));
  });
});
