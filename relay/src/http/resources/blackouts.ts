import { z } from 'zod';
import { blackoutAt, windowsOf, windowWords, type BlackoutWindow } from '../../engine/index.ts';
import { findConnection } from '../find.ts';
import { id, isoTimeOrNull, tenantParams, timeOrNull } from '../ids.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { cronPattern, forMinutes, localTime, note, refuseBackwardSpan, timeZone } from '../timing-fields.ts';

const connectionParams = tenantParams.extend({ connectionId: id('connection') });

const window = z.union([
  z.strictObject({ cron: cronPattern, forMinutes, timeZone, note }).describe('Again and again: so long from each time on'),
  z
    .strictObject({ from: localTime, to: localTime, timeZone, note })
    .superRefine(refuseBackwardSpan)
    .describe('Once; a day as `to` is included whole'),
]);

const blackouts = z
  .object({
    connectionId: id('connection'),
    windows: z.array(z.object({ words: z.string().describe('For people'), window })),
    isDark: z.boolean().describe('Whether the connection is left alone now'),
    until: timeOrNull,
  })
  .meta({ id: 'Blackouts' });

export const blackoutRoutes: Route[] = [
  defineRoute({
    id: 'connections.blackouts.get',
    method: 'get',
    path: '/tenants/{tenantId}/connections/{connectionId}/blackouts',
    summary: 'When nothing is sent to a connection or read from it',
    role: 'viewer',
    params: connectionParams,
    answer: blackouts,
    etag: ({ windows }) => windows.map(({ window: one }) => one),
    handle: async ({ params, services }) => show(services, (await findConnection(services, params)).id),
  }),
  defineRoute({
    id: 'connections.blackouts.put',
    edits: 'connections.blackouts.get',
    method: 'put',
    path: '/tenants/{tenantId}/connections/{connectionId}/blackouts',
    summary: 'Sets when nothing is sent to a connection or read from it: a night batch, a maintenance',
    description:
      'Takes the place of all windows there were. Calls under way are finished, runs end after their batch and go on afterwards. What a ' +
      'person asks for in so many words, a connection test, is done all the same.',
    role: 'operator',
    params: connectionParams,
    body: z.strictObject({ windows: z.array(window).max(100).describe('They may overlap') }),
    answer: blackouts,
    audited: (body) => body,
    async handle({ params, body: { windows }, services }) {
      const { store, clock } = services;
      const { id: connectionId, tenant_id } = await findConnection(services, params);
      const news = { windows_json: JSON.stringify(windows), changed_at: clock.now() };
      await store.db
        .insertInto('blackout')
        .values({ connection_id: connectionId, tenant_id, ...news })
        .onConflict((conflict) => conflict.column('connection_id').doUpdateSet(news))
        .execute();
      store.notify({ about: 'work', tenantId: tenant_id });
      return show(services, connectionId);
    },
  }),
];

async function show({ store, clock }: Services, connectionId: string): Promise<z.input<typeof blackouts>> {
  const row = await store.db.selectFrom('blackout').select('windows_json').where('connection_id', '=', connectionId).executeTakeFirst();
  const windows = windowsOf(row);
  const dark = blackoutAt(windows, clock.now());
  return {
    connectionId,
    windows: windows.map((one: BlackoutWindow) => ({ words: windowWords(one), window: one })),
    isDark: dark !== undefined,
    until: isoTimeOrNull(dark?.until),
  };
}
