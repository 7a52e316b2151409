import { z } from 'zod';
import { cancelRequest, requestRun, type RunRequestState } from '../../ledger/index.ts';
import type { RunRequestRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { flowOf } from '../catalog-entries.ts';
import { findIntegrationFlow, findRunRequest } from '../find.ts';
import { id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { ApiError, conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { daysOrNull, run, runModes, showDays, showRun } from '../run-view.ts';
import type { Services } from '../services.ts';
import { day, refuseBackwardDays } from '../timing-fields.ts';

const requestParams = tenantParams.extend({ requestId: id('runRequest') });

const newRequest = z.strictObject({
  integrationId: id('integration'),
  flowId: z.string().min(1).max(80),
  mode: z.enum(runModes).default('changes'),
  days: z.strictObject({ first: day, last: day }).superRefine(refuseBackwardDays).optional().describe('With mode `backfill`'),
});

const request = z
  .object({
    id: id('runRequest'),
    integrationId: id('integration'),
    flowId: z.string(),
    mode: z.enum(runModes),
    days: daysOrNull,
    state: z
      .enum(['waiting', 'running', 'succeeded', 'failed', 'interrupted', 'cancelled'])
      .describe('`interrupted`: its run was cut off, and the flow goes on by itself'),
    run: run.nullable().describe('The newest run that took it up; null also when it was removed because of its age'),
    requestedAt: time,
    notBefore: timeOrNull.describe('When it is tried again, after a run for it failed'),
    endedAt: timeOrNull,
  })
  .meta({ id: 'RunRequest' });

export const runRequestRoutes: Route[] = [
  defineRoute({
    id: 'runs.start',
    method: 'post',
    path: '/tenants/{tenantId}/runs',
    summary: 'Asks for a run now',
    description:
      'It begins as soon as the flow is free; follow it at `/run-requests/{id}`. `sweep` looks at every key again; `full` forgets the cursor ' +
      'as well; `backfill` reads the given business days and leaves the cursor alone.',
    role: 'operator',
    params: tenantParams,
    body: newRequest,
    answer: request,
    status: 202,
    audited: (body) => body,
    async handle({ params: { tenantId }, body: { mode, days, ...ref }, caller, services }) {
      const flow = await findIntegrationFlow(services, { tenantId, ...ref });
      if (flow.enabled === 0 || flow.paused === 1)
        throw conflict(
          'FLOW_STANDS_STILL',
          `flow ${ref.flowId} is ${flow.enabled === 0 ? 'switched off' : 'paused'}`,
          flow.enabled === 0 ? 'Switch it on first.' : 'Resume it first.',
        );
      refuseUnfitDays(services, ref.flowId, { mode, days });
      const { store, clock } = services;
      const row = await requestRun(store, clock, {
        flow: { tenantId, ...ref },
        mode,
        actor: actorOf(caller),
        ...(days && { range: days }),
      });
      return show(services, row);
    },
  }),
  defineRoute({
    id: 'run-requests.list',
    method: 'get',
    path: '/tenants/{tenantId}/run-requests',
    summary: 'Runs that were asked for, newest first',
    role: 'viewer',
    params: tenantParams,
    query: pageQuery,
    answer: pageOf(request),
    async handle({ params: { tenantId }, query: { limit, cursor }, services }) {
      let rows = services.store.db
        .selectFrom('run_request')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (cursor !== undefined) rows = rows.where('id', '<', decodeCursor(cursor));
      const page = toPage({ rows: await rows.execute(), limit, keyOf: (row) => row.id, toItem: (row) => row });
      return { ...page, items: await Promise.all(page.items.map((row) => show(services, row))) };
    },
  }),
  defineRoute({
    id: 'run-requests.get',
    method: 'get',
    path: '/tenants/{tenantId}/run-requests/{requestId}',
    summary: 'One request, with the run that took it up',
    role: 'viewer',
    params: requestParams,
    answer: request,
    handle: async ({ params, services }) => show(services, await findRunRequest(services, params)),
  }),
  defineRoute({
    id: 'run-requests.cancel',
    method: 'post',
    path: '/tenants/{tenantId}/run-requests/{requestId}/cancel',
    summary: 'Takes back a request that no run has taken up',
    role: 'operator',
    params: requestParams,
    answer: request,
    async handle({ params, caller, services }) {
      const row = await findRunRequest(services, params);
      const { store, clock } = services;
      if (!(await cancelRequest(store, clock, { ...params, actor: actorOf(caller) })))
        throw conflict(
          'REQUEST_TAKEN_UP',
          `the request is ${row.state === 'waiting' ? 'running' : row.state} already`,
          'Cancel its run, if it has not ended.',
        );
      return show(services, await findRunRequest(services, params));
    },
  }),
];

export function refuseUnfitDays(
  services: Services,
  flowId: string,
  { mode, days }: Pick<z.output<typeof newRequest>, 'mode' | 'days'>,
): void {
  if (mode !== 'backfill' && !days) return;
  const fault = (path: string, message: string): ApiError =>
    new ApiError(400, 'BODY_INVALID', `${path} ${message}`, {
      errors: [{ path, message }],
      fix: 'Give days with mode backfill, and only with it.',
    });
  if (mode !== 'backfill') throw fault('days', 'belongs to mode backfill');
  if (!days) throw fault('days', 'is missing: a backfill needs its first and last day');
  if (flowOf(services, flowId).canBackfill) return;
  throw conflict(
    'BACKFILL_UNKNOWN',
    `flow ${flowId} cannot read a range of days`,
    'Ask for a sweep, or for everything anew with mode full.',
  );
}

async function show(services: Services, row: RunRequestRow): Promise<z.input<typeof request>> {
  const runs = services.store.db.selectFrom('run').selectAll();
  const taken = row.run_id === null ? undefined : await runs.where('id', '=', row.run_id).executeTakeFirst();
  return {
    id: row.id,
    integrationId: row.integration_id,
    flowId: row.flow_id,
    mode: row.mode as z.input<typeof request>['mode'],
    days: showDays(row),
    state: row.state as RunRequestState,
    run: taken ? showRun(taken) : null,
    requestedAt: isoTime(row.requested_at),
    notBefore: isoTimeOrNull(row.state === 'waiting' && row.failures > 0 ? row.not_before : null),
    endedAt: isoTimeOrNull(row.ended_at),
  };
}
