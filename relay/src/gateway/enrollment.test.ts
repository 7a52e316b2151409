import { generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { silentLog, systemClock } from '@ml-connector/shared';
import { enrollmentBytes, signWith } from '@ml-connector/shared/tunnel';
import { openStore, type EventRow, type Store } from '../store/index.ts';
import { openTestDatabase, type TestDatabase } from '../store/testing/index.ts';
import type { AgentDirectory } from './agent-directory.ts';
import { issueEnrollToken } from './enroll-token.ts';
import { enroll } from './enrollment.ts';
import { storedAgentDirectory } from './stored-directory.ts';

const relayName = 'relay.example.com';
const tokenKeys = generateKeyPairSync('ed25519');
let database: TestDatabase;
let store: Store;
let directory: AgentDirectory;
beforeAll(async () => {
  database = await openTestDatabase();
  store = await openStore(database.settings);
  await store.db.insertInto('tenant').values({ id: 'ten_1', name: 'Müller', created_at: 0 }).execute();
  await store.db.insertInto('site').values({ id: 'sit_1', tenant_id: 'ten_1', name: 'Berlin', created_at: 0 }).execute();
  directory = storedAgentDirectory(store);
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

async function token(): Promise<string> {
  const relay = { tokenKey: tokenKeys.privateKey, relayName, relayUrl: 'https://relay.example.com:8443', directory, clock: systemClock };
  return (await issueEnrollToken({ ...relay, tenantId: 'ten_1', siteId: 'sit_1' })).token;
}

function trail(): Promise<EventRow[]> {
  return store.db.selectFrom('event').selectAll().where('subject_id', '=', 'ten_1').orderBy('seq').execute();
}

interface Asked {
  agentName?: string;
  machine?: string;
  sealingKey?: Buffer;
  signedBy?: KeyObject;
}

function ask(withToken: string, { agentName = 'BERLIN-GW', machine = '北京-GW', sealingKey = randomBytes(32), signedBy }: Asked = {}) {
  const keys = generateKeyPairSync('ed25519');
  const identityKey = Buffer.from(keys.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  const signature = signWith(signedBy ?? keys.privateKey, enrollmentBytes({ token: withToken, identityKey, sealingKey }));
  const request = { token: withToken, agentName, identityKey, sealingKey, agentVersion: '0.1.0', machine, signature };
  return enroll(request, {
    directory,
    relayName,
    tokenKey: tokenKeys.publicKey,
    clock: systemClock,
    log: silentLog,
    peer: '10.0.0.7:50001',
  });
}

test('of two agents that come with one token at the same time exactly one is enrolled', async () => {
  const one = await token();
  const answers = await Promise.all([ask(one), ask(one), ask(one)]);
  expect(answers.filter(({ enrolled }) => enrolled)).toHaveLength(1);
  expect(answers.flatMap(({ refusal }) => refusal?.code ?? [])).toEqual(['TOKEN_USED', 'TOKEN_USED']);
});

test('who enrolled, with which token and from where stands in the audit trail of the tenant, once', async () => {
  const before = await trail();
  const one = await token();
  const { enrolled } = await ask(one);
  await ask(one);
  const [event, ...more] = (await trail()).slice(before.length);
  expect(more).toEqual([]);
  expect(event).toMatchObject({ kind: 'agents.enrolled', actor: `agent:${enrolled?.agentId}`, tenant_id: 'ten_1' });
  expect(JSON.parse(event?.data_json ?? '')).toMatchObject({
    by: 'BERLIN-GW',
    agentId: enrolled?.agentId,
    siteId: 'sit_1',
    from: '10.0.0.7:50001',
    machine: '北京-GW',
    tokenId: expect.stringMatching(/^enr_/) as string,
  });
});

test.each<[string, Asked, string]>([
  ['a name of a megabyte', { agentName: 'x'.repeat(1_000_000) }, 'TEXT_INVALID'],
  ['a machine that commands the terminal', { machine: 'GW\u001b]0;x\u0007' }, 'TEXT_INVALID'],
  ['a signature by another key', { signedBy: generateKeyPairSync('ed25519').privateKey }, 'BAD_PROOF'],
  ['a sealing key that is none', { sealingKey: Buffer.alloc(5) }, 'BAD_PROOF'],
])('%s is refused, and the token stays good', async (_what, asked, code) => {
  const one = await token();
  expect(await ask(one, asked)).toMatchObject({ refusal: { code } });
  expect(await ask(one)).toMatchObject({ enrolled: { tenantId: 'ten_1', siteId: 'sit_1', relayName } });
});
