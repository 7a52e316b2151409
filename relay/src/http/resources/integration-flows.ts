import { z } from 'zod';
import { firstPlan, scheduleOf } from '../../engine/index.ts';
import { addEvent, wakeHeld } from '../../ledger/index.ts';
import { setFlowSettings } from '../../mapping/index.ts';
import type { ConnectionRow, IntegrationFlowRow, IntegrationRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { flowOf } from '../catalog-entries.ts';
import { checkFlowSettings } from '../flow-settings.ts';
import { findConnection, findIntegration, findIntegrationFlow } from '../find.ts';
import { changedFlow, flowId, newFlow, newFlowRow, refuseUnknownAge, scheduleJson } from '../integration-flows.ts';
import { flowRows, integration, showIntegration } from '../integration-view.ts';
import { id, tenantParams } from '../ids.ts';
import { conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const integrationParams = tenantParams.extend({ integrationId: id('integration') });
const flowParams = integrationParams.extend({ flowId });

export const integrationFlowRoutes: Route[] = [
  defineRoute({
    id: 'integrations.flows.add',
    method: 'post',
    path: '/tenants/{tenantId}/integrations/{integrationId}/flows',
    summary: 'Adds a flow to an integration',
    role: 'admin',
    params: integrationParams,
    body: newFlow,
    answer: integration,
    audited: (body) => body,
    async handle({ params, body, services }) {
      const { store } = services;
      const row = await findIntegration(services, params);
      const [source, target] = await connectionsOf(services, row);
      const flow = { ...newFlowRow(services, { source, target, given: body, at: [] }), integration_id: row.id };
      const present = await flowRows(services, row.id);
      if (present.some((one) => one.flow_id === flow.flow_id))
        throw conflict('FLOW_PRESENT', `integration ${row.name} has the flow ${flow.flow_id} already`, 'Change it instead.');
      await store.db.insertInto('integration_flow').values(flow).execute();
      store.notify({ about: 'work', tenantId: params.tenantId });
      return showIntegration(services, row);
    },
  }),
  defineRoute({
    id: 'integrations.flows.change',
    method: 'patch',
    path: '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}',
    summary: 'Changes settings or schedule of a flow, switches it on or off, pauses or resumes it',
    description: 'Records that were blocked by the old settings are mapped again.',
    role: 'admin',
    params: flowParams,
    body: changedFlow,
    answer: integration,
    audited: (body) => body,
    async handle({ params, body, caller, services }) {
      const { store, clock } = services;
      const row = await findIntegration(services, params);
      const present = await findIntegrationFlow(services, params);
      if (body.posting !== undefined) refuseUnknownAge(flowOf(services, params.flowId), body.posting);
      if (body.settings) {
        checkFlowSettings(flowOf(services, params.flowId), body.settings, []);
        await setFlowSettings(store, clock, { ...params, settings: body.settings, actor: actorOf(caller) });
      }
      const news = {
        ...(body.enabled !== undefined && { enabled: body.enabled ? 1 : 0 }),
        ...(body.paused !== undefined && { paused: body.paused ? 1 : 0 }),
        ...(body.schedule !== undefined && newSchedule(services, present, body.schedule)),
        ...(body.posting !== undefined && { posting_json: body.posting && JSON.stringify(body.posting) }),
      };
      if (Object.keys(news).length > 0) await changeFlow(services, params, { news, actor: actorOf(caller) });
      store.notify({ about: 'work', tenantId: params.tenantId });
      return showIntegration(services, row);
    },
  }),
  defineRoute({
    id: 'integrations.flows.post-now',
    method: 'post',
    path: '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/post-now',
    summary: "Posts now what is there, whatever the posting schedule and the close calendar's freezes say",
    description: 'Holds for what was read up to now; what is read later waits as before. Blackouts, and the need for approval, stay.',
    role: 'operator',
    params: flowParams,
    body: z.strictObject({ reason: z.string().trim().min(1).max(500) }),
    answer: integration,
    audited: (body) => body,
    async handle({ params, body: { reason }, caller, services }) {
      const { store, clock } = services;
      const row = await findIntegration(services, params);
      await findIntegrationFlow(services, params);
      const at = clock.now();
      await store.transaction(async (transaction) => {
        await transaction
          .updateTable('integration_flow')
          .set({ post_now_at: at })
          .where('integration_id', '=', row.id)
          .where('flow_id', '=', params.flowId)
          .execute();
        const data = { flowId: params.flowId, reason };
        await addEvent(transaction, { subjectId: row.id, tenantId: row.tenant_id, at, actor: actorOf(caller), kind: 'posted now', data });
      });
      store.notify({ about: 'work', tenantId: params.tenantId });
      return showIntegration(services, row);
    },
  }),
];

/** Changes a flow; what its old rules held for approval is looked at anew. */
async function changeFlow(
  { store, clock }: Services,
  { tenantId, integrationId, flowId: id }: z.output<typeof flowParams>,
  { news, actor }: { news: Partial<IntegrationFlowRow>; actor: string },
): Promise<void> {
  await store.transaction(async (transaction) => {
    await transaction
      .updateTable('integration_flow')
      .set(news)
      .where('integration_id', '=', integrationId)
      .where('flow_id', '=', id)
      .execute();
    if (news.posting_json === undefined) return;
    await wakeHeld(transaction, clock, {
      tenantId,
      integrationId,
      flowId: id,
      codes: ['BUSINESS_AGE'],
      actor,
      why: 'the rules of posting changed',
    });
  });
}

function newSchedule(
  services: Services,
  present: IntegrationFlowRow,
  given: Exclude<z.output<typeof changedFlow>['schedule'], undefined>,
): Pick<IntegrationFlowRow, 'schedule_json' | 'next_run_at' | 'next_sweep_at'> {
  const schedule_json = scheduleJson(given);
  const schedule = scheduleOf(flowOf(services, present.flow_id), { schedule_json });
  return { schedule_json, ...firstPlan(schedule, present.next_sweep_at, services.clock.now()) };
}

async function connectionsOf(services: Services, row: IntegrationRow): Promise<[source: ConnectionRow, target: ConnectionRow]> {
  const { tenant_id: tenantId, source_connection_id, target_connection_id } = row;
  return [
    await findConnection(services, { tenantId, connectionId: source_connection_id }),
    await findConnection(services, { tenantId, connectionId: target_connection_id }),
  ];
}
