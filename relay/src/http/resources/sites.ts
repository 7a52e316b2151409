import { z } from 'zod';
import { newId, type EnrollTokenRow, type SiteRow } from '../../store/index.ts';
import { findSite } from '../find.ts';
import { displayName, id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { listNamed, namedQuery } from '../named-list.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const site = z.object({ id: id('site'), name: z.string(), createdAt: time }).meta({ id: 'Site' });
const newSite = z.strictObject({ name: displayName });
const siteParams = tenantParams.extend({ siteId: id('site') });

const issuedToken = z
  .object({
    id: id('enrollToken'),
    token: z.string().describe('Shown only now. Good for one agent'),
    expiresAt: time,
    command: z.string().describe("To be run on the customer's machine"),
  })
  .meta({ id: 'IssuedEnrollToken' });

const enrollToken = z
  .object({
    id: id('enrollToken'),
    createdAt: time,
    expiresAt: time,
    usedAt: timeOrNull,
    agentId: id('agent').nullable().describe('The agent that enrolled with it'),
  })
  .meta({ id: 'EnrollToken' });

export const siteRoutes: Route[] = [
  defineRoute({
    id: 'sites.list',
    method: 'get',
    path: '/tenants/{tenantId}/sites',
    summary: 'Sites of a tenant',
    role: 'viewer',
    params: tenantParams,
    query: namedQuery,
    answer: pageOf(site),
    handle: ({ params: { tenantId }, query, services: { store } }) => listNamed(store, 'site', { tenantId, ...query }, show),
  }),
  defineRoute({
    id: 'sites.create',
    method: 'post',
    path: '/tenants/{tenantId}/sites',
    summary: "Makes a site: a place in the customer's network, served by one or more agents",
    role: 'admin',
    params: tenantParams,
    body: newSite,
    answer: site,
    status: 201,
    audited: ({ name }) => ({ name }),
    async handle({ params: { tenantId }, body: { name }, services }) {
      const { store, clock } = services;
      await refuseTakenName(services, { tenantId, name });
      const row = { id: newId('site', clock.now()), tenant_id: tenantId, name, created_at: clock.now() };
      await store.db.insertInto('site').values(row).execute();
      return show(row);
    },
  }),
  defineRoute({
    id: 'sites.get',
    method: 'get',
    path: '/tenants/{tenantId}/sites/{siteId}',
    summary: 'One site',
    role: 'viewer',
    params: siteParams,
    answer: site,
    handle: async ({ params, services }) => show(await findSite(services, params)),
  }),
  defineRoute({
    id: 'sites.rename',
    method: 'patch',
    path: '/tenants/{tenantId}/sites/{siteId}',
    summary: 'Renames a site',
    role: 'admin',
    params: siteParams,
    body: newSite,
    answer: site,
    audited: ({ name }) => ({ name }),
    async handle({ params, body: { name }, services }) {
      const row = await findSite(services, params);
      await refuseTakenName(services, { tenantId: params.tenantId, name, except: row.id });
      await services.store.db.updateTable('site').set({ name }).where('id', '=', row.id).execute();
      return show({ ...row, name });
    },
  }),
  defineRoute({
    id: 'enroll-tokens.issue',
    method: 'post',
    path: '/tenants/{tenantId}/sites/{siteId}/enroll-tokens',
    summary: 'Issues a one-time token that lets one agent enrol at the site',
    role: 'admin',
    params: siteParams,
    body: z.strictObject({ validMinutes: z.int().min(1).max(43_200).default(60) }),
    answer: issuedToken,
    status: 201,
    audited: ({ validMinutes }) => ({ validMinutes }),
    async handle({ params, body: { validMinutes }, services }) {
      await findSite(services, params);
      const { tokenId, token, expiresAt } = await services.issueEnrollToken({ ...params, ttlMs: validMinutes * 60_000 });
      return { id: tokenId, token, expiresAt: isoTime(expiresAt), command: `ml-agent enroll ${token}` };
    },
  }),
  defineRoute({
    id: 'enroll-tokens.list',
    method: 'get',
    path: '/tenants/{tenantId}/sites/{siteId}/enroll-tokens',
    summary: 'Tokens issued for a site, newest first, without the tokens themselves',
    role: 'admin',
    params: siteParams,
    query: pageQuery,
    answer: pageOf(enrollToken),
    async handle({ params, query: { limit, cursor }, services }) {
      const { id: siteId } = await findSite(services, params);
      let rows = services.store.db
        .selectFrom('enroll_token')
        .selectAll()
        .where('site_id', '=', siteId)
        .orderBy('id', 'desc')
        .limit(limit + 1);
      if (cursor !== undefined) rows = rows.where('id', '<', decodeCursor(cursor));
      return toPage({ rows: await rows.execute(), limit, keyOf: (row) => row.id, toItem: showToken });
    },
  }),
];

function show({ id, name, created_at }: SiteRow): z.input<typeof site> {
  return { id, name, createdAt: isoTime(created_at) };
}

function showToken({ id, created_at, expires_at, used_at, agent_id }: EnrollTokenRow): z.input<typeof enrollToken> {
  return { id, createdAt: isoTime(created_at), expiresAt: isoTime(expires_at), usedAt: isoTimeOrNull(used_at), agentId: agent_id };
}

async function refuseTakenName({ store }: Services, site: { tenantId: string; name: string; except?: string }): Promise<void> {
  const { tenantId, name, except = '' } = site;
  const taken = await store.db
    .selectFrom('site')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .where('id', '!=', except)
    .executeTakeFirst();
  if (taken) throw conflict('NAME_TAKEN', `there is a site "${name}" already`, 'Choose another name.');
}
