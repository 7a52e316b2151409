import { sealFor, toSystemError } from '@ml-connector/shared';
import { addEvent, wakeConnections } from '../ledger/index.ts';
import type { AgentRow, ConnectionRow } from '../store/index.ts';
import type { Services } from './services.ts';

/** The password of a connection as far as one agent is concerned. */
export interface AgentCredential {
  agentId: string;
  agentName: string;
  /** `missing`: never given through the relay. `waiting`: goes to the agent when it connects. `refused`: the agent could not take it. */
  state: 'missing' | 'waiting' | 'delivered' | 'refused';
  at: number | null;
  problem: { code: string; message: string; fix: string } | null;
}

type CredentialServices = Pick<Services, 'store' | 'clock' | 'log' | 'gateway'>;

/** What a password of a connection is sealed with, agent by agent, before it is handed over. */
export interface SealingKeys {
  /** Name of the system in agent.yaml; part of what is sealed. */
  system: string;
  agents: { agentId: string; agentName: string; publicKey: { kty: 'OKP'; crv: 'X25519'; x: string } }[];
}

/** A password as only one agent can read it. */
export interface SealedForAgent {
  agentId: string;
  sealed: string;
}

export async function sealingKeys(services: Pick<Services, 'store'>, connection: ConnectionRow): Promise<SealingKeys> {
  const agents = (await agentsOf(services, connection)).map(({ id: agentId, name: agentName, sealing_key: x }) => ({
    agentId,
    agentName,
    publicKey: { kty: 'OKP', crv: 'X25519', x } as const,
  }));
  return { system: agentSystemOf(connection), agents };
}

/** Seals a password to every agent of the connection's site and hands it over; the password itself is kept nowhere. */
export async function setCredential(
  services: CredentialServices,
  { connection, password, actor }: { connection: ConnectionRow; password: string; actor: string },
): Promise<AgentCredential[]> {
  const { system, agents } = await sealingKeys(services, connection);
  const seal = async ({ agentId, publicKey }: SealingKeys['agents'][number]): Promise<SealedForAgent> => ({
    agentId,
    sealed: await sealFor(publicKey, password, { agentId, system }),
  });
  return setSealedCredential(services, { connection, sealed: await Promise.all(agents.map(seal)), actor });
}

/** Hands what was sealed elsewhere to those agents that are connected; the others get it when they connect. */
export async function setSealedCredential(
  services: CredentialServices,
  { connection, sealed, actor }: { connection: ConnectionRow; sealed: readonly SealedForAgent[]; actor: string },
): Promise<AgentCredential[]> {
  const { store, clock } = services;
  for (const one of sealed) {
    const news = { sealed: one.sealed, created_at: clock.now(), delivered_at: null };
    await store.db
      .insertInto('sealed_credential')
      .values({ connection_id: connection.id, agent_id: one.agentId, ...news })
      .onConflict((conflict) => conflict.columns(['connection_id', 'agent_id']).doUpdateSet(news))
      .execute();
  }
  const given = new Set(sealed.map(({ agentId }) => agentId));
  const agents = (await agentsOf(services, connection)).filter(({ id }) => given.has(id));
  const outcomes = await Promise.all(agents.map((agent) => deliver(services, connection, agent)));
  await announce(services, connection, { actor, delivered: outcomes.filter((one) => one.state === 'delivered').length });
  const others = (await credentialStates(services, connection)).filter(({ agentId }) => !given.has(agentId));
  return [...outcomes, ...others];
}

/** What each agent of the connection's site has of its password. */
export async function credentialStates(services: Pick<Services, 'store'>, connection: ConnectionRow): Promise<AgentCredential[]> {
  const rows = await services.store.db
    .selectFrom('sealed_credential')
    .select(['agent_id', 'created_at', 'delivered_at'])
    .where('connection_id', '=', connection.id)
    .execute();
  const byAgent = new Map(rows.map((row) => [row.agent_id, row]));
  return (await agentsOf(services, connection)).map(({ id: agentId, name: agentName }): AgentCredential => {
    const row = byAgent.get(agentId);
    if (!row) return { agentId, agentName, state: 'missing', at: null, problem: null };
    const state = row.delivered_at === null ? 'waiting' : 'delivered';
    return { agentId, agentName, state, at: row.delivered_at ?? row.created_at, problem: null };
  });
}

