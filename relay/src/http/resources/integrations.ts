import { z } from 'zod';
import { newId, type IntegrationRow } from '../../store/index.ts';
import { findConnection, findIntegration } from '../find.ts';
import { newFlow, newFlowRow } from '../integration-flows.ts';
import { integration, showIntegration } from '../integration-view.ts';
import { displayName, id, tenantParams } from '../ids.ts';
import { listNamed, namedQuery } from '../named-list.ts';
import { pageOf } from '../paging.ts';
import { conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const integrationParams = tenantParams.extend({ integrationId: id('integration') });
const newIntegration = z.strictObject({
  name: displayName,
  sourceConnectionId: id('connection'),
  targetConnectionId: id('connection'),
  flows: z.array(newFlow).max(50).default([]),
});

export const integrationRoutes: Route[] = [
  defineRoute({
    id: 'integrations.list',
    method: 'get',
    path: '/tenants/{tenantId}/integrations',
    summary: 'Integrations of a tenant with their flows',
    role: 'viewer',
    params: tenantParams,
    query: namedQuery,
    answer: pageOf(integration),
    async handle({ params: { tenantId }, query, services }) {
      const page = await listNamed(services.store, 'integration', { tenantId, ...query }, (row) => row);
      return { ...page, items: await Promise.all(page.items.map((row) => showIntegration(services, row))) };
    },
  }),
  defineRoute({
    id: 'integrations.create',
    method: 'post',
    path: '/tenants/{tenantId}/integrations',
    summary: 'Makes an integration: two connections and the flows switched on between them',
    role: 'admin',
    params: tenantParams,
    body: newIntegration,
    answer: integration,
    status: 201,
    audited: (body) => body,
    async handle({ params: { tenantId }, body, services }) {
      const { store, clock } = services;
      const source = await findConnection(services, { tenantId, connectionId: body.sourceConnectionId });
      const target = await findConnection(services, { tenantId, connectionId: body.targetConnectionId });
      await refuseTakenName(services, tenantId, body.name);
      const integrationId = newId('integration', clock.now());
      const flows = body.flows.map((flow, place) => ({
        ...newFlowRow(services, { source, target, given: flow, at: ['flows', place] }),
        integration_id: integrationId,
      }));
      const row: IntegrationRow = {
        id: integrationId,
        tenant_id: tenantId,
        name: body.name,
        source_connection_id: source.id,
        target_connection_id: target.id,
        created_at: clock.now(),
        changed_at: clock.now(),
      };
      await store.transaction(async (transaction) => {
        await transaction.insertInto('integration').values(row).execute();
        if (flows.length > 0) await transaction.insertInto('integration_flow').values(flows).execute();
      });
      store.notify({ about: 'work', tenantId });
      return showIntegration(services, row);
    },
  }),
  defineRoute({
    id: 'integrations.get',
    method: 'get',
    path: '/tenants/{tenantId}/integrations/{integrationId}',
    summary: 'One integration',
    role: 'viewer',
    params: integrationParams,
    answer: integration,
    handle: async ({ params, services }) => showIntegration(services, await findIntegration(services, params)),
  }),
  defineRoute({
    id: 'integrations.rename',
    method: 'patch',
    path: '/tenants/{tenantId}/integrations/{integrationId}',
    summary: 'Renames an integration',
    role: 'admin',
    params: integrationParams,
    body: z.strictObject({ name: displayName }),
    answer: integration,
    audited: ({ name }) => ({ name }),
    async handle({ params, body: { name }, services }) {
      const row = await findIntegration(services, params);
      if (row.name !== name) await refuseTakenName(services, params.tenantId, name);
      const news = { name, changed_at: services.clock.now() };
      await services.store.db.updateTable('integration').set(news).where('id', '=', row.id).execute();
      return showIntegration(services, { ...row, ...news });
    },
  }),
  ...(['pause', 'resume'] as const).map((action) =>
    defineRoute({
      id: `integrations.${action}`,
      method: 'post',
      path: `/tenants/{tenantId}/integrations/{integrationId}/${action}`,
      summary:
        action === 'pause'
          ? 'Pauses all flows: runs end after their present batch, nothing more is sent until they are resumed'
          : 'Resumes all flows where they stopped',
      role: 'operator',
      params: integrationParams,
      answer: integration,
      async handle({ params, services }) {
        const { store } = services;
        const row = await findIntegration(services, params);
        const news = { paused: action === 'pause' ? 1 : 0 };
        await store.db.updateTable('integration_flow').set(news).where('integration_id', '=', row.id).execute();
        store.notify({ about: 'work', tenantId: params.tenantId });
        return showIntegration(services, row);
      },
    }),
  ),
];

async function refuseTakenName({ store }: Services, tenantId: string, name: string): Promise<void> {
  const taken = await store.db
    .selectFrom('integration')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (taken) throw conflict('NAME_TAKEN', `there is an integration "${name}" already`, 'Choose another name.');
}
