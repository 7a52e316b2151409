import path from 'node:path';
import { prepareAgent, relayBundle, sapName, startChild, vendorFlow, waitFor } from '../landscape/index.ts';
import { openScene, type Scene } from './scene.ts';

/** `ml-relay` as the person at the relay types it, against a relay that runs. */
let scene: Scene;
beforeAll(async () => {
  scene = await openScene({ vendors: 60, forgottenTerms: ['NT60'] });
}, 60_000);
afterAll(() => scene?.[Symbol.asyncDispose]());

interface Ended {
  code: number | null;
  /** Both streams. */
  lines: readonly string[];
  text: string;
}

async function relay(args: string[], { input, env = {} }: { input?: string; env?: Record<string, string> } = {}): Promise<Ended> {
  const child = startChild({
    name: `ml-relay ${args.join(' ')}`,
    args: [relayBundle, ...args],
    env: { ML_RELAY_DATA_DIR: path.join(scene.folder, 'relay'), ...env },
    ...(input === undefined ? {} : { input }),
  });
  const { code } = await child.ended;
  return { code, lines: child.output, text: child.output.join('\n') };
}

const done = async (args: string[], more: Parameters<typeof relay>[1] = {}): Promise<string> => {
  const { code, text } = await relay(args, more);
  if (code !== 0) throw new Error(`ml-relay ${args.join(' ')} ended with ${code}: ${text}`);
  return text;
};

const integration = ['--integration', 'SAP to Cin7'];

test('a token of enroll-token enrols an agent at a new site, once', async () => {
  await done(['sites', 'add', 'Werk Süd']);
  const issued = await relay(['--json', 'enroll-token', '--site', 'Werk Süd', '--valid-minutes', '5']);
  expect(issued.lines[0]).toMatch(/good for one agent until .*ml-agent enroll/);
  const { token } = JSON.parse(issued.lines.slice(1).join('\n')) as { token: string };
  const machine = (name: string) => prepareAgent({ dataDir: path.join(scene.folder, name), systems: {}, policy: {} });
  await machine('süd-1').command(['enroll', '--token-file', '-', '--name', 'süd-1'], token);
  await expect(machine('süd-2').command(['enroll', '--token-file', '-', '--name', 'süd-2'], token)).rejects.toThrow(/TOKEN_USED|used/);
  const agents = await done(['agents', 'list']);
  expect(agents).toMatch(/sap-bridge-01 .*up since/);
  expect(agents).toMatch(/süd-1 .*down/);
});

test('connections are listed and checked, through the agent too', async () => {
  expect(await done(['connections', 'list'])).toMatch(/SAP ECC PRD 100[\s\S]*Cin7 Core/);
  expect(await done(['connections', 'check', 'SAP ECC PRD 100'])).toMatch(/^works: .*100/);
  expect(await done(['connections', 'check', 'Cin7 Core'])).toMatch(/^works: Nordlicht Handels GmbH\n.*EUR/);
});

test('a connection that does not work is told with what to do, and exit code 1', async () => {
  const wrong = '00000000-0000-4000-8000-000000000000';
  const { baseUrl, accountId } = scene.landscape.cin7.connectionSettings as Record<string, string>;
  const add = ['connections', 'add', 'Old key', '--system', 'cin7-core', '--set', `baseUrl=${baseUrl}`, `accountId=${accountId}`];
  await done([...add, '--secret', 'applicationKey', '--stdin'], { input: `${wrong}\n` });
  const { code, text } = await relay(['connections', 'check', 'Old key']);
  expect(code).toBe(1);
  expect(text).toMatch(/CIN7_CREDENTIALS[\s\S]*-> Enter the account ID/);
  expect(await done(['connections', 'remove', 'Old key'])).toBe('Old key is deleted');
});

test('a run is started, what it misses is listed, an entry is set and releases it', async () => {
  await scene.start();
  await scene.settled();
  const missing = await done(['value-maps', 'missing', ...integration]);
  expect(missing).toMatch(/payment-terms\s+NT60/);
  expect(await done(['records', 'list', '--state', 'blocked', '--reason', 'VALUE_MAP_MISSING'])).toContain('NT60');
  expect(await done(['value-maps', 'set', 'payment-terms', 'NT60=60 days', ...integration])).toMatch(
    /^1 entries set, [1-9]\d* records go out$/,
  );
  await waitFor('nothing to be missing', async () => !(await done(['value-maps', 'missing', ...integration])).includes('NT60'));
  await scene.settled();
  expect(await done(['runs', 'start', ...integration, '--flow', vendorFlow, '--mode', 'sweep'])).toContain('ml-relay runs follow');
  await waitFor('the sweep', async () => /sweep\s+manual\s+succeeded/.test(await done(['runs', 'list'])));
  expect(await done(['overview'])).toContain('succeeded');
});

