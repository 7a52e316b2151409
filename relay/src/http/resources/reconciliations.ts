import { z } from 'zod';
import { changePlan, findPlan, plannedRange, planSettings, reconciliationSettings } from '../../engine/index.ts';
import { differencesOf, listReconciliations, requestReconciliation, slicesOf } from '../../ledger/index.ts';
import type { ReconciliationPlanRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { flowOf } from '../catalog-entries.ts';
import { findIntegrationFlow, findReconciliation } from '../find.ts';
import { id, isoTimeOrNull, tenantParams, timeOrNull } from '../ids.ts';
import { flowId } from '../integration-flows.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { ApiError, conflict } from '../problem.ts';
import { difference, reconciliation, showDifference, showReconciliation, showSlice, slice } from '../reconciliation-view.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { day, refuseBackwardDays } from '../timing-fields.ts';

const reconciliationParams = tenantParams.extend({ reconciliationId: id('reconciliation') });
const flowParams = tenantParams.extend({ integrationId: id('integration'), flowId });

/** Longer ranges read more than a night allows. */
const mostDays = 366;

const newReconciliation = z.strictObject({
  integrationId: id('integration'),
  flowId,
  days: z
    .strictObject({ first: day, last: day })
    .superRefine(refuseBackwardDays)
    .superRefine(({ first, last }, context) => {
      if (Date.parse(last) - Date.parse(first) > mostDays * 86_400_000)
        context.addIssue({ code: 'custom', path: ['last'], message: `must be within ${mostDays} days of first` });
    })
    .optional()
    .describe('Business days, both included; default: the months of the plan, up to today'),
});

const plan = reconciliationSettings
  .extend({ nextAt: timeOrNull.describe('null: not by itself, or planned as soon as the flow runs') })
  .meta({ id: 'ReconciliationPlan' });

export const reconciliationRoutes: Route[] = [
  defineRoute({
    id: 'reconciliations.start',
    method: 'post',
    path: '/tenants/{tenantId}/reconciliations',
    summary: 'Compares source, ledger and target of a flow over some days',
    description: 'It begins as soon as both connections answer. There is one at a time per flow.',
    role: 'operator',
    params: tenantParams,
    body: newReconciliation,
    answer: reconciliation,
    status: 202,
    audited: (body) => body,
    async handle({ params: { tenantId }, body: { days, ...ref }, caller, services }) {
      const { store, clock } = services;
      const flow = await findIntegrationFlow(services, { tenantId, ...ref });
      refuseWithoutComparison(services, ref.flowId);
      if (flow.enabled === 0 || flow.paused === 1)
        throw conflict('FLOW_STANDS_STILL', `flow ${ref.flowId} is ${flow.enabled === 0 ? 'switched off' : 'paused'}`, 'Let it run first.');
      const settings = planSettings(await findPlan(store, { tenantId, ...ref }));
      const range = days ?? plannedRange(settings, clock.now());
      const { row, isNew } = await requestReconciliation(store, clock, {
        flow: { tenantId, ...ref },
        range,
        trigger: 'manual',
        actor: actorOf(caller),
      });
      if (isNew) return showReconciliation(row);
      throw conflict('RECONCILIATION_OPEN', `reconciliation ${row.id} of this flow is ${row.state}`, 'Wait until it has ended.');
    },
  }),
  defineRoute({
    id: 'reconciliations.list',
    method: 'get',
    path: '/tenants/{tenantId}/reconciliations',
    summary: 'Reconciliations of a tenant, newest first',
    role: 'viewer',
    params: tenantParams,
    query: pageQuery.extend({ integrationId: id('integration').optional(), flowId: flowId.optional() }),
    answer: pageOf(reconciliation),
    async handle({ params: { tenantId }, query: { limit, cursor, integrationId, flowId: ofFlow }, services: { store } }) {
      const rows = await listReconciliations(store, {
        tenantId,
        ...(integrationId !== undefined && { integrationId }),
        ...(ofFlow !== undefined && { flowId: ofFlow }),
        ...(cursor !== undefined && { before: decodeCursor(cursor) }),
        limit: limit + 1,
      });
      return toPage({ rows, limit, keyOf: (row) => row.id, toItem: showReconciliation });
    },
  }),
  defineRoute({
    id: 'reconciliations.get',
    method: 'get',
    path: '/tenants/{tenantId}/reconciliations/{reconciliationId}',
    summary: 'One reconciliation, with counts and sums of all three sides',
    role: 'viewer',
    params: reconciliationParams,
    answer: reconciliation.extend({ slices: z.array(slice) }),
    async handle({ params, services }) {
      const row = await findReconciliation(services, params);
      return { ...showReconciliation(row), slices: (await slicesOf(services.store, row.id)).map(showSlice) };
    },
  }),
  defineRoute({
    id: 'reconciliations.differences',
    method: 'get',
    path: '/tenants/{tenantId}/reconciliations/{reconciliationId}/differences',
    summary: 'What differs, down to the document; the first thousand of each slice are kept',
    role: 'viewer',
    params: reconciliationParams,
    query: pageQuery,
    answer: pageOf(difference),
    async handle({ params, query: { limit, cursor }, services }) {
      const row = await findReconciliation(services, params);
      const after = cursor === undefined ? 0 : Number(decodeCursor(cursor));
      if (!Number.isSafeInteger(after)) throw new ApiError(400, 'QUERY_INVALID', 'cursor is not one that a page has answered');
      const rows = await differencesOf(services.store, { reconciliationId: row.id, after, limit: limit + 1 });
      const slices = new Map((await slicesOf(services.store, row.id)).map(({ number, name }) => [number, name]));
      const toItem = (one: (typeof rows)[number]) => showDifference(one, slices.get(one.slice_number) ?? '');
      return toPage({ rows, limit, keyOf: ({ number }) => String(number), toItem });
    },
  }),
  defineRoute({
    id: 'reconciliation-plan.get',
    method: 'get',
    path: '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/reconciliation-plan',
    summary: 'When a flow is compared by itself, and how far back',
    role: 'viewer',
    params: flowParams,
    answer: plan,
    async handle({ params, services }) {
      await findIntegrationFlow(services, params);
      return showPlan(await findPlan(services.store, params));
    },
  }),
  defineRoute({
    id: 'reconciliation-plan.change',
    method: 'put',
    path: '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/reconciliation-plan',
    summary: 'Sets when a flow is compared by itself, and how far back; what is left out takes its default',
    role: 'admin',
    params: flowParams,
    body: reconciliationSettings,
    answer: plan,
    audited: (body) => body,
    async handle({ params, body, services }) {
      const { store, clock } = services;
      await findIntegrationFlow(services, params);
      refuseWithoutComparison(services, params.flowId);
      const row = await changePlan(store, clock, params, body);
      store.notify({ about: 'work', tenantId: params.tenantId });
      return showPlan(row);
    },
  }),
];

function refuseWithoutComparison(services: Services, ofFlow: string): void {
  if (flowOf(services, ofFlow).reconcile) return;
  throw conflict('NO_RECONCILIATION', `flow ${ofFlow} has nothing to compare by days`, 'A sweep of this flow looks at every key.');
}

function showPlan(row: ReconciliationPlanRow | undefined): z.input<typeof plan> {
  const settings = planSettings(row);
  return { ...settings, nextAt: isoTimeOrNull(settings.enabled ? row?.next_at : null) };
}
