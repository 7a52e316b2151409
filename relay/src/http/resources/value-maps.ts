import { z } from 'zod';
import { refreshCodes } from '../../engine/index.ts';
import {
  deleteEntry,
  missingPolicies,
  setEntries,
  setPolicy,
  valueMapsOf,
  viewValueMap,
  type ValueMapSpec,
  type ValueMapView,
} from '../../mapping/index.ts';
import { actorOf } from '../caller.ts';
import { flowOf } from '../catalog-entries.ts';
import { findIntegration } from '../find.ts';
import { id, isoTime, tenantParams, time } from '../ids.ts';
import { ApiError, notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const integrationParams = tenantParams.extend({ integrationId: id('integration') });
const valueMapId = z
  .string()
  .regex(/^[a-z0-9-]{1,80}$/, { error: 'is not written as the id of a value map' })
  .describe('Id of a value map, as the flow names it');
export const mapParams = integrationParams.extend({ valueMapId });
const code = z.string().min(1).max(500);
const named = { from: z.string(), fromName: z.string(), to: z.string(), toName: z.string() };

const missingEntry = z
  .object({
    code: z.string(),
    name: z.string(),
    records: z.int().describe('Records that an entry would free'),
    examples: z.array(z.string()),
  })
  .meta({ id: 'MissingEntry' });

export const valueMap = z
  .object({
    id: z.string(),
    title: z.string(),
    from: z.string(),
    to: z.string(),
    missing: z.enum(missingPolicies).describe('What happens to a code without entry'),
    defaultCode: z.string().nullable(),
    entries: z.array(z.object(named)),
    missingEntries: z.array(missingEntry),
    proposals: z.array(z.object({ ...named, why: z.string() })),
    targetCodes: z.array(z.object({ code: z.string(), name: z.string() })),
  })
  .meta({ id: 'ValueMap' });

export const releasedFields = {
  released: z.int().describe('Records that go out now'),
  changedAt: time.describe('`value-maps.released` tells what became of them since'),
};

export const valueMapRoutes: Route[] = [
  defineRoute({
    id: 'value-maps.list',
    method: 'get',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps',
    summary: 'Value maps of an integration with entries, missing entries and proposals',
    role: 'viewer',
    params: integrationParams,
    answer: z.object({ items: z.array(valueMap) }),
    async handle({ params, services }) {
      await findIntegration(services, params);
      const specs = await specsOf(services, params.integrationId);
      return { items: await Promise.all(specs.map(async (spec) => show(await viewValueMap(services.store, params.integrationId, spec)))) };
    },
  }),
  defineRoute({
    id: 'value-maps.get',
    method: 'get',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}',
    summary: 'One value map',
    role: 'viewer',
    params: mapParams,
    answer: valueMap,
    etag: ({ entries, missing, defaultCode }) => ({ entries: entries.map(({ from, to }) => [from, to]), missing, defaultCode }),
    handle: async ({ params, services }) => loadValueMap(services, params),
  }),
  defineRoute({
    id: 'value-maps.entries.put',
    edits: 'value-maps.get',
    method: 'put',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/entries',
    summary: 'Adds or replaces entries; blocked records that waited for them go out by themselves',
    role: 'operator',
    params: mapParams,
    body: z.strictObject({
      entries: z
        .array(z.strictObject({ from: code, to: code }))
        .min(1)
        .max(10_000),
    }),
    answer: z.object({ ...releasedFields, valueMap }),
    audited: ({ entries }) => ({ entries: entries.length }),
    async handle({ params, body: { entries }, caller, services }) {
      const { id: valueMapId } = await loadValueMap(services, params);
      const changedAt = isoTime(services.clock.now());
      const released = await setEntries(services.store, services.clock, { ...params, valueMapId, entries, actor: actorOf(caller) });
      return { released, changedAt, valueMap: await loadValueMap(services, params) };
    },
  }),
  defineRoute({
    id: 'value-maps.entries.delete',
    edits: 'value-maps.get',
    method: 'delete',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/entries',
    summary: 'Takes an entry away; records mapped from now on miss it',
    role: 'operator',
    params: mapParams,
    query: z.strictObject({ from: code }),
    status: 204,
    async handle({ params, query: { from }, caller, services }) {
      await loadValueMap(services, params);
      const existed = await deleteEntry(services.store, services.clock, { ...params, from, actor: actorOf(caller) });
      if (!existed) throw notFound('entry for', from);
    },
  }),
  defineRoute({
    id: 'value-maps.policy',
    edits: 'value-maps.get',
    method: 'put',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps/{valueMapId}/policy',
    summary: 'Decides what happens to codes without entry',
    role: 'admin',
    params: mapParams,
    body: z.strictObject({ missing: z.enum(missingPolicies), defaultCode: code.nullable().default(null) }),
    answer: z.object({ ...releasedFields, valueMap }),
    audited: (body) => body,
    async handle({ params, body, caller, services }) {
      await loadValueMap(services, params);
      if ((body.missing === 'default') !== (body.defaultCode !== null))
        throw new ApiError(400, 'BODY_INVALID', 'defaultCode belongs to the policy "default", and only to it', {
          errors: [{ path: 'defaultCode', message: body.defaultCode === null ? 'is missing' : 'has no meaning with this policy' }],
          fix: 'Give defaultCode together with missing: default.',
        });
      const changedAt = isoTime(services.clock.now());
      const released = await setPolicy(services.store, services.clock, { ...params, ...body, actor: actorOf(caller) });
      return { released, changedAt, valueMap: await loadValueMap(services, params) };
    },
  }),
  defineRoute({
    id: 'value-maps.refresh',
    method: 'post',
    path: '/tenants/{tenantId}/integrations/{integrationId}/value-maps/refresh',
    summary: 'Reads the codes and names of both systems anew, and proposes pairs',
    role: 'operator',
    params: integrationParams,
    answer: z.object({ items: z.array(valueMap) }),
    async handle({ params, services, signal }) {
      const { store, sessions } = services;
      await findIntegration(services, params);
      for (const flowId of await flowIdsOf(services, params.integrationId)) {
        const scope = { signal, context: { flowId }, trace: () => undefined };
        await refreshCodes({ store, sessions }, { ref: { ...params, flowId }, flow: flowOf(services, flowId), scope });
      }
      const specs = await specsOf(services, params.integrationId);
      return { items: await Promise.all(specs.map(async (spec) => show(await viewValueMap(store, params.integrationId, spec)))) };
    },
  }),
];

interface MapRef {
  tenantId: string;
  integrationId: string;
  valueMapId: string;
}

export async function loadValueMap(services: Services, { tenantId, integrationId, valueMapId }: MapRef): Promise<z.input<typeof valueMap>> {
  await findIntegration(services, { tenantId, integrationId });
  const spec = (await specsOf(services, integrationId)).find((one) => one.id === valueMapId);
  if (!spec) throw notFound('value map in this integration', valueMapId);
  return show(await viewValueMap(services.store, integrationId, spec));
}

async function specsOf(services: Services, integrationId: string): Promise<ValueMapSpec[]> {
  return valueMapsOf(services.flows, await flowIdsOf(services, integrationId));
}

async function flowIdsOf({ store }: Services, integrationId: string): Promise<string[]> {
  const rows = await store.db.selectFrom('integration_flow').select('flow_id').where('integration_id', '=', integrationId).execute();
  return rows.map((row) => row.flow_id);
}

function show({ spec, ...view }: ValueMapView): z.input<typeof valueMap> {
  return { ...spec, ...view };
}