test('a record is found by vendor number or name, tells its story, and can be replayed', async () => {
  const list = await done(['records', 'list', '100007']);
  expect(list).toMatch(/0000100007\s+Semi;Colon, Comma & Co\. KG/);
  const [supplierId] = /[0-9a-f]{8}-[0-9a-f-]{27}/.exec(list) ?? [];
  const story = await done(['records', 'show', '100007']);
  expect(story).toContain('0000100007 Semi;Colon, Comma & Co. KG, version 1: succeeded');
  expect(story).toMatch(/posting[\s\S]*call[\s\S]*succeeded/);
  expect(await done(['records', 'show', supplierId ?? 'none'])).toContain('0000100007');
  const { id } = JSON.parse(await done(['--json', 'records', 'show', '100007'])) as { id: string };
  expect(await done(['records', 'replay', id])).toBe('0 go out again, 1 as new versions, 0 were under way already');
  await waitFor('the replay', async () => (await done(['records', 'show', '100007'])).includes('version 2: succeeded'));
});

test("an agent's doctor, log and log level are at hand", async () => {
  const doctor = await done(['agents', 'doctor', 'sap-bridge-01']);
  expect(doctor).toMatch(/ok\s+relay\.tls/);
  expect(doctor).toMatch(new RegExp(`ok\\s+sap\\.logon:${sapName}`));
  expect(await done(['agents', 'log-level', 'sap-bridge-01', 'debug'])).toBe('sap-bridge-01 logs at debug');
  await done(['connections', 'check', 'SAP ECC PRD 100']);
  const log = (await done(['agents', 'logs', 'sap-bridge-01', '-n', '20', '--level', 'debug'])).split('\n');
  expect(log.map((line) => (JSON.parse(line) as { level: string }).level)).toContain('debug');
});

test('API tokens do what their role allows until they are revoked', async () => {
  const token = await done(['api-tokens', 'add', 'Leitstand', '--role', 'viewer', '--days', '30']);
  const env = { ML_RELAY_TOKEN: token };
  expect(await done(['records', 'list', '-n', '1'], { env })).toContain('succeeded');
  const denied = await relay(['sites', 'add', 'Keller'], { env });
  expect(denied).toMatchObject({ code: 1, text: expect.stringMatching(/role/) as string });
  const tokens = JSON.parse(await done(['--json', 'api-tokens', 'list'])) as { id: string; name: string }[];
  expect(JSON.stringify(tokens)).not.toContain(token);
  await done(['api-tokens', 'revoke', tokens.find(({ name }) => name === 'Leitstand')?.id ?? '']);
  expect(await relay(['records', 'list'], { env })).toMatchObject({ code: 1, text: expect.stringMatching(/token/) as string });
});

test.each([
  [['recrods', 'list'], /unknown command 'recrods'; did you mean records\?$/],
  [['records', 'list', '--staet', 'blocked'], /unknown option '--staet'; did you mean --state\?$/],
  [['records', 'list', '-n', 'many'], /whole number above 0/],
  [['records', 'list', '--state', 'stuck'], /state.* must be one of pending,/],
  [['records', 'show'], /missing required argument 'id'/],
  [['records', 'show', 'Nobody & Sons'], /no record fits "Nobody & Sons"/],
  [['records', 'replay'], /give record ids, or a filter/],
  [['runs', 'start', ...integration], /required option '--flow <id>' not specified/],
  [['runs', 'start', ...integration, '--flow', vendorFlow, '--mode', 'all'], /Allowed choices are changes, sweep, full/],
  [['connections', 'check', 'SAP QAS'], /there is no connection "SAP QAS"/],
  [['connections', 'add', 'x', '--system', 'sap-r2'], /there is no system "sap-r2"; known are/],
  [['connections', 'add', 'x', '--system', 'cin7-core', '--set', 'applicationKey=abc'], /is a secret: give it with --secret/],
  [['value-maps', 'set', 'payment-terms', 'NT60', ...integration], /"NT60" is not written as from=to/],
  [['enroll-token', '--site', 'Werk Nord'], /there is no site "Werk Nord"/],
  [['agents', 'log-level', 'sap-bridge-01', 'loud'], /level must be one of trace,/],
  [['api-tokens', 'add', 'x', '--role', 'king'], /Allowed choices are viewer, operator, admin/],
  [['--data-dir', '/nowhere', 'records', 'list'], /no relay has run in \/nowhere/],
])('ml-relay %j is answered in one clear line, exit code 2', async (args, sentence) => {
  const { code, lines } = await relay(args);
  expect({ code, lines }).toEqual({ code: 2, lines: [expect.stringMatching(/^ml-relay: /)] });
  expect(lines[0]).toMatch(sentence);
});
