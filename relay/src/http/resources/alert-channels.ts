import { isSystemError } from '@ml-connector/shared';
import { z } from 'zod';
import { channelKinds, testChannel } from '../../alerts/index.ts';
import { newId, type AlertChannelRow } from '../../store/index.ts';
import { changedChannel, channelView, checkedChannel, deliverDeps, findChannel, showChannel } from '../alert-channels.ts';
import { displayName, id, tenantParams } from '../ids.ts';
import { decodeCursor, encodeCursor, pageOf, pageQuery } from '../paging.ts';
import { conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const channelParams = tenantParams.extend({ channelId: id('alertChannel') });
const settings = z.record(z.string(), z.unknown()).describe('By kind, as the manual lists them. Secret ones are written, never read');

export const alertChannelRoutes: Route[] = [
  defineRoute({
    id: 'alert-channels.list',
    method: 'get',
    path: '/tenants/{tenantId}/alert-channels',
    summary: 'Where alerts are sent',
    role: 'viewer',
    params: tenantParams,
    query: pageQuery,
    answer: pageOf(channelView),
    async handle({ params: { tenantId }, query: { limit, cursor }, services }) {
      let query = services.store.db.selectFrom('alert_channel').selectAll().where('tenant_id', '=', tenantId).orderBy('id');
      if (cursor !== undefined) query = query.where('id', '>', decodeCursor(cursor));
      const rows = await query.limit(limit + 1).execute();
      const items = await Promise.all(rows.slice(0, limit).map((row) => showChannel(services, row)));
      return { items, nextCursor: rows.length > limit ? encodeCursor(items.at(-1)?.id ?? '') : null };
    },
  }),
  defineRoute({
    id: 'alert-channels.create',
    method: 'post',
    path: '/tenants/{tenantId}/alert-channels',
    summary: 'Adds an e-mail, webhook or Slack channel',
    role: 'admin',
    params: tenantParams,
    body: z.strictObject({ kind: z.enum(channelKinds), name: displayName, settings }),
    answer: channelView,
    status: 201,
    audited: ({ kind, name, settings: given }) => ({ kind, name, fields: Object.keys(given) }),
    async handle({ params: { tenantId }, body: { kind, name, settings: given }, services }) {
      const { store, clock } = services;
      await refuseTakenName(services, { tenantId, name });
      const channelId = newId('alertChannel', clock.now());
      const row: AlertChannelRow = {
        id: channelId,
        tenant_id: tenantId,
        kind,
        name,
        ...checkedChannel(services, { id: channelId, kind, settings: given }),
        enabled: 1,
        failing_json: null,
        last_sent_at: null,
        created_at: clock.now(),
        changed_at: clock.now(),
      };
      await store.db.insertInto('alert_channel').values(row).execute();
      return showChannel(services, row);
    },
  }),
  defineRoute({
    id: 'alert-channels.change',
    method: 'patch',
    path: '/tenants/{tenantId}/alert-channels/{channelId}',
    summary: 'Changes a channel, or switches it on or off; fields that are not named stay as they are',
    description: 'Another address needs the secret settings to be entered again.',
    role: 'admin',
    params: channelParams,
    body: z.strictObject({ name: displayName.optional(), enabled: z.boolean().optional(), settings: settings.optional() }),
    answer: channelView,
    audited: ({ name, enabled, settings: given = {} }) => ({ name, enabled, fields: Object.keys(given) }),
    async handle({ params, body, services }) {
      const { store, clock } = services;
      const row = await findChannel(services, params);
      if (body.name !== undefined) await refuseTakenName(services, { tenantId: params.tenantId, name: body.name, except: row.id });
      await store.db
        .updateTable('alert_channel')
        .set({
          ...(body.name !== undefined && { name: body.name }),
          ...(body.enabled !== undefined && { enabled: body.enabled ? 1 : 0 }),
          ...(body.settings && { ...changedChannel(services, row, body.settings), failing_json: null }),
          changed_at: clock.now(),
        })
        .where('id', '=', row.id)
        .execute();
      // What waited for the old address has its chance at once.
      if (body.settings)
        await store.db
          .updateTable('alert_delivery')
          .set({ next_attempt_at: clock.now() })
          .where('state', '=', 'waiting')
          .where('channel_id', '=', row.id)
          .where('attempts', '>', 0)
          .execute();
      return showChannel(services, await findChannel(services, params));
    },
  }),
  defineRoute({
    id: 'alert-channels.delete',
    method: 'delete',
    path: '/tenants/{tenantId}/alert-channels/{channelId}',
    summary: 'Deletes a channel; what waits for it is not sent',
    role: 'admin',
    params: channelParams,
    status: 204,
    async handle({ params, services }) {
      const row = await findChannel(services, params);
      await services.store.db.deleteFrom('alert_channel').where('id', '=', row.id).execute();
    },
  }),
  defineRoute({
    id: 'alert-channels.test',
    method: 'post',
    path: '/tenants/{tenantId}/alert-channels/{channelId}/test',
    summary: 'Sends a test message now, and says why it did not go out',
    role: 'operator',
    params: channelParams,
    answer: z.object({
      ok: z.boolean(),
      problem: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
    }),
    async handle({ params, services }) {
      const row = await findChannel(services, params);
      try {
        await testChannel(deliverDeps(services), row);
        return { ok: true, problem: null };
      } catch (error) {
        if (!isSystemError(error)) throw error;
        const { code, message, fix = '' } = error;
        return { ok: false, problem: { code, message, fix } };
      }
    },
  }),
];

async function refuseTakenName({ store }: Services, wanted: { tenantId: string; name: string; except?: string }): Promise<void> {
  const { tenantId, name, except = '' } = wanted;
  const taken = await store.db
    .selectFrom('alert_channel')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .where('id', '!=', except)
    .executeTakeFirst();
  if (taken) throw conflict('NAME_TAKEN', `there is a channel "${name}" already`, 'Choose another name.');
}
