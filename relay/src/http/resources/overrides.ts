import { z } from 'zod';
import { actorNames } from '../../audit/index.ts';
import { currentOverrides, findVersion, listOverrideSets, saveOverrides, type FieldOverride } from '../../mapping/index.ts';
import { previewOverrides } from '../../trials/index.ts';
import { actorOf } from '../caller.ts';
import { flowOf } from '../catalog-entries.ts';
import { checkOverrides, overrideList, overridesShown } from '../check-overrides.ts';
import { findIntegrationFlow } from '../find.ts';
import { flowId } from '../integration-flows.ts';
import { id, isoTime, tenantParams, time } from '../ids.ts';
import { notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

export const flowParams = tenantParams.extend({ integrationId: id('integration'), flowId });
const base = '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}';

const reason = z.object({ code: z.string(), message: z.string() });
const outcome = z.object({
  outcome: z.enum(['mapped', 'blocked', 'skipped']),
  body: z.unknown().describe('What would be sent; null where nothing would be'),
  reasons: z.array(reason),
  notes: z.array(z.string()),
});

const preview = z
  .object({
    before: outcome.describe('As the flow maps it'),
    after: outcome.describe('With the overrides'),
    fields: z
      .array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown(), problem: reason.nullable() }))
      .describe('What became of each override'),
  })
  .meta({ id: 'OverridePreview' });

const mappingVersion = z
  .object({
    version: z.string(),
    firstUsedAt: time,
    settings: z.unknown(),
    valueMaps: z.array(
      z.object({
        id: z.string(),
        missing: z.string(),
        defaultCode: z.string().nullable(),
        entries: z.int(),
        entriesDigest: z.string().describe('Equal digests: the same entries'),
      }),
    ),
    overrides: overridesShown,
  })
  .meta({ id: 'MappingVersion' });

export const overrideRoutes: Route[] = [
  defineRoute({
    id: 'overrides.get',
    method: 'get',
    path: `${base}/overrides`,
    summary: 'Field overrides of a flow, and every list that was in force before, with who saved it when',
    role: 'viewer',
    params: flowParams,
    answer: z.object({
      overrides: overridesShown,
      history: z.array(
        z.object({
          number: z.int(),
          overrides: overridesShown,
          note: z.string(),
          savedBy: z.string(),
          savedByName: z.string().nullable(),
          savedAt: time,
        }),
      ),
    }),
    etag: ({ overrides }) => overrides,
    async handle({ params, services }) {
      await findIntegrationFlow(services, params);
      const history = await listOverrideSets(services.store, params);
      const names = await actorNames(
        services.store,
        history.map(({ savedBy }) => savedBy),
      );
      return {
        overrides: history[0]?.overrides ?? [],
        history: history.map(({ savedAt, ...set }) => ({ ...set, savedByName: names.get(set.savedBy) ?? null, savedAt: isoTime(savedAt) })),
      };
    },
  }),
  defineRoute({
    id: 'overrides.save',
    edits: 'overrides.get',
    method: 'put',
    path: `${base}/overrides`,
    summary: 'Puts field overrides in force in place of those before',
    description: 'An empty list takes all of them away. Records that the mapping blocked are mapped again.',
    role: 'admin',
    params: flowParams,
    body: z.strictObject({ overrides: overrideList, note: z.string().max(500).default('').describe('Why, for those who come after') }),
    answer: z.object({ released: z.int().describe('Records that are mapped again'), overrides: overridesShown }),
    audited: ({ note, overrides }) => ({ note, paths: overrides.map(({ path }) => path) }),
    async handle({ params, body: { overrides, note }, caller, services }) {
      await findIntegrationFlow(services, params);
      checkOverrides(overrides);
      const released = await saveOverrides(services.store, services.clock, { ...params, overrides, note, actor: actorOf(caller) });
      return { released, overrides: await currentOverrides(services.store.db, params) };
    },
  }),
  defineRoute({
    id: 'overrides.check',
    method: 'post',
    path: `${base}/overrides/check`,
    summary: 'Says what is wrong with field overrides, and saves nothing',
    role: 'operator',
    params: flowParams,
    body: z.strictObject({ overrides: overrideList }),
    status: 204,
    async handle({ params, body: { overrides }, services }) {
      await findIntegrationFlow(services, params);
      checkOverrides(overrides);
    },
  }),
  defineRoute({
    id: 'overrides.preview',
    method: 'post',
    path: `${base}/overrides/preview`,
    summary: 'What field overrides do to a real record: body before and after, and each field; nothing is saved or sent',
    role: 'operator',
    params: flowParams,
    body: z.strictObject({ recordId: id('record'), overrides: overrideList.optional().describe('Default: those in force') }),
    answer: preview,
    async handle({ params, body: { recordId, overrides }, services }) {
      await findIntegrationFlow(services, params);
      if (overrides) checkOverrides(overrides);
      return (await previewed(services, params, { recordId, overrides })) ?? refuse(recordId);
    },
  }),
  defineRoute({
    id: 'mapping-versions.get',
    method: 'get',
    path: `${base}/mapping-versions/{version}`,
    summary: 'What a mapping version of a record stood for: settings, value maps, overrides as they were',
    role: 'viewer',
    params: flowParams.extend({ version: z.string().regex(/^[0-9a-f]{16}$/, { error: 'is not written as a mapping version' }) }),
    answer: mappingVersion,
    async handle({ params, services }) {
      await findIntegrationFlow(services, params);
      const found = await findVersion(services.store, params, params.version);
      if (!found) throw notFound('mapping version of this flow', params.version);
      return { ...found, firstUsedAt: isoTime(found.firstUsedAt) };
    },
  }),
];

interface Previewing {
  recordId: string;
  overrides?: FieldOverride[] | undefined;
}

async function previewed(
  services: Services,
  params: { tenantId: string; integrationId: string; flowId: string },
  { recordId, overrides }: Previewing,
): Promise<z.input<typeof preview> | undefined> {
  const found = await previewOverrides(services.store, { ref: params, flow: flowOf(services, params.flowId), recordId, overrides });
  if (!found) return undefined;
  const show = (one: typeof found.outcome): z.input<typeof outcome> => ({
    outcome: one.outcome,
    body: one.outcome === 'mapped' ? one.body : null,
    reasons: one.outcome === 'blocked' ? one.reasons : one.outcome === 'skipped' ? [{ code: 'FILTERED', message: one.reason }] : [],
    notes: one.outcome === 'mapped' ? one.notes : [],
  });
  const fields = found.fields.map(({ path, before, after, fault }) => ({ path, before, after, problem: fault ?? null }));
  return { before: show(found.flowOutcome), after: show(found.outcome), fields };
}

function refuse(recordId: string): never {
  throw notFound('record of this flow', recordId);
}
