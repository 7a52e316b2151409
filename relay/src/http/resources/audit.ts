import { z } from 'zod';
import { actorNames } from '../../audit/index.ts';
import type { EventRow } from '../../store/index.ts';
import { relaySubject } from '../audit.ts';
import { isoTime, tenantParams, time } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const change = z
  .object({
    seq: z.int(),
    at: time,
    actor: z.string().describe("`token:` and the id of the API token, `agent:` and an agent's, `local:` and a user of the relay's machine"),
    actorName: z.string().nullable().describe('Of a person or an API token'),
    kind: z.string().describe('Id of the operation: `connections.create`'),
    data: z.unknown(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' });

const changesQuery = pageQuery.extend({
  kind: z
    .string()
    .max(60)
    .regex(/^[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*)*$/, 'is no kind of change: connections, connections.create')
    .optional()
    .describe('Only changes of this kind, or whose kind begins with it: `connections`'),
  actor: z.string().min(1).max(100).optional().describe('Only what this one did'),
  since: time.optional(),
  until: time.optional(),
});
type ChangesQuery = z.output<typeof changesQuery>;

export const auditRoutes: Route[] = [
  defineRoute({
    id: 'audit.tenant',
    method: 'get',
    path: '/tenants/{tenantId}/audit',
    summary: 'Who changed what in this tenant, newest first',
    role: 'admin',
    params: tenantParams,
    query: changesQuery,
    answer: pageOf(change),
    handle: ({ params: { tenantId }, query, services }) => changesOf(services, tenantId, query),
  }),
  defineRoute({
    id: 'audit.relay',
    method: 'get',
    path: '/audit',
    summary: 'Who changed what that belongs to no tenant, newest first',
    role: 'admin',
    scope: 'relay',
    query: changesQuery,
    answer: pageOf(change),
    handle: ({ query, services }) => changesOf(services, relaySubject, query),
  }),
];

async function changesOf({ store }: Services, subjectId: string, { limit, cursor, kind, actor, since, until }: ChangesQuery) {
  let rows = store.db
    .selectFrom('event')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (kind !== undefined) rows = rows.where((where) => where.or([where('kind', '=', kind), where('kind', 'like', `${kind}.%`)]));
  if (actor !== undefined) rows = rows.where('actor', '=', actor);
  if (since !== undefined) rows = rows.where('at', '>=', Date.parse(since));
  if (until !== undefined) rows = rows.where('at', '<', Date.parse(until));
  if (cursor !== undefined) rows = rows.where('seq', '<', Number(decodeCursor(cursor)));
  const found = await rows.execute();
  const names = await actorNames(
    store,
    found.map((row) => row.actor),
  );
  return toPage({ rows: found, limit, keyOf: (row) => String(row.seq), toItem: (row) => show(row, names.get(row.actor) ?? null) });
}

function show({ seq, at, actor, kind, data_json, hash }: EventRow, actorName: string | null): z.input<typeof change> {
  return { seq, at: isoTime(at), actor, actorName, kind, data: JSON.parse(data_json) as unknown, hash };
}
