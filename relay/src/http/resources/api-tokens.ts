import { z } from 'zod';
import type { ApiTokenRow } from '../../store/index.ts';
import { issueApiToken } from '../api-tokens.ts';
import { roles, type Role } from '../../people/index.ts';
import { onlyTenantOf, tenantsOf, type Caller } from '../caller.ts';
import { displayName, id, isoTime, isoTimeOrNull, time, timeOrNull } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { ApiError, notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const apiToken = z
  .object({
    id: id('apiToken'),
    name: z.string(),
    tenantId: id('tenant').nullable().describe('null: all tenants'),
    role: z.enum(roles),
    createdAt: time,
    expiresAt: timeOrNull,
    revokedAt: timeOrNull,
    lastUsedAt: timeOrNull.describe('To the minute'),
  })
  .meta({ id: 'ApiToken' });

/** A token of one tenant sees and makes tokens of that tenant only. */
export const apiTokenRoutes: Route[] = [
  defineRoute({
    id: 'api-tokens.list',
    method: 'get',
    path: '/api-tokens',
    summary: 'API tokens, without the tokens themselves',
    role: 'admin',
    query: pageQuery,
    answer: pageOf(apiToken),
    async handle({ query: { limit, cursor }, caller, services: { store } }) {
      let rows = store.db
        .selectFrom('api_token')
        .selectAll()
        .orderBy('id')
        .limit(limit + 1);
      const own = tenantsOf(caller, 'admin');
      if (own) rows = rows.where('tenant_id', 'in', own);
      if (cursor !== undefined) rows = rows.where('id', '>', decodeCursor(cursor));
      return toPage({ rows: await rows.execute(), limit, keyOf: (row) => row.id, toItem: show });
    },
  }),
  defineRoute({
    id: 'api-tokens.create',
    method: 'post',
    path: '/api-tokens',
    summary: 'Makes an API token; it is shown only in this answer',
    role: 'admin',
    body: z.strictObject({
      name: displayName,
      tenantId: id('tenant').nullable().default(null).describe('null: all tenants'),
      role: z.enum(roles),
      expiresAt: timeOrNull.default(null),
    }),
    answer: apiToken.extend({ token: z.string().describe('Shown only now') }),
    status: 201,
    audited: (body) => body,
    async handle({ body: { name, tenantId, role, expiresAt }, caller, services }) {
      const ofTenant = await tenantFor(services, caller, tenantId);
      const ends = expiresAt === null ? null : Date.parse(expiresAt);
      if (ends !== null && ends <= services.clock.now())
        throw new ApiError(400, 'BODY_INVALID', 'expiresAt is in the past', {
          errors: [{ path: 'expiresAt', message: 'is in the past' }],
          fix: 'Give a later time.',
        });
      const { token, row } = await issueApiToken(services, { name, tenantId: ofTenant, role, expiresAt: ends });
      return { ...show(row), token };
    },
  }),
  defineRoute({
    id: 'api-tokens.revoke',
    method: 'delete',
    path: '/api-tokens/{apiTokenId}',
    summary: 'Revokes an API token at once',
    role: 'admin',
    params: z.strictObject({ apiTokenId: id('apiToken') }),
    status: 204,
    async handle({ params: { apiTokenId }, caller, services: { store, clock } }) {
      const row = await store.db.selectFrom('api_token').selectAll().where('id', '=', apiTokenId).executeTakeFirst();
      if (!row || !mayManage(caller, row.tenant_id)) throw notFound('API token', apiTokenId);
      if (row.revoked_at === null)
        await store.db.updateTable('api_token').set({ revoked_at: clock.now() }).where('id', '=', apiTokenId).execute();
    },
  }),
];

/** A tenant's own administrator need not name the tenant, and can name no other. */
async function tenantFor({ store }: Services, caller: Caller, given: string | null): Promise<string | null> {
  const tenantId = given ?? onlyTenantOf(caller) ?? null;
  if (!mayManage(caller, tenantId)) throw tenantId === null ? tenantMissing() : notFound('tenant', tenantId);
  if (tenantId === null) return null;
  const tenant = await store.db.selectFrom('tenant').select('id').where('id', '=', tenantId).executeTakeFirst();
  if (!tenant) throw notFound('tenant', tenantId);
  return tenantId;
}

function mayManage(caller: Caller, tenantId: string | null): boolean {
  const own = tenantsOf(caller, 'admin');
  return own === undefined || (tenantId !== null && own.includes(tenantId));
}

function tenantMissing(): ApiError {
  return new ApiError(403, 'TENANT_TOKEN', 'a token for all tenants needs an administrator of all tenants', { fix: 'Name a tenant.' });
}

function show(row: ApiTokenRow): z.input<typeof apiToken> {
  return {
    id: row.id,
    name: row.name,
    tenantId: row.tenant_id,
    role: row.role as Role,
    createdAt: isoTime(row.created_at),
    expiresAt: isoTimeOrNull(row.expires_at),
    revokedAt: isoTimeOrNull(row.revoked_at),
    lastUsedAt: isoTimeOrNull(row.last_used_at),
  };
}
