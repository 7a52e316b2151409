import { z } from 'zod';
import { calendarOf, type CalendarEntry } from '../../engine/index.ts';
import { lockFlows, wakeHeld } from '../../ledger/index.ts';
import { newId, type CloseCalendarRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { flowOf } from '../catalog-entries.ts';
import { findCloseCalendar, findIntegration } from '../find.ts';
import { displayName, id, isoTime, tenantParams, time } from '../ids.ts';
import { flowId } from '../integration-flows.ts';
import { listNamed, namedQuery } from '../named-list.ts';
import { pageOf } from '../paging.ts';
import { conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { day, localTime, note, refuseBackwardDays, refuseBackwardSpan, timeZone } from '../timing-fields.ts';

const calendarParams = tenantParams.extend({ calendarId: id('closeCalendar') });

const entry = z.discriminatedUnion('kind', [
  z
    .strictObject({ kind: z.literal('freeze'), from: localTime, to: localTime, note })
    .superRefine(refuseBackwardSpan)
    .describe('Nothing is posted from then to then; reading goes on. A day as `to` is included whole'),
  z
    .strictObject({ kind: z.literal('closed'), first: day, last: day, note })
    .superRefine(refuseBackwardDays)
    .describe('Documents of these business days wait for as long as the entry stands, or for approval'),
]);

const newCalendar = z.strictObject({
  name: displayName,
  timeZone,
  integrationId: id('integration').nullable().default(null).describe('null: all integrations of the tenant'),
  flowIds: z.array(flowId).min(1).max(50).nullable().default(null).describe('null: all flows'),
  entries: z.array(entry).max(1000).default([]).describe('They may overlap'),
});

const calendar = z
  .object({
    id: id('closeCalendar'),
    name: z.string(),
    timeZone: z.string(),
    integrationId: id('integration').nullable(),
    flowIds: z.array(z.string()).nullable(),
    entries: z.array(entry),
    createdAt: time,
    changedAt: time,
  })
  .meta({ id: 'CloseCalendar' });

export const closeCalendarRoutes: Route[] = [
  defineRoute({
    id: 'close-calendars.list',
    method: 'get',
    path: '/tenants/{tenantId}/close-calendars',
    summary: 'When nothing is posted, and which business days are closed',
    role: 'viewer',
    params: tenantParams,
    query: namedQuery,
    answer: pageOf(calendar),
    handle: ({ params: { tenantId }, query, services: { store } }) => listNamed(store, 'close_calendar', { tenantId, ...query }, show),
  }),
  defineRoute({
    id: 'close-calendars.create',
    method: 'post',
    path: '/tenants/{tenantId}/close-calendars',
    summary: 'Makes a close calendar',
    role: 'operator',
    params: tenantParams,
    body: newCalendar,
    answer: calendar,
    status: 201,
    audited: (body) => body,
    async handle({ params: { tenantId }, body, caller, services }) {
      const now = services.clock.now();
      const row: CloseCalendarRow = {
        id: newId('closeCalendar', now),
        tenant_id: tenantId,
        created_at: now,
        ...(await columnsOf(services, tenantId, body)),
      };
      await refuseTakenName(services, row);
      await change(services, { tenantId, actor: actorOf(caller) }, (transaction) =>
        transaction.insertInto('close_calendar').values(row).execute(),
      );
      return show(row);
    },
  }),
  defineRoute({
    id: 'close-calendars.get',
    method: 'get',
    path: '/tenants/{tenantId}/close-calendars/{calendarId}',
    summary: 'One close calendar',
    role: 'viewer',
    params: calendarParams,
    answer: calendar,
    etag: ({ changedAt: _changedAt, ...edited }) => edited,
    handle: async ({ params, services }) => show(await findCloseCalendar(services, params)),
  }),
  defineRoute({
    id: 'close-calendars.replace',
    edits: 'close-calendars.get',
    method: 'put',
    path: '/tenants/{tenantId}/close-calendars/{calendarId}',
    summary: 'Replaces a close calendar; what waited for its closed days is looked at anew',
    role: 'operator',
    params: calendarParams,
    body: newCalendar,
    answer: calendar,
    audited: (body) => body,
    async handle({ params, body, caller, services }) {
      const { tenantId, calendarId } = params;
      const present = await findCloseCalendar(services, params);
      // Told apart by this time, so that no two states of a calendar have the same.
      const changed_at = Math.max(services.clock.now(), present.changed_at + 1);
      const row = { ...present, ...(await columnsOf(services, tenantId, body)), changed_at };
      await refuseTakenName(services, row);
      await change(services, { tenantId, actor: actorOf(caller) }, (transaction) =>
        transaction.updateTable('close_calendar').set(row).where('id', '=', calendarId).execute(),
      );
      return show(row);
    },
  }),
  defineRoute({
    id: 'close-calendars.delete',
    edits: 'close-calendars.get',
    method: 'delete',
    path: '/tenants/{tenantId}/close-calendars/{calendarId}',
    summary: 'Removes a close calendar; what it held goes out',
    role: 'operator',
    params: calendarParams,
    status: 204,
    async handle({ params, caller, services }) {
      const { id: calendarId } = await findCloseCalendar(services, params);
      await change(services, { tenantId: params.tenantId, actor: actorOf(caller) }, (transaction) =>
        transaction.deleteFrom('close_calendar').where('id', '=', calendarId).execute(),
      );
    },
  }),
];

type Transaction = Parameters<Parameters<ReturnType<Services['store']['db']['transaction']>['execute']>[0]>[0];

async function change(
  { store, clock }: Services,
  { tenantId, actor }: { tenantId: string; actor: string },
  make: (transaction: Transaction) => Promise<unknown>,
): Promise<void> {
  await store.transaction(async (transaction) => {
    await lockFlows(transaction, tenantId);
    await make(transaction);
    await wakeHeld(transaction, clock, { tenantId, codes: ['PERIOD_CLOSED'], actor, why: 'the close calendar changed' });
  });
  store.notify({ about: 'work', tenantId });
}

async function columnsOf(services: Services, tenantId: string, body: z.output<typeof newCalendar>) {
  if (body.integrationId !== null) await findIntegration(services, { tenantId, integrationId: body.integrationId });
  for (const one of body.flowIds ?? []) flowOf(services, one);
  return {
    integration_id: body.integrationId,
    flow_ids_json: body.flowIds && JSON.stringify(body.flowIds),
    name: body.name,
    time_zone: body.timeZone,
    entries_json: JSON.stringify(body.entries),
    changed_at: services.clock.now(),
  };
}

async function refuseTakenName(
  { store }: Services,
  { id: own, tenant_id, name }: Pick<CloseCalendarRow, 'id' | 'tenant_id' | 'name'>,
): Promise<void> {
  const taken = await store.db
    .selectFrom('close_calendar')
    .select('id')
    .where('tenant_id', '=', tenant_id)
    .where('name', '=', name)
    .where('id', '<>', own)
    .executeTakeFirst();
  if (taken) throw conflict('NAME_TAKEN', `there is a close calendar "${name}" already`, 'Choose another name.');
}

function show(row: CloseCalendarRow): z.input<typeof calendar> {
  const { name, timeZone: zone, entries } = calendarOf(row);
  return {
    id: row.id,
    name,
    timeZone: zone,
    integrationId: row.integration_id,
    flowIds: row.flow_ids_json === null ? null : (JSON.parse(row.flow_ids_json) as string[]),
    entries: entries as CalendarEntry[],
    createdAt: isoTime(row.created_at),
    changedAt: isoTime(row.changed_at),
  };
}
