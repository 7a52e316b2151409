import { z } from 'zod';
import {
  alertSettingsOf,
  alertSettingsSchema,
  rules,
  setAlertSettings,
  setRule,
  tenantRules,
  type Finding,
  type TenantRule,
} from '../../alerts/index.ts';
import { actorNames } from '../../audit/index.ts';
import type { AlertRow } from '../../store/index.ts';
import { actorOf } from '../caller.ts';
import { fieldProblems, sentence } from '../check-input.ts';
import { id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { ApiError, notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const alertParams = tenantParams.extend({ alertId: id('alert') });
const ruleIds = rules.map((rule) => rule.id) as [string, ...string[]];
const ruleParams = tenantParams.extend({ ruleId: z.enum(ruleIds) });

const alert = z
  .object({
    id: id('alert'),
    rule: z.string(),
    severity: z.string(),
    title: z.string(),
    since: time,
    records: z.int().nullable(),
    example: z.string().nullable(),
    fix: z.string(),
    link: z.string().describe('Below the address of the relay'),
    openedAt: time,
    updatedAt: time,
    closedAt: timeOrNull.describe('null: it is still so'),
    notifiedAt: timeOrNull.describe('When channels were last told'),
    acknowledgedAt: timeOrNull,
    acknowledgedBy: z.string().nullable(),
    acknowledgedByName: z.string().nullable().describe('Of a person or an API token'),
    mutedUntil: timeOrNull,
  })
  .meta({ id: 'Alert' });

const ruleView = z
  .object({
    id: z.enum(ruleIds),
    title: z.string(),
    enabled: z.boolean(),
    settings: z.record(z.string(), z.unknown()),
    channelIds: z.array(id('alertChannel')).nullable().describe('null: all channels'),
    mutedUntil: timeOrNull,
  })
  .meta({ id: 'AlertRule' });

export const alertRoutes: Route[] = [
  defineRoute({
    id: 'alerts.list',
    method: 'get',
    path: '/tenants/{tenantId}/alerts',
    summary: 'Alerts, newest first: those that are open, or all there ever were',
    role: 'viewer',
    params: tenantParams,
    query: pageQuery.extend({ state: z.enum(['open', 'all']).default('open') }),
    answer: pageOf(alert),
    async handle({ params: { tenantId }, query: { limit, cursor, state }, services: { store } }) {
      let query = store.db.selectFrom('alert').selectAll().where('tenant_id', '=', tenantId).orderBy('id', 'desc');
      if (state === 'open') query = query.where('closed_at', 'is', null);
      if (cursor !== undefined) query = query.where('id', '<', decodeCursor(cursor));
      const rows = await query.limit(limit + 1).execute();
      const names = await actorNames(
        store,
        rows.flatMap((row) => row.acknowledged_by ?? []),
      );
      return toPage({ rows, limit, keyOf: (row) => row.id, toItem: (row) => show(row, names) });
    },
  }),
  defineRoute({
    id: 'alerts.acknowledge',
    method: 'post',
    path: '/tenants/{tenantId}/alerts/{alertId}/acknowledge',
    summary: 'Somebody looks after it: no reminders from here on',
    role: 'operator',
    params: alertParams,
    answer: alert,
    async handle({ params, caller, services }) {
      const row = await findAlert(services, params);
      const { store, clock } = services;
      if (row.acknowledged_at === null)
        await store.db
          .updateTable('alert')
          .set({ acknowledged_at: clock.now(), acknowledged_by: actorOf(caller) })
          .where('id', '=', row.id)
          .execute();
      return showOne(services, params);
    },
  }),
  defineRoute({
    id: 'alerts.mute',
    method: 'post',
    path: '/tenants/{tenantId}/alerts/{alertId}/mute',
    summary: 'Nothing is sent about this alert until then; null ends that',
    role: 'operator',
    params: alertParams,
    body: z.strictObject({ until: timeOrNull }),
    answer: alert,
    audited: (body) => body,
    async handle({ params, body: { until }, services }) {
      const row = await findAlert(services, params);
      await services.store.db
        .updateTable('alert')
        .set({ muted_until: until === null ? null : Date.parse(until) })
        .where('id', '=', row.id)
        .execute();
      return showOne(services, params);
    },
  }),
  defineRoute({
    id: 'alert-rules.list',
    method: 'get',
    path: '/tenants/{tenantId}/alert-rules',
    summary: 'What is alerted about, with its settings',
    role: 'viewer',
    params: tenantParams,
    answer: z.object({ items: z.array(ruleView) }),
    handle: async ({ params: { tenantId }, services: { store } }) => ({ items: (await tenantRules(store, tenantId)).map(showRule) }),
  }),
  defineRoute({
    id: 'alert-rules.change',
    method: 'patch',
    path: '/tenants/{tenantId}/alert-rules/{ruleId}',
    summary: 'Switches a rule on or off, changes its settings, its channels, or mutes it',
    role: 'admin',
    params: ruleParams,
    body: z.strictObject({
      enabled: z.boolean().optional(),
      settings: z.record(z.string(), z.unknown()).optional().describe('Only the fields to change'),
      channelIds: z.array(id('alertChannel')).max(100).nullable().optional(),
      mutedUntil: timeOrNull.optional(),
    }),
    answer: ruleView,
    audited: (body) => body,
    async handle({ params: { tenantId, ruleId }, body, services }) {
      const { store, clock } = services;
      const present = (await tenantRules(store, tenantId)).find(({ rule }) => rule.id === ruleId);
      if (!present) throw notFound('alert rule', ruleId);
      const { enabled = present.enabled, channelIds = present.channelIds, mutedUntil } = body;
      if (body.channelIds) await refuseUnknownChannels(services, tenantId, body.channelIds);
      const until = mutedUntil === undefined ? present.mutedUntil : mutedUntil === null ? null : Date.parse(mutedUntil);
      const settings = checkedSettings(present, body.settings ?? {});
      const changed: TenantRule = { rule: present.rule, enabled, settings, channelIds, mutedUntil: until };
      await setRule(store, clock, tenantId, changed);
      return showRule(changed);
    },
  }),
  defineRoute({
    id: 'alert-settings.get',
    method: 'get',
    path: '/tenants/{tenantId}/alert-settings',
    summary: 'Time zone, quiet hours, reminders',
    role: 'viewer',
    params: tenantParams,
    answer: alertSettingsSchema,
    etag: (settings) => settings,
    handle: ({ params: { tenantId }, services: { store } }) => alertSettingsOf(store, tenantId),
  }),
  defineRoute({
    id: 'alert-settings.change',
    edits: 'alert-settings.get',
    method: 'put',
    path: '/tenants/{tenantId}/alert-settings',
    summary: 'Changes time zone, quiet hours, reminders; what is left out gets its default',
    role: 'admin',
    params: tenantParams,
    body: alertSettingsSchema,
    answer: alertSettingsSchema,
    audited: (body) => body,
    async handle({ params: { tenantId }, body, services: { store, clock } }) {
      await setAlertSettings(store, clock, tenantId, body);
      return alertSettingsOf(store, tenantId);
    },
  }),
];

async function showOne(services: Services, params: { tenantId: string; alertId: string }): Promise<z.input<typeof alert>> {
  const row = await findAlert(services, params);
  return show(row, await actorNames(services.store, row.acknowledged_by === null ? [] : [row.acknowledged_by]));
}

function show(row: AlertRow, names: ReadonlyMap<string, string>): z.input<typeof alert> {
  const { severity, title, since, count, example, fix, link } = JSON.parse(row.finding_json) as Finding;
  return {
    id: row.id,
    rule: row.rule,
    severity,
    title,
    since: isoTime(since),
    records: count,
    example,
    fix,
    link,
    openedAt: isoTime(row.opened_at),
    updatedAt: isoTime(row.updated_at),
    closedAt: isoTimeOrNull(row.closed_at),
    notifiedAt: isoTimeOrNull(row.notified_at),
    acknowledgedAt: isoTimeOrNull(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
    acknowledgedByName: names.get(row.acknowledged_by ?? '') ?? null,
    mutedUntil: isoTimeOrNull(row.muted_until),
  };
}

function showRule({ rule, enabled, settings, channelIds, mutedUntil }: TenantRule): z.input<typeof ruleView> {
  return { id: rule.id, title: rule.title, enabled, settings, channelIds, mutedUntil: isoTimeOrNull(mutedUntil) };
}

async function findAlert({ store }: Services, { tenantId, alertId }: { tenantId: string; alertId: string }): Promise<AlertRow> {
  const row = await store.db.selectFrom('alert').selectAll().where('tenant_id', '=', tenantId).where('id', '=', alertId).executeTakeFirst();
  if (!row) throw notFound('alert', alertId);
  return row;
}

async function refuseUnknownChannels({ store }: Services, tenantId: string, channelIds: readonly string[]): Promise<void> {
  const rows = await store.db.selectFrom('alert_channel').select('id').where('tenant_id', '=', tenantId).execute();
  const known = new Set(rows.map((row) => row.id));
  const unknown = channelIds.find((one) => !known.has(one));
  if (unknown !== undefined) throw notFound('alert channel', unknown);
}

function checkedSettings({ rule, settings }: TenantRule, given: Record<string, unknown>): Record<string, unknown> {
  const checked = rule.settings.safeParse({ ...settings, ...given }, { error: sentence });
  if (checked.success) return checked.data;
  const errors = fieldProblems(checked.error.issues, ['settings']);
  throw new ApiError(400, 'BODY_INVALID', `${errors[0]?.path ?? 'settings'} ${errors[0]?.message ?? 'is not valid'}`, {
    errors,
    fix: 'Correct the fields named in "errors".',
  });
}
