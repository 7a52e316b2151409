import type { CapabilitiesAnswer, DoctorAnswer } from '@ml-connector/shared';
import { z } from 'zod';
import type { SessionInfo } from '../../gateway/index.ts';
import type { AgentRow } from '../../store/index.ts';
import { findAgent } from '../find.ts';
import { id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const;
const agentParams = tenantParams.extend({ agentId: id('agent') });

const agent = z
  .object({
    id: id('agent'),
    siteId: id('site'),
    name: z.string(),
    version: z.string(),
    machine: z.string(),
    enrolledAt: time,
    revokedAt: timeOrNull,
    lastSeenAt: timeOrNull.describe('When it last connected or left'),
    session: z
      .object({
        connectedAt: time,
        peer: z.string().describe('Address it came from'),
        systems: z.array(z.string()).describe('Names in its agent.yaml'),
        roundTripMs: z.number().nullable(),
        callsInFlight: z.int(),
        isDraining: z.boolean(),
      })
      .nullable()
      .describe('Live tunnel; null while it is not connected'),
  })
  .meta({ id: 'Agent' });

const finding = z.object({
  check: z.string(),
  result: z.enum(['ok', 'warning', 'failed', 'skipped']),
  detail: z.string(),
  fix: z.string(),
  ms: z.number(),
});

export const agentRoutes: Route[] = [
  defineRoute({
    id: 'agents.list',
    method: 'get',
    path: '/tenants/{tenantId}/agents',
    summary: 'Agents of a tenant with their live tunnels',
    role: 'viewer',
    params: tenantParams,
    query: pageQuery.extend({ siteId: id('site').optional() }),
    answer: pageOf(agent),
    async handle({ params: { tenantId }, query: { limit, cursor, siteId }, services }) {
      let rows = services.store.db
        .selectFrom('agent')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('id')
        .limit(limit + 1);
      if (siteId !== undefined) rows = rows.where('site_id', '=', siteId);
      if (cursor !== undefined) rows = rows.where('id', '>', decodeCursor(cursor));
      const live = new Map(services.gateway.sessions().map((session) => [session.agentId, session]));
      return toPage({ rows: await rows.execute(), limit, keyOf: (row) => row.id, toItem: (row) => show(row, live.get(row.id)) });
    },
  }),
  defineRoute({
    id: 'agents.get',
    method: 'get',
    path: '/tenants/{tenantId}/agents/{agentId}',
    summary: 'One agent',
    role: 'viewer',
    params: agentParams,
    answer: agent,
    handle: async ({ params, services }) => showNow(services, await findAgent(services, params)),
  }),
  defineRoute({
    id: 'agents.revoke',
    method: 'post',
    path: '/tenants/{tenantId}/agents/{agentId}/revoke',
    summary: 'Refuses the agent for ever and cuts its tunnel at once',
    role: 'admin',
    params: agentParams,
    answer: agent,
    async handle({ params, services }) {
      await findAgent(services, params);
      await services.gateway.revoke(params.agentId);
      return showNow(services, await findAgent(services, params));
    },
  }),
  defineRoute({
    id: 'agents.systems',
    method: 'get',
    path: '/tenants/{tenantId}/agents/{agentId}/systems',
    summary: 'Systems of the agent as it sees them now',
    role: 'viewer',
    params: agentParams,
    answer: z.object({
      items: z.array(z.object({ name: z.string(), type: z.enum(['sap-ecc', 'jde']), details: z.record(z.string(), z.string()) })),
    }),
    async handle({ params, services, signal }) {
      const target = await targetOf(services, params);
      const { systems } = await services.gateway.call<CapabilitiesAnswer>(target, 'Capabilities', {}, { signal });
      return { items: systems };
    },
  }),
  defineRoute({
    id: 'agents.doctor',
    method: 'post',
    path: '/tenants/{tenantId}/agents/{agentId}/doctor',
    summary: "Runs the agent's own checks, with what to do about each finding",
    role: 'operator',
    params: agentParams,
    body: z.strictObject({ systems: z.array(z.string().min(1).max(40)).optional() }),
    answer: z.object({ findings: z.array(finding) }),
    async handle({ params, body, services, signal }) {
      const target = await targetOf(services, params);
      return services.gateway.call<DoctorAnswer>(target, 'Doctor', body, { signal });
    },
  }),
  defineRoute({
    id: 'agents.logs',
    method: 'get',
    path: '/tenants/{tenantId}/agents/{agentId}/logs',
    summary: "The agent's log lines, one JSON object per line",
    description: 'With `follow` the answer goes on until the caller hangs up, for an hour at most.',
    role: 'operator',
    params: agentParams,
    query: z.strictObject({
      lines: z.coerce.number().int().min(0).max(10_000).default(100).describe('Past lines to begin with'),
      follow: z.stringbool().default(false),
      level: z.enum(levels).optional(),
      system: z.string().min(1).max(40).optional(),
      recordId: id('record').optional(),
    }),
    answer: z.record(z.string(), z.unknown()),
    answerType: 'application/x-ndjson',
    async handle({ params, query, services, signal }) {
      const target = await targetOf(services, params);
      const deadline = services.clock.now() + 3_600_000;
      return services.gateway.stream<Record<string, unknown>, unknown>(target, 'LogTail', query, { signal, deadline });
    },
  }),
  defineRoute({
    id: 'agents.log-level',
    method: 'put',
    path: '/tenants/{tenantId}/agents/{agentId}/log-level',
    summary: "Changes the agent's log level, without a restart",
    role: 'operator',
    params: agentParams,
    body: z.strictObject({ level: z.enum(levels) }),
    status: 204,
    audited: ({ level }) => ({ level }),
    async handle({ params, body, services, signal }) {
      const target = await targetOf(services, params);
      await services.gateway.call(target, 'SetLogLevel', body, { signal });
    },
  }),
];

function show(row: AgentRow, session: SessionInfo | undefined): z.input<typeof agent> {
  return {
    id: row.id,
    siteId: row.site_id,
    name: row.name,
    version: session?.version ?? row.version,
    machine: String(JSON.parse(row.machine_json)),
    enrolledAt: isoTime(row.enrolled_at),
    revokedAt: isoTimeOrNull(row.revoked_at),
    lastSeenAt: isoTimeOrNull(row.last_seen_at),
    session: session
      ? {
          connectedAt: isoTime(session.connectedAt),
          peer: session.peer,
          systems: session.systems,
          roundTripMs: session.roundTripMs ?? null,
          callsInFlight: session.pending,
          isDraining: session.isDraining,
        }
      : null,
  };
}

function showNow({ gateway }: Services, row: AgentRow): z.input<typeof agent> {
  return show(
    row,
    gateway.sessions().find((session) => session.agentId === row.id),
  );
}

async function targetOf(services: Services, { tenantId, agentId }: { tenantId: string; agentId: string }) {
  const row = await findAgent(services, { tenantId, agentId });
  if (row.revoked_at !== null) throw conflict('AGENT_REVOKED', `agent ${row.name} is revoked`, 'Enrol the machine anew to use it again.');
  return { tenantId, siteId: row.site_id, agentId };
}
