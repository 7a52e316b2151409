import { z } from 'zod';
import { endingsOf } from '../../alerts/index.ts';
import { healthOfFlows, settledPerHour, unsettledStates } from '../../ledger/index.ts';
import { id, isoTime, tenantParams, time } from '../ids.ts';
import { defineRoute, type Route } from '../route.ts';
import { run, showRun } from '../run-view.ts';

const dayMs = 86_400_000;
const count = z.int();

const hour = z
  .object({ at: time.describe('Its beginning'), succeeded: count, skipped: count, blocked: count })
  .meta({ id: 'ThroughputHour' });

const flowHealth = z
  .object({
    integrationId: id('integration'),
    flowId: z.string(),
    unsettled: z.partialRecord(z.enum(unsettledStates), count).describe('Records that are not through, by state'),
    lastRun: run.nullable().describe('The newest one, which may be running'),
  })
  .meta({ id: 'FlowHealth' });

const ending = z
  .object({
    what: z.string().describe('For people: API token Lager'),
    expiresAt: time,
    fix: z.string(),
    link: z.string().describe('Where to look, in the user interface'),
  })
  .meta({ id: 'Ending' });

export const overviewPartRoutes: Route[] = [
  defineRoute({
    id: 'overview.flows',
    method: 'get',
    path: '/tenants/{tenantId}/overview/flows',
    summary: 'Each flow: what of it is not through, and its newest run',
    role: 'viewer',
    params: tenantParams,
    answer: z.object({ items: z.array(flowHealth) }),
    async handle({ params: { tenantId }, services: { store } }) {
      const flows = await healthOfFlows(store, tenantId);
      return { items: flows.map(({ newestRun, ...flow }) => ({ ...flow, lastRun: newestRun ? showRun(newestRun) : null })) };
    },
  }),
  defineRoute({
    id: 'overview.throughput',
    method: 'get',
    path: '/tenants/{tenantId}/overview/throughput',
    summary: 'Records that came to rest in each hour of the last day, by the state in which they still are',
    role: 'viewer',
    params: tenantParams,
    answer: z.object({ hours: z.array(hour).describe('24, oldest first; the last one is the present one') }),
    async handle({ params: { tenantId }, services: { store, clock } }) {
      const hours = await settledPerHour(store, { tenantId, now: clock.now(), hours: 24 });
      return { hours: hours.map(({ at, ...counted }) => ({ at: isoTime(at), ...counted })) };
    },
  }),
  defineRoute({
    id: 'overview.expiries',
    method: 'get',
    path: '/tenants/{tenantId}/overview/expiries',
    summary: 'What expires within 90 days or has done so lately, soonest first: API tokens, enrolment tokens, certificates',
    role: 'viewer',
    params: tenantParams,
    answer: z.object({ items: z.array(ending) }),
    async handle({ params: { tenantId }, services: { store, clock, alerts } }) {
      const now = clock.now();
      const span = { now, from: now - 14 * dayMs, until: now + 90 * dayMs };
      const found = await endingsOf({ store, tenantId, ...span, certificates: alerts.certificates });
      const sorted = found.sort((one, other) => one.at - other.at);
      return { items: sorted.map(({ what, at, fix, link }) => ({ what, expiresAt: isoTime(at), fix, link })) };
    },
  }),
];
