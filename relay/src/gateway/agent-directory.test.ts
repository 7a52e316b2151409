import { openStore } from '../store/index.ts';
import { openTestDatabase } from '../store/testing/index.ts';
import { memoryAgentDirectory, storedAgentDirectory, type AgentDirectory } from './index.ts';

const now = 1_795_000_000_000;
const token = { tokenId: 'enr_1', tenantId: 'ten_1', siteId: 'sit_1', createdAt: now, expiresAt: now + 3_600_000 };
const agent = {
  name: 'Werk Süd – O’Brien',
  identityKey: Buffer.alloc(32, 1),
  sealingKey: Buffer.alloc(32, 2),
  version: '0.1.0',
  machine: 'SAP-GW-北京 (win32)',
};

async function storedDirectory(opened: AsyncDisposableStack): Promise<AgentDirectory> {
  const store = opened.use(await openStore(opened.use(await openTestDatabase()).settings));
  await store.db.insertInto('tenant').values({ id: 'ten_1', name: 'Müller & Söhne', created_at: now }).execute();
  await store.db.insertInto('site').values({ id: 'sit_1', tenant_id: 'ten_1', name: 'Berlin', created_at: now }).execute();
  return storedAgentDirectory(store);
}

describe.each([
  ['in the database', storedDirectory],
  ['in memory', async () => memoryAgentDirectory()],
])('a directory %s', (_where, open) => {
  let opened: AsyncDisposableStack;
  let directory: AgentDirectory;
  beforeEach(async () => {
    opened = new AsyncDisposableStack();
    directory = await open(opened);
    await directory.addToken(token);
  });
  afterEach(() => opened.disposeAsync());

  const redeem = (changes: Partial<typeof agent> = {}, at = now, tokenId = 'enr_1') =>
    directory.redeem({ tokenId, agent: { ...agent, ...changes }, now: at, peer: '10.0.0.7:50001' });

  test('exchanges a token for an agent of its tenant and site', async () => {
    const redeemed = await redeem();
    expect(redeemed).toMatchObject({ agent: { ...agent, tenantId: 'ten_1', siteId: 'sit_1', enrolledAt: now, isRevoked: false } });
    const { agentId } = (redeemed as { agent: { agentId: string } }).agent;
    await expect(directory.find(agentId)).resolves.toMatchObject(agent);
  });

  test('gives the same key the same agent again, also after the end of the token', async () => {
    const first = await redeem();
    await expect(redeem({ version: '0.2.0' }, token.expiresAt + 1)).resolves.toEqual(first);
  });

  test.each([
    ['another key', 'TOKEN_USED', () => redeem({ identityKey: Buffer.alloc(32, 9) })],
    ['a token nobody issued', 'TOKEN_UNKNOWN', () => redeem({}, now, 'enr_none')],
  ])('refuses %s', async (_what, refused, ask) => {
    await redeem();
    await expect(ask()).resolves.toEqual({ refused });
  });

  test('refuses a token after its end', async () => {
    await expect(redeem({}, token.expiresAt + 1)).resolves.toEqual({ refused: 'TOKEN_EXPIRED' });
    await expect(redeem({}, token.expiresAt)).resolves.toHaveProperty('agent');
  });

  test('two that ask at once with different keys: one gets it', async () => {
    const outcomes = await Promise.all([redeem(), redeem({ identityKey: Buffer.alloc(32, 9) })]);
    expect(outcomes.filter((outcome) => 'agent' in outcome)).toHaveLength(1);
    expect(outcomes).toContainEqual({ refused: 'TOKEN_USED' });
  });

  test('a revoked agent stays revoked, and its key enrols nothing any more', async () => {
    const { agentId } = ((await redeem()) as { agent: { agentId: string } }).agent;
    await expect(directory.revoke(agentId, now)).resolves.toBe(true);
    await expect(directory.revoke(agentId, now + 1)).resolves.toBe(true);
    await expect(directory.revoke('agt_none', now)).resolves.toBe(false);
    await expect(directory.find(agentId)).resolves.toMatchObject({ isRevoked: true });
    await expect(redeem()).resolves.toEqual({ refused: 'REVOKED' });
    await directory.addToken({ ...token, tokenId: 'enr_2' });
    await expect(redeem({}, now, 'enr_2')).resolves.toEqual({ refused: 'KEY_IN_USE' });
  });

  test('remembers when an agent was seen, and with which version', async () => {
    const { agentId } = ((await redeem()) as { agent: { agentId: string } }).agent;
    await directory.seen({ agentId, version: '0.3.0', machine: 'SAP-GW-2', now: now + 5 });
    await expect(directory.find(agentId)).resolves.toMatchObject({ version: '0.3.0', machine: 'SAP-GW-2', lastSeenAt: now + 5 });
  });
});
