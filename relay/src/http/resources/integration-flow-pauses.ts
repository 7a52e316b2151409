import { findIntegration, findIntegrationFlow } from '../find.ts';
import { id, tenantParams } from '../ids.ts';
import { flowId } from '../integration-flows.ts';
import { integration, showIntegration } from '../integration-view.ts';
import { defineRoute, type Route } from '../route.ts';

const flowParams = tenantParams.extend({ integrationId: id('integration'), flowId });

/** What an operator may do to one flow; its settings and its switch are the administrator's. */
export const integrationFlowPauseRoutes: Route[] = (['pause', 'resume'] as const).map((action) =>
  defineRoute({
    id: `integrations.flows.${action}`,
    method: 'post',
    path: `/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/${action}`,
    summary:
      action === 'pause'
        ? 'Pauses one flow: its run ends after the present batch, nothing more is sent until it is resumed'
        : 'Resumes one flow where it stopped',
    role: 'operator',
    params: flowParams,
    answer: integration,
    async handle({ params, services }) {
      const { store } = services;
      const row = await findIntegration(services, params);
      const flow = await findIntegrationFlow(services, params);
      await store.db
        .updateTable('integration_flow')
        .set({ paused: action === 'pause' ? 1 : 0 })
        .where('integration_id', '=', row.id)
        .where('flow_id', '=', flow.flow_id)
        .execute();
      store.notify({ about: 'work', tenantId: params.tenantId });
      return showIntegration(services, row);
    },
  }),
);
