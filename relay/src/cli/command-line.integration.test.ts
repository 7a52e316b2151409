import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { openStore } from '../store/index.ts';
import { runCli, startRelay, type TestRelay } from './testing/test-relay.ts';

let relay: TestRelay;
beforeAll(async () => {
  relay = await startRelay();
});
afterAll(() => relay[Symbol.asyncDispose]());

const key = '7d1f0c2a-5b6e-4f3a-9c8d-112233445566';

/** Runs a command that must succeed; answers what it printed. */
async function run(...args: string[]): Promise<string> {
  const { code, out, err } = await relay.cli(args);
  if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
  return out.trim();
}

test('the first start says where it serves, where the token of the administrator is, and how the first person comes in', () => {
  expect(relay.announced).toEqual([
    expect.stringMatching(/^ml-relay serves http:\/\/127\.0\.0\.1:\d+; agents connect to https:\/\/localhost:\d+$/),
    `the administrator's token is in ${path.join(relay.dataDir, 'admin.token')}`,
    expect.stringMatching(/^nobody can sign in yet; the first administrator opens http:\/\/127\.0\.0\.1:\d+\/link#[\w-]{43} /),
  ]);
  expect(statSync(path.join(relay.dataDir, 'admin.token')).mode & 0o777).toBe(0o600);
});

test('from an empty relay to an integration, by names only', async () => {
  expect(await run('tenants', 'add', 'Müller & Söhne GmbH')).toMatch(/^ten_/);
  await run('sites', 'add', 'Werk Süd');
  expect(await run('enroll-token', '--tenant', 'Müller & Söhne GmbH', '--site', 'Werk Süd')).toMatch(/^eyJ[\w-]+\.[\w-]+\.[\w-]+$/);
  await run('connections', 'add', 'SAP PRD', '--system', 'sap-ecc', '--site', 'Werk Süd', '--set', 'agentSystem=PRD', 'client=100');
  const cin7 = ['connections', 'add', 'Cin7', '--system', 'cin7-core', '--set', 'accountId=4f3c2b1a-1111-4222-8333-444455556666'];
  const made = await relay.cli([...cin7, 'callsPerMinute=40', '--secret', 'applicationKey', '--stdin'], { stdin: `${key}\n` });
  expect(made).toMatchObject({ code: 0, err: '' });
  const flow = 'sap-vendors-to-cin7-suppliers';
  const wanted = ['--from', 'SAP PRD', '--to', 'Cin7', '--flow', flow, '--every', '3600'];
  await run('integrations', 'add', 'Lieferanten', ...wanted, '--set', 'taxRule=Tax on Purchases', 'companyCodes=["1000"]');
  const [integration] = JSON.parse(await run('integrations', 'list', '--json')) as { flows: object[] }[];
  expect(integration?.flows).toMatchObject([{ flowId: flow, everySeconds: 3600, settings: { companyCodes: ['1000'] } }]);
  const connections = await run('connections', 'list', '--json');
  expect(JSON.parse(connections)).toMatchObject([{ settings: { client: '100' } }, { settings: { callsPerMinute: 40 } }]);
  expect(connections).not.toContain(key);

  await run('integrations', 'change', 'Lieferanten', '--flow', flow, '--set', 'source=tables', '--every', '7200');
  const [changed] = JSON.parse(await run('integrations', 'list', '--json')) as { flows: object[] }[];
  expect(changed?.flows).toMatchObject([
    { everySeconds: 7200, settings: { companyCodes: ['1000'], source: 'tables', taxRule: 'Tax on Purchases' } },
  ]);
  expect(await run('integrations', 'pause', 'Lieferanten')).toBe('Lieferanten is paused');
  expect(await run('integrations', 'list')).toMatch(/NAME +ID +FLOW +STATE.*\nLieferanten +int_\w+ +sap-vendors-to-cin7-suppliers +paused/);
  expect(await relay.cli(['runs', 'start', '--integration', 'Lieferanten', '--flow', flow])).toMatchObject({
    code: 1,
    err: expect.stringContaining('(FLOW_STANDS_STILL)\n  -> Resume it first.') as string,
  });
  await run('integrations', 'resume', 'Lieferanten');
  expect(await run('runs', 'start', '--integration', 'Lieferanten', '--flow', flow)).toMatch(/^asked for/);
  expect(await run('value-maps', 'set', 'payment-terms', 'ZB30=30 days', 'NT00=Immediately', '--integration', 'Lieferanten')).toBe(
    '2 entries set, 0 records go out',
  );
  expect(await run('value-maps', 'show', 'payment-terms', '--integration', 'Lieferanten')).toMatch(/ZB30 +- +30 days/);
  expect(await run('value-maps', 'missing', '--integration', 'Lieferanten')).toBe('none');
  expect(await run('records', 'list')).toBe('none');
  expect(await run('agents', 'list')).toBe('none');
  expect(await run('overview')).toMatch(/integrations +1, flows paused 0/);
  const credential = await relay.cli(['connections', 'set-credential', 'SAP PRD', '--stdin'], { stdin: 'Geheim-123\n' });
  expect(credential).toMatchObject({ code: 1, err: expect.stringContaining('Enrol an agent at the site first') as string });
  const check = await relay.cli(['connections', 'check', 'SAP PRD']);
  expect(check.code).toBe(1);
  expect(check.out).toContain('(NO_TUNNEL)');
});

test('schedules, posting, calendars and blackouts are set and read in words', async () => {
  const flow = 'sap-vendors-to-cin7-suppliers';
  const cron = ['--cron', '0 22 * * 1-5', '--time-zone', 'Europe/Berlin', '--post-cron', '30 22 * * 1-5'];
  const changed = await run('integrations', 'change', 'Lieferanten', '--flow', flow, ...cron);
  expect(changed).toContain('runs at 22:00 from Monday to Friday (Europe/Berlin)');
  expect(changed).toContain('posts at 22:30 from Monday to Friday (Europe/Berlin), until the backlog of that time is through');
  await run('calendars', 'add', 'Jahresabschluss', '--time-zone', 'Europe/Berlin', '--integration', 'Lieferanten');
  expect(await run('calendars', 'freeze', 'Jahresabschluss', '--from', '2020-01-01', '--to', '2090-12-31', '--note', 'Prüfung')).toBe(
    'entry 1 of Jahresabschluss is added',
  );
  expect(await run('calendars', 'list')).toMatch(/Jahresabschluss .* 1 +freeze +2020-01-01 +2090-12-31 +Prüfung/);
  const shown = await run('integrations', 'show', 'Lieferanten');
  expect(shown).toMatch(/next runs: \d{4}-/);
  expect(shown).toContain('posting is held: nothing is posted while Jahresabschluss (Prüfung) freezes it, until 2090-12-31T23:00:00.000Z');
  expect(await run('integrations', 'post-now', 'Lieferanten', '--flow', flow, '--because', 'Prüfer im Haus')).toMatch(/goes out$/);
  await run('calendars', 'remove', 'Jahresabschluss');
  await run('integrations', 'change', 'Lieferanten', '--flow', flow, '--post-at-once', '--every', '3600');
  expect(await run('integrations', 'show', 'Lieferanten')).toMatch(/runs every hour.*\n.*\n {2}posts at once/);
  const night = ['--cron', '0 1 * * *', '--minutes', '180', '--time-zone', 'Europe/Berlin', '--note', 'SAP night batch'];
  expect(await run('blackouts', 'SAP PRD', ...night)).toMatch(/^1\. at 01:00 \(Europe\/Berlin\), for 180 minutes - SAP night batch/);
  expect(await run('blackouts', 'SAP PRD', '--remove', '1')).toBe('no blackouts\nopen now');
});

test('a run that is asked for is followed to its end', async () => {
  const start = ['--integration', 'Lieferanten', '--flow', 'sap-vendors-to-cin7-suppliers'];
  const failed = await relay.cli(['runs', 'start', ...start, '--mode', 'full', '--wait']);
  expect(failed).toMatchObject({ code: 1, err: expect.stringMatching(/failed: .*agent/) as string });
  expect(await run('runs', 'requests')).toMatch(/REQUESTED/);
  expect(await relay.cli(['runs', 'start', ...start, '--mode', 'backfill', '--first', '2026-05-01'])).toMatchObject({
    code: 2,
    err: expect.stringContaining('days.last is missing') as string,
  });
});

const byThisUser = { actor: expect.stringMatching(/^local:./) as string, data: expect.objectContaining({ from: hostname() }) as object };

/** The audit trail of what belongs to no tenant. */
async function relayTrail(): Promise<{ kind: string; data: object }[]> {
  await using store = await openStore(relay.database);
  const events = await store.db.selectFrom('event').selectAll().where('subject_id', '=', 'relay').orderBy('seq').execute();
  return events.map(({ kind, actor, data_json: data }) => ({ kind, actor, data: JSON.parse(data) as object }));
}

test("the administrator's first token is in the audit trail, with who started the relay where", async () => {
  const [first] = await relayTrail();
  expect(first).toMatchObject({ kind: 'api-tokens.first', ...byThisUser });
  expect(first?.data).toMatchObject({ role: 'admin', id: expect.stringMatching(/^tok_/) as string });
});

test('rotating the master key leaves the running relay able to read its secrets', async () => {
  const before = readFileSync(path.join(relay.dataDir, 'master.key'), 'utf8');
  expect(await run('keys', 'rotate')).toMatch(/^\d+ secrets are encrypted under the new master key [0-9a-f]{8}/);
  expect(readFileSync(path.join(relay.dataDir, 'master.key'), 'utf8')).not.toBe(before);
  const trail = (await relayTrail()).filter(({ kind }) => kind === 'keys.rotate');
  expect(trail).toMatchObject([byThisUser, { ...byThisUser, data: { outcome: 'done', secrets: expect.any(Number) as number } }]);
  const check = JSON.parse((await relay.cli(['connections', 'check', 'Cin7', '--json'])).out) as { problem: { code: string } };
  expect(check.problem.code).not.toMatch(/^VAULT/);
});

test('tokens made here work at once and end at once', async () => {
  const token = await run('api-tokens', 'add', 'Werkstudent', '--role', 'viewer', '--days', '7');
  const asViewer = (...args: string[]) => relay.cli([...args, '--token', token]);
  expect(await asViewer('sites', 'list')).toMatchObject({ code: 0 });
  expect((await asViewer('sites', 'add', 'Werk Nord')).err).toContain('(ROLE_TOO_SMALL)');
  const listed = JSON.parse(await run('api-tokens', 'list', '--json')) as { id: string; name: string }[];
  await run('api-tokens', 'revoke', listed.find(({ name }) => name === 'Werkstudent')?.id ?? '');
  expect((await asViewer('sites', 'list')).err).toContain('(TOKEN_INVALID)');
});

test.each([
  ['an unknown command', ['tennants', 'list'], /^ml-relay: unknown command 'tennants'/],
  ['an unknown option', ['tenants', 'list', '--limt', '5'], /^ml-relay: unknown option '--limt'/],
  ['a missing argument', ['tenants', 'add'], /^ml-relay: missing required argument 'name'/],
  ['a missing option', ['enroll-token'], /^ml-relay: required option '--site <name>' not specified/],
  ['a tenant that is not there', ['sites', 'list', '--tenant', 'Meier'], /^ml-relay: there is no tenant "Meier"/],
  ['a site that is not there', ['enroll-token', '--site', 'Werk Ost'], /^ml-relay: there is no site "Werk Ost"/],
  ['an unknown system', ['connections', 'add', 'x', '--system', 'sap'], /^ml-relay: there is no system "sap"; known are/],
  [
    'a secret among the arguments',
    ['connections', 'add', 'x', '--system', 'cin7-core', '--set', `applicationKey=${key}`],
    /^ml-relay: applicationKey is a secret/,
  ],
  [
    'a secret without terminal',
    ['connections', 'add', 'x', '--system', 'cin7-core', '--secret', 'applicationKey'],
    /^ml-relay: there is no terminal/,
  ],
  [
    'a list that is no list',
    [
      'integrations',
      'add',
      'x',
      '--from',
      'SAP PRD',
      '--to',
      'Cin7',
      '--flow',
      'sap-vendors-to-cin7-suppliers',
      '--set',
      'companyCodes=1000,2000',
    ],
    /^ml-relay: the value of companyCodes must be a JSON list/,
  ],
  [
    'an unknown mode',
    ['runs', 'start', '--integration', 'x', '--flow', 'y', '--mode', 'all'],
    /^ml-relay: option '--mode <mode>' argument 'all' is invalid/,
  ],
  [
    'a pair without value',
    ['value-maps', 'set', 'payment-terms', 'ZB30', '--integration', 'Lieferanten'],
    /^ml-relay: "ZB30" is not written as from=to/,
  ],
  ['a replay of everything', ['records', 'replay'], /^ml-relay: give record ids, or a filter/],
  ['no role for a token', ['api-tokens', 'add', 'x'], /^ml-relay: required option '--role <role>' not specified/],
])('%s is refused in a clear line, with exit code 2', async (_what, args, says) => {
  const { code, out, err } = await relay.cli(args);
  expect(err).toMatch(says);
  expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  expect([code, out]).toEqual([2, '']);
});

test.each([
  ['a data folder without relay', [], /^ml-relay: no relay has run in .*; give --data-dir, or --url and --token/, 2],
  [
    'an address without relay',
    ['--url', 'http://127.0.0.1:9', '--token', 'mlr_x'],
    /^ml-relay: no relay answers at http:\/\/127\.0\.0\.1:9/,
    1,
  ],
])('%s is told apart', async (_what, args, says, expected) => {
  const empty = mkdtempSync(path.join(tmpdir(), 'ml-relay-none-'));
  try {
    const { code, err } = await runCli(empty, [...args, 'tenants', 'list']);
    expect(err).toMatch(says);
    expect(code).toBe(expected);
  } finally {
    rmSync(empty, { recursive: true });
  }
});

test('a configuration that is not good is told in full, with exit code 78', async () => {
  const { code, err } = await relay.cli(['serve'], { env: { ML_RELAY_HTTP_PROT: '1', ML_RELAY_HTTP_PORT: 'x' } });
  expect(code).toBe(78);
  expect(err).toContain('did you mean "ML_RELAY_HTTP_PORT"?');
});

test('a second relay on the same data folder is refused, and the first goes on', async () => {
  const { code, err } = await relay.cli(['serve']);
  expect([code, err]).toEqual([1, expect.stringContaining('another ml-relay is serving')]);
  expect((await relay.cli(['tenants', 'list'])).code).toBe(0);
});

test('help lists the commands, and exits with 0', async () => {
  const { code, out } = await relay.cli(['--help']);
  expect(code).toBe(0);
  for (const command of ['serve', 'enroll-token', 'agents', 'records', 'api-tokens']) expect(out).toContain(command);
});

test('stopping ends the relay cleanly, and it starts again with the same token', async () => {
  await using other = await startRelay();
  const token = readFileSync(path.join(other.dataDir, 'admin.token'), 'utf8');
  expect(await other.stop()).toBe(0);
  expect((await other.cli(['tenants', 'list'])).code).toBe(1);
  const stop = new AbortController();
  const announced: string[] = [];
  const served = runCli(other.dataDir, ['serve'], {
    signal: stop.signal,
    onLine: (line) => {
      announced.push(line);
      stop.abort();
    },
  });
  expect((await served).code).toBe(0);
  expect(announced).toEqual([expect.stringContaining('serves http'), expect.stringContaining('nobody can sign in yet')]);
  expect(readFileSync(path.join(other.dataDir, 'admin.token'), 'utf8')).toBe(token);
});
