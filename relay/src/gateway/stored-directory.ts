import type { Transaction } from 'kysely';
import { addEvent } from '../ledger/index.ts';
import { newId, type AgentRow, type Db, type Store } from '../store/index.ts';
import type { AgentDirectory, AgentRecord, RedeemRequest, Redemption } from './agent-directory.ts';

/** The directory in the relay's database. */
export function storedAgentDirectory({ db, transaction }: Pick<Store, 'db' | 'transaction'>): AgentDirectory {
  return {
    async find(agentId) {
      const row = await db.selectFrom('agent').selectAll().where('id', '=', agentId).executeTakeFirst();
      return row && toAgent(row);
    },
    async addToken({ tokenId, tenantId, siteId, createdAt, expiresAt }) {
      const row = { id: tokenId, tenant_id: tenantId, site_id: siteId, created_at: createdAt, expires_at: expiresAt };
      await db
        .insertInto('enroll_token')
        .values({ ...row, used_at: null, agent_id: null })
        .execute();
    },
    redeem: (request) => transaction((within) => redeem(within, request), { alone: true }),
    async revoke(agentId, now) {
      const { numUpdatedRows } = await db
        .updateTable('agent')
        .set((set) => ({ revoked_at: set.fn.coalesce('revoked_at', set.val(now)) }))
        .where('id', '=', agentId)
        .executeTakeFirst();
      return numUpdatedRows > 0n;
    },
    async seen({ agentId, version, machine, now }) {
      await db
        .updateTable('agent')
        .set({ version, machine_json: JSON.stringify(machine), last_seen_at: now })
        .where('id', '=', agentId)
        .execute();
    },
  };
}

async function redeem(db: Transaction<Db>, { tokenId, agent, now, peer }: RedeemRequest): Promise<Redemption> {
  const token = await db.selectFrom('enroll_token').selectAll().where('id', '=', tokenId).executeTakeFirst();
  if (!token) return { refused: 'TOKEN_UNKNOWN' };
  const identityKey = agent.identityKey.toString('base64url');
  const same = await db.selectFrom('agent').selectAll().where('identity_key', '=', identityKey).executeTakeFirst();
  if (token.agent_id !== null) {
    if (same?.id !== token.agent_id) return { refused: 'TOKEN_USED' };
    return same.revoked_at === null ? { agent: toAgent(same) } : { refused: 'REVOKED' };
  }
  if (now > token.expires_at) return { refused: 'TOKEN_EXPIRED' };
  if (same) return { refused: 'KEY_IN_USE' };
  const row: AgentRow = {
    id: newId('agent', now),
    tenant_id: token.tenant_id,
    site_id: token.site_id,
    name: agent.name,
    identity_key: identityKey,
    sealing_key: agent.sealingKey.toString('base64url'),
    version: agent.version,
    machine_json: JSON.stringify(agent.machine),
    enrolled_at: now,
    revoked_at: null,
    last_seen_at: null,
  };
  await db.insertInto('agent').values(row).execute();
  await db.updateTable('enroll_token').set({ used_at: now, agent_id: row.id }).where('id', '=', tokenId).execute();
  const { id: agentId, tenant_id: tenantId, site_id: siteId, name, version, machine_json: machine } = row;
  const data = { by: name, agentId, siteId, tokenId, from: peer, machine: JSON.parse(machine) as unknown, version, identityKey };
  await addEvent(db, { subjectId: tenantId, tenantId, at: now, actor: `agent:${agentId}`, kind: 'agents.enrolled', data });
  return { agent: toAgent(row) };
}

function toAgent(row: AgentRow): AgentRecord {
  return {
    agentId: row.id,
    tenantId: row.tenant_id,
    siteId: row.site_id,
    name: row.name,
    identityKey: Buffer.from(row.identity_key, 'base64url'),
    sealingKey: Buffer.from(row.sealing_key, 'base64url'),
    version: row.version,
    machine: String(JSON.parse(row.machine_json)),
    enrolledAt: row.enrolled_at,
    isRevoked: row.revoked_at !== null,
    lastSeenAt: row.last_seen_at ?? undefined,
  };
}
