import { z } from 'zod';
import { newId, type TenantRow } from '../../store/index.ts';
import { tenantsOf } from '../caller.ts';
import { displayName, id, isoTime, tenantParams, time } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const tenant = z.object({ id: id('tenant'), name: z.string(), createdAt: time }).meta({ id: 'Tenant' });
const newTenant = z.strictObject({ name: displayName });

export const tenantRoutes: Route[] = [
  defineRoute({
    id: 'tenants.list',
    method: 'get',
    path: '/tenants',
    summary: 'Tenants that the caller may see',
    role: 'viewer',
    query: pageQuery.extend({ name: displayName.optional() }),
    answer: pageOf(tenant),
    async handle({ query: { limit, cursor, name }, caller, services: { store } }) {
      let rows = store.db
        .selectFrom('tenant')
        .selectAll()
        .orderBy('id')
        .limit(limit + 1);
      const seen = tenantsOf(caller, 'viewer');
      if (seen) rows = rows.where('id', 'in', seen);
      if (name !== undefined) rows = rows.where('name', '=', name);
      if (cursor !== undefined) rows = rows.where('id', '>', decodeCursor(cursor));
      return toPage({ rows: await rows.execute(), limit, keyOf: (row) => row.id, toItem: show });
    },
  }),
  defineRoute({
    id: 'tenants.create',
    method: 'post',
    path: '/tenants',
    summary: 'Makes a tenant',
    role: 'admin',
    scope: 'relay',
    body: newTenant,
    answer: tenant,
    status: 201,
    audited: ({ name }) => ({ name }),
    async handle({ body: { name }, services }) {
      const { store, clock } = services;
      await refuseTakenName(services, name);
      const row = { id: newId('tenant', clock.now()), name, created_at: clock.now() };
      await store.db.insertInto('tenant').values(row).execute();
      return show(row);
    },
  }),
  defineRoute({
    id: 'tenants.get',
    method: 'get',
    path: '/tenants/{tenantId}',
    summary: 'One tenant',
    role: 'viewer',
    params: tenantParams,
    answer: tenant,
    handle: async ({ params, services }) => show(await load(services, params.tenantId)),
  }),
  defineRoute({
    id: 'tenants.rename',
    method: 'patch',
    path: '/tenants/{tenantId}',
    summary: 'Renames a tenant',
    role: 'admin',
    scope: 'relay',
    params: tenantParams,
    body: newTenant,
    answer: tenant,
    audited: ({ name }) => ({ name }),
    async handle({ params: { tenantId }, body: { name }, services }) {
      await refuseTakenName(services, name, tenantId);
      await services.store.db.updateTable('tenant').set({ name }).where('id', '=', tenantId).execute();
      return show(await load(services, tenantId));
    },
  }),
];

function show({ id, name, created_at }: TenantRow): z.input<typeof tenant> {
  return { id, name, createdAt: isoTime(created_at) };
}

function load({ store }: Services, tenantId: string): Promise<TenantRow> {
  return store.db.selectFrom('tenant').selectAll().where('id', '=', tenantId).executeTakeFirstOrThrow();
}

async function refuseTakenName({ store }: Services, name: string, except = ''): Promise<void> {
  const taken = await store.db.selectFrom('tenant').select('id').where('name', '=', name).where('id', '!=', except).executeTakeFirst();
  if (taken) throw conflict('NAME_TAKEN', `there is a tenant "${name}" already`, 'Choose another name.');
}
