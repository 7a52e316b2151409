import { setFlowSettings } from '../../mapping/index.ts';
import type { ConnectionRow, IntegrationRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { flowOf } from '../catalog-entries.ts';
import { checkFlowSettings } from '../flow-settings.ts';
import { findConnection, findIntegration, findIntegrationFlow } from '../find.ts';
import { changedFlow, flowId, newFlow, newFlowRow, scheduleJson } from '../integration-flows.ts';
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
      await findIntegrationFlow(services, params);
      if (body.settings) {
        checkFlowSettings(flowOf(services, params.flowId), body.settings, []);
        await setFlowSettings(store, clock, { ...params, settings: body.settings, actor: actorOf(caller) });
      }
      const news = {
        ...(body.enabled !== undefined && { enabled: body.enabled ? 1 : 0 }),
        ...(body.paused !== undefined && { paused: body.paused ? 1 : 0 }),
        ...(body.schedule !== undefined && { schedule_json: scheduleJson(body.schedule), next_run_at: clock.now() }),
      };
      if (Object.keys(news).length > 0)
        await store.db
          .updateTable('integration_flow')
          .set(news)
          .where('integration_id', '=', row.id)
          .where('flow_id', '=', params.flowId)
          .execute();
      store.notify({ about: 'work', tenantId: params.tenantId });
      return showIntegration(services, row);
    },
  }),
];

async function connectionsOf(services: Services, row: IntegrationRow): Promise<[source: ConnectionRow, target: ConnectionRow]> {
  const { tenant_id: tenantId, source_connection_id, target_connection_id } = row;
  return [
    await findConnection(services, { tenantId, connectionId: source_connection_id }),
    await findConnection(services, { tenantId, connectionId: target_connection_id }),
  ];
}
