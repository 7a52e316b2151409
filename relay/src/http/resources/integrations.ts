import { z } from 'zod';
import { scheduleOf } from '../../engine/index.ts';
import type { Flow } from '../../flows/index.ts';
import { setFlowSettings } from '../../mapping/index.ts';
import { newId, type ConnectionRow, type IntegrationFlowRow, type IntegrationRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { flowOf } from '../catalog-entries.ts';
import { checkFlowSettings } from '../flow-settings.ts';
import { findConnection, findIntegration, findIntegrationFlow } from '../find.ts';
import { displayName, id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { ApiError, conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const integrationParams = tenantParams.extend({ integrationId: id('integration') });
const flowId = z
  .string()
  .regex(/^[a-z0-9-]{1,80}$/, { error: 'is not written as the id of a flow' })
  .describe('Id of a flow, as GET /flows lists them');
const flowParams = integrationParams.extend({ flowId });
const settings = z.record(z.string(), z.unknown());
const schedule = z
  .strictObject({
    everySeconds: z.number().min(1).max(31_536_000).optional(),
    sweepEverySeconds: z.number().min(60).max(31_536_000).optional(),
  })
  .describe("What is left out is the flow's own");

const integrationFlow = z
  .object({
    flowId: z.string(),
    title: z.string(),
    enabled: z.boolean(),
    paused: z.boolean(),
    settings,
    everySeconds: z.number(),
    sweepEverySeconds: z.number().nullable(),
    nextRunAt: timeOrNull,
    nextSweepAt: timeOrNull,
    requestedMode: z.string().nullable().describe('A run that was asked for and has not begun'),
    failures: z.int().describe('Runs that failed in a row'),
  })
  .meta({ id: 'IntegrationFlow' });

const integration = z
  .object({
    id: id('integration'),
    name: z.string(),
    sourceConnectionId: id('connection'),
    targetConnectionId: id('connection'),
    flows: z.array(integrationFlow),
    createdAt: time,
    changedAt: time,
  })
  .meta({ id: 'Integration' });

const newFlow = z.strictObject({
  settings: settings.default({}),
  schedule: schedule.nullable().default(null),
  enabled: z.boolean().default(true),
});
const changedFlow = z.strictObject({
  settings: settings.optional().describe('All of them: what is left out gets its default'),
  schedule: schedule.nullable().optional(),
  enabled: z.boolean().optional(),
  paused: z.boolean().optional(),
});
const newIntegration = z.strictObject({
  name: displayName,
  sourceConnectionId: id('connection'),
  targetConnectionId: id('connection'),
  flows: z.array(newFlow.extend({ flowId })).max(50).default([]),
});

export const integrationRoutes: Route[] = [
  defineRoute({
    id: 'integrations.list',
    method: 'get',
    path: '/tenants/{tenantId}/integrations',
    summary: 'Integrations of a tenant with their flows',
    role: 'viewer',
    params: tenantParams,
    query: pageQuery.extend({ name: displayName.optional() }),
    answer: pageOf(integration),
    async handle({ params: { tenantId }, query: { limit, cursor, name }, services }) {
      let rows = services.store.db
        .selectFrom('integration')
        .selectAll()
        .where('tenant_id', '=', tenantId)
        .orderBy('id')
        .limit(limit + 1);
      if (name !== undefined) rows = rows.where('name', '=', name);
      if (cursor !== undefined) rows = rows.where('id', '>', decodeCursor(cursor));
      const page = toPage({ rows: await rows.execute(), limit, keyOf: (row) => row.id, toItem: (row) => row });
      return { ...page, items: await Promise.all(page.items.map((row) => show(services, row))) };
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
      await store.db.transaction().execute(async (transaction) => {
        await transaction.insertInto('integration').values(row).execute();
        if (flows.length > 0) await transaction.insertInto('integration_flow').values(flows).execute();
      });
      store.notify({ about: 'work', tenantId });
      return show(services, row);
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
    handle: async ({ params, services }) => show(services, await findIntegration(services, params)),
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
      return show(services, { ...row, ...news });
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
        return show(services, row);
      },
    }),
  ),
  defineRoute({
    id: 'integrations.flows.add',
    method: 'post',
    path: '/tenants/{tenantId}/integrations/{integrationId}/flows',
    summary: 'Adds a flow to an integration',
    role: 'admin',
    params: integrationParams,
    body: newFlow.extend({ flowId }),
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
      return show(services, row);
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
      return show(services, row);
    },
  }),
];

interface GivenFlow extends z.output<typeof newFlow> {
  flowId: string;
}

function newFlowRow(
  services: Services,
  { source, target, given, at }: { source: ConnectionRow; target: ConnectionRow; given: GivenFlow; at: PropertyKey[] },
): Omit<IntegrationFlowRow, 'integration_id'> {
  const flow = flowOf(services, given.flowId);
  refuseUnfit(flow, source, target);
  checkFlowSettings(flow, given.settings, at);
  return {
    flow_id: flow.id,
    tenant_id: source.tenant_id,
    enabled: given.enabled ? 1 : 0,
    paused: 0,
    settings_json: JSON.stringify(given.settings),
    schedule_json: scheduleJson(given.schedule),
    cursor_json: null,
    next_run_at: null,
    next_sweep_at: null,
    requested_mode: null,
    failures: 0,
    changed_at: services.clock.now(),
  };
}

function refuseUnfit(flow: Flow, source: ConnectionRow, target: ConnectionRow): void {
  const faults = [
    ...(source.system === flow.from ? [] : [{ path: 'sourceConnectionId', message: `must be a connection to ${flow.from}` }]),
    ...(target.system === flow.to ? [] : [{ path: 'targetConnectionId', message: `must be a connection to ${flow.to}` }]),
  ];
  if (faults.length === 0) return;
  throw new ApiError(
    400,
    'FLOW_UNFIT',
    `flow ${flow.id} goes from ${flow.from} to ${flow.to}, not from ${source.system} to ${target.system}`,
    {
      errors: faults,
      fix: 'Choose other connections or another flow.',
    },
  );
}

async function show(services: Services, row: IntegrationRow): Promise<z.input<typeof integration>> {
  return {
    id: row.id,
    name: row.name,
    sourceConnectionId: row.source_connection_id,
    targetConnectionId: row.target_connection_id,
    flows: (await flowRows(services, row.id)).map((flow) => showFlow(services, flow)),
    createdAt: isoTime(row.created_at),
    changedAt: isoTime(row.changed_at),
  };
}

function showFlow({ flows }: Services, row: IntegrationFlowRow): z.input<typeof integrationFlow> {
  const flow = flows.find((one) => one.id === row.flow_id);
  const { everyMs, sweepEveryMs } = flow ? scheduleOf(flow, row) : { everyMs: 0 };
  return {
    flowId: row.flow_id,
    title: flow?.title ?? 'This build has no such flow',
    enabled: row.enabled === 1,
    paused: row.paused === 1,
    settings: JSON.parse(row.settings_json) as Record<string, unknown>,
    everySeconds: everyMs / 1000,
    sweepEverySeconds: sweepEveryMs === undefined ? null : sweepEveryMs / 1000,
    nextRunAt: isoTimeOrNull(row.next_run_at),
    nextSweepAt: isoTimeOrNull(row.next_sweep_at),
    requestedMode: row.requested_mode,
    failures: row.failures,
  };
}

function flowRows({ store }: Services, integrationId: string): Promise<IntegrationFlowRow[]> {
  return store.db.selectFrom('integration_flow').selectAll().where('integration_id', '=', integrationId).orderBy('flow_id').execute();
}

async function connectionsOf(services: Services, row: IntegrationRow): Promise<[source: ConnectionRow, target: ConnectionRow]> {
  const { tenant_id: tenantId, source_connection_id, target_connection_id } = row;
  return [
    await findConnection(services, { tenantId, connectionId: source_connection_id }),
    await findConnection(services, { tenantId, connectionId: target_connection_id }),
  ];
}

function scheduleJson(given: z.output<typeof schedule> | null): string | null {
  if (given === null) return null;
  const { everySeconds, sweepEverySeconds } = given;
  return JSON.stringify({
    ...(everySeconds !== undefined && { everyMs: Math.round(everySeconds * 1000) }),
    ...(sweepEverySeconds !== undefined && { sweepEveryMs: Math.round(sweepEverySeconds * 1000) }),
  });
}

async function refuseTakenName({ store }: Services, tenantId: string, name: string): Promise<void> {
  const taken = await store.db
    .selectFrom('integration')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .executeTakeFirst();
  if (taken) throw conflict('NAME_TAKEN', `there is an integration "${name}" already`, 'Choose another name.');
}