/** An agent has connected: it gets what was sealed to it and not delivered yet. Failures are logged; the next connect tries again. */
export async function deliverWaitingCredentials(services: CredentialServices, agentId: string): Promise<void> {
  const { store } = services;
  const agent = await store.db.selectFrom('agent').selectAll().where('id', '=', agentId).executeTakeFirst();
  if (!agent) return;
  const waiting = await store.db
    .selectFrom('sealed_credential')
    .innerJoin('connection', 'connection.id', 'sealed_credential.connection_id')
    .selectAll('connection')
    .where('sealed_credential.agent_id', '=', agentId)
    .where('sealed_credential.delivered_at', 'is', null)
    .execute();
  for (const connection of waiting) {
    const { state } = await deliver(services, connection, agent);
    if (state === 'delivered') await announce(services, connection, { actor: 'relay', delivered: 1 });
  }
}

async function deliver(
  { store, clock, log, gateway }: CredentialServices,
  connection: ConnectionRow,
  agent: AgentRow,
): Promise<AgentCredential> {
  const about = { agentId: agent.id, agentName: agent.name };
  const kept = store.db.selectFrom('sealed_credential').where('connection_id', '=', connection.id).where('agent_id', '=', agent.id);
  const { sealed } = await kept.select('sealed').executeTakeFirstOrThrow();
  const target = { tenantId: agent.tenant_id, siteId: agent.site_id, agentId: agent.id };
  try {
    await gateway.call(target, 'StoreCredential', { system: agentSystemOf(connection), sealed });
  } catch (cause) {
    const { code, message, fix = '' } = toSystemError(cause, `handing a password to agent ${agent.name}`);
    if (code === 'NO_TUNNEL') return { ...about, state: 'waiting', at: clock.now(), problem: null };
    log.warn({ agentId: agent.id, connectionId: connection.id, code }, 'an agent did not take a password; next try when it connects again');
    return { ...about, state: 'refused', at: clock.now(), problem: { code, message, fix } };
  }
  const at = clock.now();
  await store.db
    .updateTable('sealed_credential')
    .set({ delivered_at: at })
    .where('connection_id', '=', connection.id)
    .where('agent_id', '=', agent.id)
    .where('sealed', '=', sealed) // not for one that was entered meanwhile
    .execute();
  return { ...about, state: 'delivered', at, problem: null };
}

/**
 * Once a password is with an agent, the connection counts as changed: a halt ends, and what waited goes out. Not earlier, or the old
 * password would be tried again and lock the SAP user.
 */
async function announce(
  { store, clock }: CredentialServices,
  { id, tenant_id: tenantId }: ConnectionRow,
  { actor, delivered }: { actor: string; delivered: number },
): Promise<void> {
  await store.transaction(async (transaction) => {
    await addEvent(transaction, { subjectId: id, tenantId, at: clock.now(), actor, kind: 'credential set', data: { delivered } });
    if (delivered > 0)
      await transaction
        .updateTable('connection')
        .set((set) => ({ version: set('version', '+', 1), changed_at: clock.now() }))
        .where('id', '=', id)
        .execute();
  });
  if (delivered === 0) return;
  store.notify({ about: 'connection', tenantId, id });
  await wakeConnections(store, clock, [id]);
}

function agentsOf({ store }: Pick<Services, 'store'>, { site_id }: ConnectionRow): Promise<AgentRow[]> {
  return store.db.selectFrom('agent').selectAll().where('site_id', '=', site_id).where('revoked_at', 'is', null).orderBy('id').execute();
}

function agentSystemOf({ settings_json }: ConnectionRow): string {
  return String((JSON.parse(settings_json) as { agentSystem?: unknown }).agentSystem);
}
