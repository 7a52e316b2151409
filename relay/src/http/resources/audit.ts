import { z } from 'zod';
import type { EventRow } from '../../store/index.ts';
import { relaySubject } from '../audit.ts';
import { isoTime, tenantParams, time } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage, type PageQuery } from '../paging.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const change = z
  .object({
    seq: z.int(),
    at: time,
    actor: z.string().describe("`token:` and the id of the API token, `agent:` and an agent's, `local:` and a user of the relay's machine"),
    kind: z.string().describe('Id of the operation: `connections.create`'),
    data: z.unknown(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEvent' });

export const auditRoutes: Route[] = [
  defineRoute({
    id: 'audit.tenant',
    method: 'get',
    path: '/tenants/{tenantId}/audit',
    summary: 'Who changed what in this tenant, newest first',
    role: 'admin',
    params: tenantParams,
    query: pageQuery,
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
    query: pageQuery,
    answer: pageOf(change),
    handle: ({ query, services }) => changesOf(services, relaySubject, query),
  }),
];

async function changesOf({ store }: Services, subjectId: string, { limit, cursor }: PageQuery) {
  let rows = store.db
    .selectFrom('event')
    .selectAll()
    .where('subject_id', '=', subjectId)
    .orderBy('seq', 'desc')
    .limit(limit + 1);
  if (cursor !== undefined) rows = rows.where('seq', '<', Number(decodeCursor(cursor)));
  return toPage({ rows: await rows.execute(), limit, keyOf: (row) => String(row.seq), toItem: show });
}

function show({ seq, at, actor, kind, data_json, hash }: EventRow): z.input<typeof change> {
  return { seq, at: isoTime(at), actor, kind, data: JSON.parse(data_json) as unknown, hash };
}
