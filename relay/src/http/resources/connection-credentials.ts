import { sealedFor } from '@ml-connector/shared';
import { z } from 'zod';
import type { ConnectionRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import {
  credentialStates,
  sealingKeys,
  setCredential,
  setSealedCredential,
  type SealedForAgent,
  type SealingKeys,
} from '../credentials.ts';
import { findConnection } from '../find.ts';
import { id, isoTimeOrNull, tenantParams, timeOrNull } from '../ids.ts';
import { ApiError, conflict, notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';

const connectionParams = tenantParams.extend({ connectionId: id('connection') });

const agentCredential = z
  .object({
    agentId: id('agent'),
    agentName: z.string(),
    state: z.enum(['missing', 'waiting', 'delivered', 'refused']),
    at: timeOrNull,
    problem: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
  })
  .meta({ id: 'AgentCredential' });

const credential = z.object({ agents: z.array(agentCredential) });

const keys = z
  .object({
    system: z.string().describe('Name of the system in agent.yaml'),
    agents: z.array(
      z.object({
        agentId: id('agent'),
        agentName: z.string(),
        publicKey: z.object({ kty: z.literal('OKP'), crv: z.literal('X25519'), x: z.string() }).describe('JWK'),
      }),
    ),
  })
  .meta({ id: 'SealingKeys' });

/** Passwords of systems behind agents. */
export const connectionCredentialRoutes: Route[] = [
  defineRoute({
    id: 'connections.credential.get',
    method: 'get',
    path: '/tenants/{tenantId}/connections/{connectionId}/credential',
    summary: 'Which agents of the site were given the password of the system behind them',
    role: 'viewer',
    params: connectionParams,
    answer: credential,
    async handle({ params, services }) {
      const row = await findConnection(services, params);
      refuseWithoutAgent(row);
      return { agents: (await credentialStates(services, row)).map((one) => ({ ...one, at: isoTimeOrNull(one.at) })) };
    },
  }),
  defineRoute({
    id: 'connections.credential.set',
    method: 'put',
    path: '/tenants/{tenantId}/connections/{connectionId}/credential',
    summary: 'Seals a password to every agent of the site and hands it over; it is stored in clear nowhere',
    description: 'Agents that are not connected get it when they connect. Agents that enrol later need it entered again.',
    role: 'admin',
    params: connectionParams,
    body: z.strictObject({ password: z.string().min(1).max(1000).meta({ writeOnly: true }) }),
    answer: credential,
    async handle({ params, body: { password }, caller, services }) {
      const row = await findConnection(services, params);
      refuseWithoutAgent(row);
      refuseWithoutAgents(row, await sealingKeys(services, row));
      const agents = await setCredential(services, { connection: row, password, actor: actorOf(caller) });
      return { agents: agents.map((one) => ({ ...one, at: isoTimeOrNull(one.at) })) };
    },
  }),
  defineRoute({
    id: 'connections.sealing-keys.get',
    method: 'get',
    path: '/tenants/{tenantId}/connections/{connectionId}/sealing-keys',
    summary: 'Public keys to seal a password with, one for each agent of the site',
    role: 'admin',
    params: connectionParams,
    answer: keys,
    async handle({ params, services }) {
      const row = await findConnection(services, params);
      refuseWithoutAgent(row);
      return sealingKeys(services, row);
    },
  }),
  defineRoute({
    id: 'connections.sealed-credential.set',
    method: 'put',
    path: '/tenants/{tenantId}/connections/{connectionId}/sealed-credential',
    summary: 'Hands over a password that was sealed before it came here: the relay cannot read it',
    description:
      'For each agent a JWE in compact form, ECDH-ES+A256KW with A256GCM to its sealing key, with its agentId and the name of the system in ' +
      'the protected header. Agents that are not connected get it when they connect.',
    role: 'admin',
    params: connectionParams,
    body: z.strictObject({
      agents: z
        .array(z.strictObject({ agentId: id('agent'), sealed: z.string().min(1).max(4000).meta({ writeOnly: true }) }))
        .min(1)
        .max(1000),
    }),
    answer: credential,
    async handle({ params, body: { agents: sealed }, caller, services }) {
      const row = await findConnection(services, params);
      refuseWithoutAgent(row);
      const wanted = await sealingKeys(services, row);
      refuseWithoutAgents(row, wanted);
      refuseSealedOtherwise(wanted, sealed);
      const agents = await setSealedCredential(services, { connection: row, sealed, actor: actorOf(caller) });
      return { agents: agents.map((one) => ({ ...one, at: isoTimeOrNull(one.at) })) };
    },
  }),
];

function refuseWithoutAgent({ name, site_id }: ConnectionRow): void {
  if (site_id !== null) return;
  throw conflict('NO_CREDENTIAL', `connection ${name} is not behind an agent`, 'Change its settings; secrets are among them.');
}

function refuseWithoutAgents({ name }: ConnectionRow, { agents }: SealingKeys): void {
  if (agents.length > 0) return;
  throw conflict('NO_AGENT', `no agent serves the site of connection ${name} yet`, 'Enrol an agent at the site first.');
}

/** What cannot be opened where it goes would only show later, as a password that is missing. */
function refuseSealedOtherwise({ system, agents }: SealingKeys, given: readonly SealedForAgent[]): void {
  const stranger = given.find(({ agentId }) => !agents.some((agent) => agent.agentId === agentId));
  if (stranger) throw notFound('agent of this site', stranger.agentId);
  const errors = given.flatMap(({ agentId, sealed }, place) => {
    const says = sealedFor(sealed);
    if (!says) return [{ path: `agents.${place}.sealed`, message: 'is not a sealed text' }];
    const isRight = says.agentId === agentId && says.system === system;
    return isRight ? [] : [{ path: `agents.${place}.sealed`, message: `is sealed for agent ${says.agentId} and system ${says.system}` }];
  });
  const [first] = errors;
  if (!first) return;
  throw new ApiError(400, 'BODY_INVALID', `${first.path} ${first.message}`, {
    errors,
    fix: 'Ask for the sealing keys again and seal the password to each of them.',
  });
}
