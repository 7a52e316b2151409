import { z } from 'zod';
import type { ConnectionRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { credentialStates, setCredential } from '../credentials.ts';
import { findConnection } from '../find.ts';
import { id, isoTimeOrNull, tenantParams, timeOrNull } from '../ids.ts';
import { conflict } from '../problem.ts';
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

/** Passwords of systems behind agents. */
export const connectionCredentialRoutes: Route[] = [
  defineRoute({
    id: 'connections.credential.get',
    method: 'get',
    path: '/tenants/{tenantId}/connections/{connectionId}/credential',
    summary: 'Which agents of the site were given the password of the system behind them',
    role: 'viewer',
    params: connectionParams,
    answer: z.object({ agents: z.array(agentCredential) }),
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
    answer: z.object({ agents: z.array(agentCredential) }),
    async handle({ params, body: { password }, caller, services }) {
      const row = await findConnection(services, params);
      refuseWithoutAgent(row);
      if ((await credentialStates(services, row)).length === 0)
        throw conflict('NO_AGENT', `no agent serves the site of connection ${row.name} yet`, 'Enrol an agent at the site first.');
      const agents = await setCredential(services, { connection: row, password, actor: actorOf(caller) });
      return { agents: agents.map((one) => ({ ...one, at: isoTimeOrNull(one.at) })) };
    },
  }),
];

function refuseWithoutAgent({ name, site_id }: ConnectionRow): void {
  if (site_id !== null) return;
  throw conflict('NO_CREDENTIAL', `connection ${name} is not behind an agent`, 'Change its settings; secrets are among them.');
}
