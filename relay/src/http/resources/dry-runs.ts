import { z } from 'zod';
import { cancelDryRun, dryRunOutcomes, listDryRuns, requestDryRun, viewDryRun, type DryRun } from '../../trials/index.ts';
import { actorOf } from '../caller.ts';
import { flowOf } from '../catalog-entries.ts';
import { findIntegrationFlow } from '../find.ts';
import { id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { conflict, notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { daysOrNull, runModes } from '../run-view.ts';
import type { Services } from '../services.ts';
import { day, refuseBackwardDays } from '../timing-fields.ts';
import { refuseUnfitDays } from './run-requests.ts';

const dryRunParams = tenantParams.extend({ dryRunId: id('dryRun') });
const states = ['waiting', 'running', 'succeeded', 'failed', 'cancelled', 'interrupted'] as const;

const dryRun = z
  .object({
    id: id('dryRun'),
    integrationId: id('integration'),
    flowId: z.string(),
    mode: z.enum(runModes),
    days: daysOrNull,
    state: z.enum(states).describe('`interrupted`: the relay stopped; ask for another one'),
    progress: z.string(),
    read: z.int(),
    counts: z.record(z.enum(dryRunOutcomes), z.int()).describe('What a run would do to so many records'),
    unchangedButMappedDifferently: z.int().describe("Today's mapping gives another body than was posted; only a replay would send it"),
    blockedBy: z.array(z.object({ code: z.string(), message: z.string(), records: z.int(), example: z.string() })),
    calls: z.record(z.string(), z.int()).describe('What was read'),
    problem: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
    requestedAt: time,
    startedAt: timeOrNull,
    endedAt: timeOrNull,
  })
  .meta({ id: 'DryRun' });

const item = z.object({
  outcome: z.enum(dryRunOutcomes),
  key: z.string(),
  label: z.string(),
  why: z.string(),
  body: z.unknown().describe('What would be sent'),
  differences: z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() })).describe('From what was posted last'),
});

export const dryRunRoutes: Route[] = [
  defineRoute({
    id: 'dry-runs.start',
    method: 'post',
    path: '/tenants/{tenantId}/dry-runs',
    summary: 'Asks for a run that sends nothing: what would be created, updated, blocked',
    description:
      'Reads the source and maps. Ledger, cursor and target stay as they are. One per flow at a time; works also while it is paused.',
    role: 'operator',
    params: tenantParams,
    body: z.strictObject({
      integrationId: id('integration'),
      flowId: z.string().min(1).max(80),
      mode: z.enum(runModes).default('changes'),
      days: z.strictObject({ first: day, last: day }).superRefine(refuseBackwardDays).optional().describe('With mode `backfill`'),
    }),
    answer: dryRun,
    status: 202,
    audited: (body) => body,
    async handle({ params: { tenantId }, body: { mode, days, ...ref }, caller, services }) {
      await findIntegrationFlow(services, { tenantId, ...ref });
      flowOf(services, ref.flowId);
      refuseUnfitDays(services, ref.flowId, { mode, days });
      const { store, clock } = services;
      const dryRunId = await requestDryRun(store, clock, { flow: { tenantId, ...ref }, mode, range: days, actor: actorOf(caller) });
      if (dryRunId === undefined)
        throw conflict('DRY_RUN_UNDER_WAY', `a dry run of flow ${ref.flowId} is under way already`, 'Wait for it, or cancel it.');
      return show(await find(services, { tenantId, dryRunId }));
    },
  }),
  defineRoute({
    id: 'dry-runs.list',
    method: 'get',
    path: '/tenants/{tenantId}/dry-runs',
    summary: 'Dry runs of a tenant, newest first; the last fifty are kept',
    role: 'viewer',
    params: tenantParams,
    query: pageQuery,
    answer: pageOf(dryRun),
    async handle({ params: { tenantId }, query: { limit, cursor }, services: { store } }) {
      const before = cursor === undefined ? undefined : decodeCursor(cursor);
      return toPage({
        rows: await listDryRuns(store, tenantId, { before, limit: limit + 1 }),
        limit,
        keyOf: (row) => row.id,
        toItem: show,
      });
    },
  }),
  defineRoute({
    id: 'dry-runs.get',
    method: 'get',
    path: '/tenants/{tenantId}/dry-runs/{dryRunId}',
    summary: 'One dry run, with the first records of each outcome',
    role: 'viewer',
    params: dryRunParams,
    answer: dryRun.extend({ items: z.array(item) }),
    async handle({ params, services }) {
      const found = await find(services, params);
      return { ...show(found), items: found.items };
    },
  }),
  defineRoute({
    id: 'dry-runs.cancel',
    method: 'post',
    path: '/tenants/{tenantId}/dry-runs/{dryRunId}/cancel',
    summary: 'Ends a dry run; what it found so far is kept',
    role: 'operator',
    params: dryRunParams,
    answer: dryRun,
    async handle({ params, services }) {
      await find(services, params);
      if (!(await cancelDryRun(services.store, services.clock, params)))
        throw conflict('DRY_RUN_ENDED', `dry run ${params.dryRunId} has ended already`, 'There is nothing to do.');
      return show(await find(services, params));
    },
  }),
];

async function find({ store }: Services, { tenantId, dryRunId }: { tenantId: string; dryRunId: string }) {
  const found = await viewDryRun(store, tenantId, dryRunId);
  if (!found) throw notFound('dry run', dryRunId);
  return found;
}

function show({ report, range, error, requestedAt, startedAt, endedAt, ...run }: DryRun): z.input<typeof dryRun> {
  return {
    ...run,
    ...report,
    days: range,
    problem: error && { code: error.code, message: error.message, fix: error.fix ?? '' },
    requestedAt: isoTime(requestedAt),
    startedAt: isoTimeOrNull(startedAt),
    endedAt: isoTimeOrNull(endedAt),
  };
}
