import { z } from 'zod';
import { nextStates, type RecordState } from '../../ledger/index.ts';
import { countsKey, countValueMaps, missingPolicies, policyOf, releasedRecords, valueMapsOf } from '../../mapping/index.ts';
import { id, tenantParams, time } from '../ids.ts';
import { defineRoute, type Route } from '../route.ts';
import { loadValueMap, mapParams } from './value-maps.ts';

const states = Object.keys(nextStates) as [RecordState, ...RecordState[]];

const summary = z
  .object({
    integrationId: id('integration'),
    integrationName: z.string(),
    id: z.string(),
    title: z.string(),
    missing: z.enum(missingPolicies).describe('What happens to a code without entry'),
    entries: z.int(),
    missingCodes: z.int().describe('Codes without entry that records wait for'),
    waitingRecords: z.int().describe('Records that wait for them'),
  })
  .meta({ id: 'ValueMapSummary' });

/** What stands above the single value map. */
export const valueMapOverviewRoutes: Route[] = [
  defineRoute({
    id: 'value-maps.overview',
    method: 'get',
    path: '/tenants/{tenantId}/value-maps',
    summary: 'Value maps of all integrations, those that hold up most records first',
    role: 'viewer',
    params: tenantParams,
    answer: z.object({ items: z.array(summary) }),
    async handle({ params: { tenantId }, services: { store, flows } }) {
      const rows = await store.db
        .selectFrom('integration_flow')
        .innerJoin('integration', 'integration.id', 'integration_flow.integration_id')
        .select(['integration.id', 'integration.name', 'integration_flow.flow_id'])
        .where('integration.tenant_id', '=', tenantId)
        .execute();
      const counts = await countValueMaps(store, tenantId);
      const maps = [...Map.groupBy(rows, (row) => row.id)].flatMap(([integrationId, of]) =>
        valueMapsOf(
          flows,
          of.map((row) => row.flow_id),
        ).map((spec) => ({ integrationId, integrationName: of[0]?.name ?? '', spec })),
      );
      const items = await Promise.all(
        maps.map(async ({ integrationId, integrationName, spec }) => ({
          integrationId,
          integrationName,
          id: spec.id,
          title: spec.title,
          missing: (await policyOf(store, integrationId, spec)).missing,
          ...(counts.get(countsKey(integrationId, spec.id)) ?? { entries: 0, missingCodes: 0, waitingRecords: 0 }),
        })),
      );
      return { items: items.toSorted((one, other) => other.waitingRecords - one.waitingRecords || nameOrder(one, other)) };
    },
  }),
  defineRoute({
    id: 'value-maps.released',
    method: 'get',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/released',
    summary: 'What became of the records that were released by changes of a value map',
    role: 'viewer',
    params: mapParams,
    query: z.strictObject({ since: time.describe('`changedAt`, as the change answered it') }),
    answer: z.object({ items: z.array(z.object({ state: z.enum(states), records: z.int() })).describe('States without any are left out') }),
    async handle({ params, query: { since }, services }) {
      await loadValueMap(services, params);
      const found = await releasedRecords(services.store, { ...params, since: Date.parse(since) });
      return { items: states.flatMap((state) => (found[state] === undefined ? [] : [{ state, records: found[state] }])) };
    },
  }),
];

interface Named {
  integrationName: string;
  title: string;
}

function nameOrder(one: Named, other: Named): number {
  return one.integrationName.localeCompare(other.integrationName) || one.title.localeCompare(other.title);
}
