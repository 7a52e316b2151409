import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  deviationsOf,
  expectedSuppliers,
  glFlow,
  journalDeviations,
  relayBundle,
  sapName,
  setUpCustomer,
  setUpGlFlow,
  setValueMap,
  startChild,
  startFlow,
  startGlFlow,
  startLandscape,
  stateCounts,
  usualPayables,
  usualPaymentTerms,
  vendorFlow,
  waitFor,
  type Customer,
  type Landscape,
} from '../landscape/index.ts';
import { startPostgres, type PostgresServer } from '../postgres/index.ts';
import { builtBundles } from './built-bundles.ts';
import { moment, type RecordView } from './scene.ts';

/** A customer whose `relay.yaml` names a PostgreSQL, in order as he lives it. Everything runs as processes of their own. */
let postgres: PostgresServer;
let landscape: Landscape;
let customer: Customer;
let ledger: Customer;
let relayDir: string;
const relayLines: string[] = [];
const open = new AsyncDisposableStack();

beforeAll(async () => {
  await builtBundles();
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-postgres-'));
  open.defer(() => rmSync(folder, { recursive: true, force: true }));
  postgres = open.use(await startPostgres());
  relayDir = path.join(folder, 'relay');
  mkdirSync(relayDir, { mode: 0o700 });
  const settings = `database: { url: "${postgres.url()}" }\nlogs: { level: trace }\nlimits: { lostAnswerSeconds: 1, stopSeconds: 5 }\n`;
  writeFileSync(path.join(relayDir, 'relay.yaml'), settings);
  landscape = open.use(
    await startLandscape({
      folder,
      sapArgs: ['--vendors', '60', '--documents', '60', '--seed', '7'],
      timeScale: 400,
      policy: { [sapName]: { presets: [vendorFlow, glFlow] } },
      onRelayLine: (line) => relayLines.push(line),
    }),
  );
  customer = await setUpCustomer(landscape);
  await setValueMap(landscape, customer, 'payment-terms', usualPaymentTerms);
  await setValueMap(landscape, customer, 'reconciliation-accounts', usualPayables);
  await landscape.cin7.enableCurrencies(['KWD']);
  ledger = await setUpGlFlow(landscape, customer);
}, 60_000);
afterAll(() => open.disposeAsync());

const created = async (what: string): Promise<number> => (await landscape.cin7.calls())[what] ?? 0;
const openStates = ['pending', 'posting', 'uncertain', 'failed', 'waiting', 'blocked'] as const;

/** Until every record of both flows has come to rest; answers how many there are of each state. */
function settled() {
  return waitFor('all records to be posted', async () => {
    const counts = await stateCounts(landscape, customer);
    return (counts.succeeded ?? 0) > 59 && openStates.every((state) => !counts[state]) ? counts : undefined;
  });
}

test('the relay is killed and PostgreSQL crashes in the middle of the first loads: everything arrives, and once', async () => {
  await landscape.cin7.addFault({ kind: 'slow', ms: 20, times: 100_000, method: 'POST', path: '/supplier' });
  await landscape.cin7.addFault({ kind: 'slow', ms: 20, times: 100_000, method: 'POST', path: '/journal' });
  await startFlow(landscape, customer);
  await startGlFlow(landscape, ledger);
  await moment('some suppliers', async () => (await created('POST /supplier')) >= 12);
  landscape.relay.child.kill('SIGKILL');
  await landscape.relay.child.ended;
  await landscape.restartRelay();
  await moment('more suppliers', async () => (await created('POST /supplier')) >= 25);
  await postgres.stop('immediate');
  await postgres.start();
  await moment('some journals', async () => (await created('POST /journal')) >= 8);
  await postgres.stop('fast');
  await postgres.start();
  const { succeeded = 0, skipped } = await settled();
  expect(landscape.relay.child.output.filter((line) => line.includes('"level":60'))).toEqual([]);
  expect(deviationsOf(await expectedSuppliers(landscape), await landscape.cin7.suppliers())).toEqual([]);
  expect(await journalDeviations(landscape)).toEqual([]);
  const records = await landscape.relay.api.all<RecordView>(`${customer.path}/records?state=succeeded`);
  expect([records.length, skipped]).toEqual([succeeded, 1]);
}, 90_000);

