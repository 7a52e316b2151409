import { z } from 'zod';
import { actorNames } from '../../audit/index.ts';
import { dropDraft, promoteDraft } from '../../mapping/index.ts';
import { compareRecent, shadowDraft, viewDraft, type ShadowDraft } from '../../trials/index.ts';
import { actorOf } from '../caller.ts';
import { flowOf } from '../catalog-entries.ts';
import { checkOverrides, overrideList } from '../check-overrides.ts';
import { findIntegrationFlow } from '../find.ts';
import { checkFlowSettings } from '../flow-settings.ts';
import { isoTime, time } from '../ids.ts';
import { ApiError, notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { flowParams } from './overrides.ts';

const base = '/tenants/{tenantId}/integrations/{integrationId}/flows/{flowId}/mapping-draft';

const draftFields = {
  settings: z.record(z.string(), z.unknown()).optional().describe('All settings of the flow; left out: those in force'),
  overrides: overrideList.optional().describe('All overrides; left out: those in force'),
  entries: z
    .record(z.string().max(80), z.record(z.string().min(1).max(500), z.string().min(1).max(500).nullable()))
    .optional()
    .describe('Entries added or replaced, by value map and code; null takes one away'),
};

const example = z.object({ recordId: z.string(), key: z.string(), label: z.string(), why: z.string() });
const group = z.object({ records: z.int(), examples: z.array(example) });
const report = z
  .object({
    compared: z.int(),
    same: z.int(),
    differing: z.int(),
    newlyBlocked: group.describe('Blocked by the draft only'),
    unblocked: group.describe('Blocked by the live mapping only'),
    filteredDifferently: group.describe('Left out by one of the two only'),
    fields: z.array(
      z.object({
        field: z.string(),
        records: z.int(),
        examples: z.array(example.extend({ path: z.string(), live: z.unknown(), draft: z.unknown() })),
      }),
    ),
  })
  .meta({ id: 'MappingComparison' });

const draft = z
  .object({
    ...draftFields,
    live: z.boolean().describe('Records that come in are mapped by both; only the live mapping is posted'),
    report: report.describe('Of the records that came in since'),
    changedBy: z.string(),
    changedByName: z.string().nullable(),
    changedAt: time,
  })
  .meta({ id: 'MappingDraft' });

export const mappingDraftRoutes: Route[] = [
  defineRoute({
    id: 'mapping-drafts.get',
    method: 'get',
    path: base,
    summary: 'The draft mapping of a flow, and how it compared so far',
    role: 'viewer',
    params: flowParams,
    answer: draft,
    async handle({ params, services }) {
      await findIntegrationFlow(services, params);
      return show(services, (await viewDraft(services.store, params)) ?? refuse(params.flowId));
    },
  }),
  defineRoute({
    id: 'mapping-drafts.save',
    method: 'put',
    path: base,
    summary: 'Puts a draft mapping beside the live one; nothing of it is posted',
    description: 'With `live`, every record that comes in is mapped by both, and the differences are counted field by field.',
    role: 'admin',
    params: flowParams,
    body: z.strictObject({ ...draftFields, live: z.boolean().default(false) }),
    answer: draft,
    audited: ({ live, overrides, entries }) => ({ live, overrides: overrides?.length, valueMaps: Object.keys(entries ?? {}) }),
    async handle({ params, body: { live, ...given }, caller, services }) {
      await findIntegrationFlow(services, params);
      const flow = flowOf(services, params.flowId);
      if (given.settings) checkFlowSettings(flow, given.settings, []);
      if (given.overrides) checkOverrides(given.overrides);
      refuseUnknownMaps(
        flow.valueMaps.map(({ id }) => id),
        Object.keys(given.entries ?? {}),
      );
      await shadowDraft(services, { ...params, draft: given, live, actor: actorOf(caller) });
      return show(services, (await viewDraft(services.store, params)) ?? refuse(params.flowId));
    },
  }),
  defineRoute({
    id: 'mapping-drafts.drop',
    method: 'delete',
    path: base,
    summary: 'Drops the draft',
    role: 'admin',
    params: flowParams,
    status: 204,
    async handle({ params, caller, services }) {
      await findIntegrationFlow(services, params);
      const existed = await dropDraft(services.store, services.clock, { ...params, actor: actorOf(caller) });
      if (!existed) refuse(params.flowId);
    },
  }),
  defineRoute({
    id: 'mapping-drafts.compare',
    method: 'post',
    path: `${base}/compare`,
    summary: 'Maps the newest records of the flow by both, field by field; nothing is stored or sent',
    role: 'operator',
    params: flowParams,
    body: z.strictObject({ records: z.int().min(1).max(5000).default(500).describe('How many of the newest records') }),
    answer: report,
    async handle({ params, body: { records }, services, signal }) {
      await findIntegrationFlow(services, params);
      return (await compareRecent(services, params, { records, signal })) ?? refuse(params.flowId);
    },
  }),
  defineRoute({
    id: 'mapping-drafts.promote',
    method: 'post',
    path: `${base}/promote`,
    summary: 'Makes the draft the live mapping, in one step',
    role: 'admin',
    params: flowParams,
    answer: z.object({ released: z.int().describe('Records that are mapped again') }),
    async handle({ params, caller, services }) {
      await findIntegrationFlow(services, params);
      const released = await promoteDraft(services.store, services.clock, { ...params, actor: actorOf(caller) });
      return { released: released ?? refuse(params.flowId) };
    },
  }),
];

async function show(
  { store }: Pick<Services, 'store'>,
  { draft: content, changedAt, ...rest }: ShadowDraft,
): Promise<z.input<typeof draft>> {
  const names = await actorNames(store, [rest.changedBy]);
  return { ...content, ...rest, changedByName: names.get(rest.changedBy) ?? null, changedAt: isoTime(changedAt) };
}

function refuse(flowId: string): never {
  throw notFound('draft mapping of flow', flowId);
}

function refuseUnknownMaps(known: readonly string[], given: readonly string[]): void {
  const errors = given
    .filter((id) => !known.includes(id))
    .map((id) => ({ path: `entries.${id}`, message: 'is no value map of this flow' }));
  const [first] = errors;
  if (!first) return;
  const fix = known.length > 0 ? `Its value maps are ${known.join(', ')}.` : 'It has no value maps.';
  throw new ApiError(400, 'BODY_INVALID', `${first.path} ${first.message}`, { errors, fix });
}
