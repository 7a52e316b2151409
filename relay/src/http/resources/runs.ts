import { z } from 'zod';
import { addEvent, listRuns, outcomesOfRun } from '../../ledger/index.ts';
import { actorOf } from '../caller.ts';
import { findRun } from '../find.ts';
import { id, tenantParams } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import { run, showRun } from '../run-view.ts';

const flowId = z.string().min(1).max(80);
const runParams = tenantParams.extend({ runId: id('run') });

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
      return toPage({ rows, limit, keyOf: (row) => row.id, toItem: showRun });
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
      await store.transaction((transaction) => {
        const event = { subjectId: row.id, tenantId, at: clock.now(), actor: actorOf(caller), kind: 'cancelled', data: null };
        return addEvent(transaction, event);
      });
      store.notify({ about: 'cancel', tenantId, id: row.id });
      return showRun(row);
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
      return { ...showRun(row), records: await outcomesOfRun(services.store, row.id) };
    },
  }),
];
