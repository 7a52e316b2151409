import { z } from 'zod';
import { endpointUrl, findEndpoint, rotateHeaderSecret, setWebhookMode, webhookModes, webhookStatus } from '../../webhooks/index.ts';
import type { ConnectionRow, WebhookEndpointRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { systemOf } from '../catalog-entries.ts';
import { findConnection } from '../find.ts';
import { id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { ApiError, conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const connectionParams = tenantParams.extend({ connectionId: id('connection') });

const webhooks = z
  .object({
    connectionId: id('connection'),
    state: z
      .enum(['waiting', 'working', 'failing', 'unreachable'])
      .describe('`waiting`: no flow that listens is switched on; `unreachable`: the relay has no public address'),
    url: z.string().nullable().describe('Where the system sends to; nobody else should know it'),
    mode: z.enum(['observe', 'required']).nullable().describe('`observe` takes deliveries without a signature as well'),
    modeSetBy: z.string().nullable().describe('null: `observe` until the first right signature was seen, then `required`'),
    firstGenuineAt: timeOrNull,
    secretRotatedAt: timeOrNull,
    subscriptions: z.array(z.object({ topic: z.string(), state: z.string() })).describe('As they were found, or made, at `lastKeptAt`'),
    lastKeptAt: timeOrNull,
    nextKeepAt: timeOrNull,
    problem: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable().describe('Why the system may not send'),
    lastEventAt: timeOrNull,
    newEvents: z.int().describe('Not handed to the flows yet'),
    waitingKeys: z.int().describe('To be read again because of events'),
    lastDay: z
      .array(z.object({ outcome: z.string(), count: z.int() }))
      .describe('Deliveries of 24 hours; all but the first four were refused'),
    since: time.nullable(),
  })
  .meta({ id: 'ConnectionWebhooks' });

export const connectionWebhookRoutes: Route[] = [
  defineRoute({
    id: 'connections.webhooks.get',
    method: 'get',
    path: '/tenants/{tenantId}/connections/{connectionId}/webhooks',
    summary: 'What a system is to tell by webhook, whether it does, and what arrived',
    role: 'operator',
    params: connectionParams,
    answer: webhooks,
    handle: async ({ params, services }) => show(services, await listening(services, params)),
  }),
  defineRoute({
    id: 'connections.webhooks.change',
    method: 'patch',
    path: '/tenants/{tenantId}/connections/{connectionId}/webhooks',
    summary: 'Sets whether deliveries without a signature are taken',
    description: '`automatic`, as at first: they are until the first right signature was seen. The header secret is checked in any case.',
    role: 'admin',
    params: connectionParams,
    body: z.strictObject({ mode: z.enum(webhookModes) }),
    answer: webhooks,
    audited: (body) => body,
    async handle({ params, body: { mode }, caller, services }) {
      const connection = await listening(services, params);
      await setWebhookMode(services.store, await endpointOf(services, connection), { mode, actor: actorOf(caller) });
      return show(services, connection);
    },
  }),
  defineRoute({
    id: 'connections.webhooks.rotate-secret',
    method: 'post',
    path: '/tenants/{tenantId}/connections/{connectionId}/webhooks/rotate-secret',
    summary: 'Makes a new header secret and tells the system',
    description: 'The one before is accepted for 49 hours more: a system repeats what it began to deliver. A second rotation ends that.',
    role: 'admin',
    params: connectionParams,
    answer: webhooks,
    async handle({ params, services }) {
      const connection = await listening(services, params);
      await rotateHeaderSecret(services, await endpointOf(services, connection));
      return show(services, connection);
    },
  }),
];

async function listening(services: Services, params: { tenantId: string; connectionId: string }): Promise<ConnectionRow> {
  const connection = await findConnection(services, params);
  const system = systemOf(services, connection.system);
  if (system.webhooks) return connection;
  throw new ApiError(404, 'NO_WEBHOOKS', `${system.label} sends no webhooks`, { fix: 'Changes are found by the schedule of the flows.' });
}

async function endpointOf({ store }: Services, { id: connectionId, name }: ConnectionRow): Promise<WebhookEndpointRow> {
  const row = await findEndpoint(store, connectionId);
  if (row) return row;
  throw conflict('NO_WEBHOOK_ADDRESS', `connection ${name} has no address for webhooks yet`, 'Switch on a flow that reads from it.');
}

async function show({ store, clock, publicUrl }: Services, { id: connectionId, system }: ConnectionRow): Promise<z.input<typeof webhooks>> {
  const row = await findEndpoint(store, connectionId);
  const status = await webhookStatus(store, connectionId, clock.now());
  const problem = status?.problem;
  return {
    connectionId,
    state: publicUrl === undefined ? 'unreachable' : problem ? 'failing' : status?.keptAt ? 'working' : 'waiting',
    url: (row && endpointUrl(publicUrl, row, system)) ?? null,
    mode: status ? (status.mode as 'observe' | 'required') : null,
    modeSetBy: status?.modeSetBy ?? null,
    firstGenuineAt: isoTimeOrNull(status?.firstGenuineAt),
    secretRotatedAt: isoTimeOrNull(status?.rotatedAt),
    subscriptions: status?.subscriptions ?? [],
    lastKeptAt: isoTimeOrNull(status?.keptAt),
    nextKeepAt: status?.nextKeepAt ? isoTime(status.nextKeepAt) : null,
    problem: problem ? { code: problem.code, message: problem.message, fix: problem.fix ?? '' } : null,
    lastEventAt: isoTimeOrNull(status?.lastEventAt),
    newEvents: status?.newEvents ?? 0,
    waitingKeys: status?.waitingKeys ?? 0,
    lastDay: status?.counts ?? [],
    since: isoTimeOrNull(row?.created_at),
  };
}