async function command(...args: string[]): Promise<{ code: number | null; text: string }> {
  const child = startChild({ name: args.join(' '), args: [relayBundle, ...args], env: { ML_RELAY_DATA_DIR: relayDir } });
  const { code } = await child.ended;
  return { code, text: child.output.join('\n') };
}

test('commands that open the database themselves work beside the running relay', async () => {
  const { host } = new URL(postgres.url());
  expect(await command('migrate')).toEqual({
    code: 0,
    text: expect.stringMatching(`^postgres://${host}/postgres is at level \\d+$`) as unknown,
  });
  expect(await command('audit', 'anchor')).toMatchObject({ code: 0 });
  expect(await command('verify-audit')).toEqual({ code: 0, text: expect.stringMatching(/^intact: \d+ events/) as unknown });
  expect(await command('keys', 'rotate')).toEqual({ code: 0, text: expect.stringMatching(/^[1-9]\d* secrets are encrypted/) as unknown });
  expect(await command('tenants', 'list')).toEqual({ code: 0, text: expect.stringContaining('Nordlicht Handels GmbH') as unknown });
  const { id } = (await landscape.relay.api.all<{ id: string }>(`${customer.path}/connections`))[1]!;
  expect(await landscape.relay.api.post(`${customer.path}/connections/${id}/check`)).toMatchObject({ ok: true });
});

test('a second relay on the same data folder is refused, whatever its ports', async () => {
  const env = { ML_RELAY_HTTP_PORT: '0', ML_RELAY_TUNNEL_PORT: '0', ML_RELAY_DATA_DIR: relayDir };
  const second = startChild({ name: 'a second relay', args: [relayBundle, 'serve'], env });
  expect((await second.ended).code).toBe(1);
  expect(second.output.join('\n')).toContain(`another ml-relay is serving ${relayDir}`);
});

test('without its database the relay says so and comes back by itself; it stops and starts cleanly', async () => {
  await postgres.stop('fast');
  await expect(landscape.relay.api.get('/tenants')).rejects.toMatchObject({ status: 503, code: 'DATABASE_DOWN' });
  expect(await command('migrate')).toMatchObject({ code: 1 });
  await postgres.start();
  await waitFor('the relay to answer again', () => landscape.relay.api.get<object>('/tenants'));
  const { child } = landscape.relay;
  child.kill('SIGTERM');
  expect(await child.ended).toEqual({ code: 0, signal: null });
  await landscape.restartRelay();
  expect(await settled()).toMatchObject({ skipped: 1 });
});

test('the password of the database is nowhere but in relay.yaml', async () => {
  const password = new URL(postgres.url()).password;
  const wrong = path.join(relayDir, 'wrong.yaml');
  writeFileSync(wrong, `database: { url: "${postgres.url().replace('/postgres', '/missing')}" }\n`);
  const outputs = await Promise.all([
    command('config', 'check'),
    command('--config', wrong, 'migrate'),
    command('--config', wrong, 'verify-audit'),
    command('--config', wrong, '--data-dir', path.join(relayDir, 'other'), 'serve'),
  ]);
  rmSync(wrong);
  expect(outputs.map(({ code }) => code)).toEqual([0, 1, 2, 1]);
  expect(outputs.slice(1).map(({ text }) => text.includes('missing'))).toEqual([true, true, true]);
  expect(relayLines.filter((line) => line.includes('the connection that listens for changes broke'))).not.toEqual([]);
  expect([...relayLines, ...outputs.map(({ text }) => text)].filter((line) => line.includes(password))).toEqual([]);
  const files = globSync(`${relayDir}/**/*`, { withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== 'relay.yaml');
  const holding = files.map(({ parentPath, name }) => path.join(parentPath, name)).filter((file) => readFileSync(file).includes(password));
  expect(holding).toEqual([]);
});
