import { silentLog } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import { z } from 'zod';
import { resumeConnection } from '../ledger/index.ts';
import { openLedgerStore, tickingClock } from '../ledger/testing/ledger-bench.ts';
import { connectionSecret, type Store } from '../store/index.ts';
import type { SystemManifest } from '../systems/index.ts';
import { openVault } from '../vault/index.ts';
import { openSessions, type Sessions } from './sessions.ts';

const clock = tickingClock();
const vault = openVault({ keys: Buffer.alloc(32, 1).toString('base64') });
const settings = z.strictObject({ account: z.string().default('none'), key: z.string().meta({ secret: true }) });
let store: Store;
let sessions: Sessions;
let opened: string[];
let closed: string[];

const cin7: SystemManifest = {
  id: 'cin7-core',
  label: 'Cin7 Core',
  runsOn: 'relay',
  settings,
  open: (context) => {
    const { account, key } = context.settings as z.infer<typeof settings>;
    opened.push(`${account} ${key}`);
    return { account, [Symbol.asyncDispose]: async () => void closed.push(account) };
  },
  check: () => Promise.resolve({ account: '', details: {} }),
};

beforeEach(async () => {
  [opened, closed] = [[], []];
  store = await openLedgerStore(clock);
  await change({ settings_json: '{"account":"old"}', secrets: vault.encrypt('{"key":"k1"}', connectionSecret('con_2')) });
  sessions = openSessions({
    store,
    vault,
    systems: [cin7],
    agents: {} as AgentCalls,
    addresses: { loopback: true, privateNetworks: false },
    clock,
    log: silentLog,
  });
});
afterEach(async () => {
  await sessions[Symbol.asyncDispose]();
  await store[Symbol.asyncDispose]();
});

async function change(row: { settings_json?: string; secrets?: string | null; version?: number }): Promise<void> {
  await store.db.updateTable('connection').set(row).where('id', '=', 'con_2').execute();
}
const account = () => sessions.use('con_2', ({ session }) => Promise.resolve((session as { account: string }).account));

test('users share one session, with the secrets in clear', async () => {
  await Promise.all([account(), account()]);
  await account();
  expect(opened).toEqual(['old k1']);
});

test('after a change the next user gets a new session, the old one is closed when its last user returns', async () => {
  const inUse = Promise.withResolvers<void>();
  const user = sessions.use('con_2', () => inUse.promise);
  await account();
  await change({ settings_json: '{"account":"new"}', version: 2 });
  expect(await account()).toBe('new');
  expect(closed).toEqual([]);
  inUse.resolve();
  await user;
  expect(closed).toEqual(['old']);
});

test('a connection that a person resumes is opened anew: what the session had found wrong is looked at again', async () => {
  await account();
  await resumeConnection(store, clock, 'con_2', 'user:eva');
  await account();
  expect(opened).toEqual(['old k1', 'old k1']);
  expect(closed).toEqual(['old']);
});

test('as it was last read, a connection is read anew once it is said to be changed', async () => {
  const lastRead = () => sessions.use('con_2', ({ connection }) => Promise.resolve(connection.version), { lastRead: true });
  expect(await lastRead()).toBe(1);
  await change({ settings_json: '{"account":"new"}', version: 2 });
  expect(await lastRead()).toBe(1);
  sessions.forget('con_2');
  expect(await lastRead()).toBe(2);
  expect(closed).toEqual(['old']);
});

test.each<[string, Parameters<typeof change>[0], string]>([
  ['a field is missing', { secrets: null }, 'SETTINGS_INVALID'],
  ['the secrets belong to another connection', { secrets: vault.encrypt('{"key":"k"}', 'connection:con_9') }, 'VAULT_DAMAGED'],
])('halts when %s, without a word of the secrets', async (_what, row, code) => {
  await change({ ...row, version: 2 });
  await expect(account()).rejects.toMatchObject({ code, verdict: 'halt', message: expect.not.stringContaining('k1') });
});

test.each([
  ['con_9', 'CONNECTION_UNKNOWN'],
  ['con_1', 'SYSTEM_UNKNOWN'],
])('%s is refused as %s', async (id, code) => {
  await expect(sessions.use(id, () => Promise.resolve())).rejects.toMatchObject({ code, verdict: 'halt' });
});
