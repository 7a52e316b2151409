import { z } from 'zod';
import { addEvent, listRuns, outcomesOfRun, requestRun } from '../../ledger/index.ts';
import type { RunRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { findIntegrationFlow, findRun } from '../find.ts';
import { id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';

const runModes = ['changes', 'sweep', 'full'] as const;
const flowId = z.string().min(1).max(80);
const runParams = tenantParams.extend({ runId: id('run') });

const run = z
  .object({
    id: id('run'),
    integrationId: id('integration'),
    flowId: z.string(),
    mode: z.enum([...runModes, 'replay']),
    trigger: z.enum(['schedule', 'manual', 'webhook', 'replay']),
    state: z.enum(['running', 'succeeded', 'failed', 'interrupted']),
    read: z.int(),
    new: z.int(),
    unchanged: z.int(),
    superseded: z.int(),
    progress: z.string(),
    problem: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
    startedAt: time,
    endedAt: timeOrNull,
  })
  .meta({ id: 'Run' });

export const runRoutes: Route[] = [
  defineRoute({
    id: 'runs.list',
    method: 'get',
    path: '/tenants/{tenantId}/runs',
    summary: 'Runs of a tenant, newest first',
    role: 'viewer',
    params: tenantParams,
    query: pageQuery.extend({ integrationId: id('integration').optional(), flowId: flowId.optional() }),
    answer: pageOf(run),
    async handle({ params: { tenantId }, query: { limit, cursor, integrationId, flowId }, services: { store } }) {
      const rows = await listRuns(store, {
        tenantId,
        ...(integrationId !== undefined && { integrationId }),
        ...(flowId !== undefined && { flowId }),
        ...(cursor !== undefined && { before: decodeCursor(cursor) }),
        limit: limit + 1,
      });
      return toPage({ rows, limit, keyOf: (row) => row.id, toItem: show });
    },
  }),
  defineRoute({
    id: 'runs.start',
    method: 'post',
    path: '/tenants/{tenantId}/runs',
    summary: 'Asks for a run now',
    description: 'It begins as soon as the flow is free. `sweep` looks at every key again; `full` forgets the cursor as well.',
    role: 'operator',
    params: tenantParams,
    body: z.strictObject({ integrationId: id('integration'), flowId, mode: z.enum(runModes).default('changes') }),
    answer: z.object({ integrationId: id('integration'), flowId: z.string(), requestedMode: z.enum(runModes) }),
    status: 202,
    audited: (body) => body,
    async handle({ params: { tenantId }, body: { mode, ...ref }, services }) {
      const flow = await findIntegrationFlow(services, { tenantId, ...ref });
      if (flow.enabled === 0 || flow.paused === 1)
        throw conflict(
          'FLOW_STANDS_STILL',
          `flow ${ref.flowId} is ${flow.enabled === 0 ? 'switched off' : 'paused'}`,
          flow.enabled === 0 ? 'Switch it on first.' : 'Resume it first.',
        );
      await requestRun(services.store, { tenantId, ...ref }, mode);
      return { ...ref, requestedMode: mode };
    },
  }),
  defineRoute({
    id: 'runs.cancel',
    method: 'post',
    path: '/tenants/{tenantId}/runs/{runId}/cancel',
    summary: 'Ends a run after its present batch',
    description: 'What it read is kept and goes out. The next run begins at its regular time and goes on from there.',
    role: 'operator',
    params: runParams,
    answer: run,
    status: 202,
    async handle({ params, caller, services: { store, clock } }) {
      const { tenantId } = params;
      const row = await findRun({ store }, params);
      if (row.state !== 'running') throw conflict('RUN_ENDED', `run ${row.id} has ended already`, 'There is nothing to do.');
      await store.db.transaction().execute((transaction) => {
        const event = { subjectId: row.id, tenantId, at: clock.now(), actor: actorOf(caller), kind: 'cancelled', data: null };
        return addEvent(transaction, event);
      });
      store.notify({ about: 'cancel', tenantId, id: row.id });
      return show(row);
    },
  }),
  defineRoute({
    id: 'runs.get',
    method: 'get',
    path: '/tenants/{tenantId}/runs/{runId}',
    summary: 'One run, with what became of the records it brought',
    role: 'viewer',
    params: runParams,
    answer: run.extend({ records: z.record(z.string(), z.int()).describe('How many records are in each state') }),
    async handle({ params, services }) {
      const row = await findRun(services, params);
      return { ...show(row), records: await outcomesOfRun(services.store, row.id) };
    },
  }),
];

function show(row: RunRow): z.input<typeof run> {
  const error = row.error_json === null ? null : (JSON.parse(row.error_json) as { code: string; message: string; fix?: string });
  return {
    id: row.id,
    integrationId: row.integration_id,
    flowId: row.flow_id,
    mode: row.mode as z.input<typeof run>['mode'],
    trigger: row.trigger as z.input<typeof run>['trigger'],
    state: row.state as z.input<typeof run>['state'],
    read: row.read_count,
    new: row.new_count,
    unchanged: row.unchanged_count,
    superseded: row.superseded_count,
    progress: row.progress,
    problem: error ? { code: error.code, message: error.message, fix: error.fix ?? '' } : null,
    startedAt: isoTime(row.started_at),
    endedAt: isoTimeOrNull(row.ended_at),
  };
}
