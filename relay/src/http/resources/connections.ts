import type { Kysely } from 'kysely';
import { z } from 'zod';
import { haltOf, resumeConnection, wakeConnections } from '../../ledger/index.ts';
import { newId, type ConnectionRow, type Db } from '../../store/index.ts';
import type { CheckResult } from '../../systems/index.ts';
import { actorOf } from '../caller.ts';
import { systemOf } from '../catalog-entries.ts';
import { checkConnection } from '../check-connection.ts';
import { enteredSettings, refuseMovedSecrets, storeSettings, type StoredSettings } from '../connection-settings.ts';
import { findConnection, findSite } from '../find.ts';
import { displayName, id, isoTime, tenantParams, time } from '../ids.ts';
import { listNamed, namedQuery } from '../named-list.ts';
import { pageOf } from '../paging.ts';
import { ApiError, conflict } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { takeBackWebhooks } from '../take-back-webhooks.ts';

export const connectionParams = tenantParams.extend({ connectionId: id('connection') });
export const settings = z.record(z.string(), z.unknown()).describe('As GET /systems describes them. Secret ones are written, never read');

const halt = z.object({ code: z.string(), message: z.string(), fix: z.string(), at: time });
export const checkOutcome = z
  .object({
    at: time,
    ok: z.boolean(),
    account: z.string().nullable(),
    details: z.record(z.string(), z.string()),
    problem: halt.nullable(),
  })
  .meta({ id: 'ConnectionCheck' });

const connection = z
  .object({
    id: id('connection'),
    system: z.string(),
    name: z.string(),
    siteId: id('site').nullable(),
    settings: settings.describe('Without the secret ones'),
    halt: halt.nullable().describe('Why nothing on this connection will work until someone acts'),
    lastCheck: checkOutcome.nullable(),
    createdAt: time,
    changedAt: time,
  })
  .meta({ id: 'Connection' });

const newConnection = z.strictObject({
  system: z.string().min(1).max(40),
  name: displayName,
  siteId: id('site').optional().describe('For systems behind an agent'),
  settings: settings.default({}),
});

const changedConnection = z.strictObject({
  name: displayName.optional(),
  settings: settings.optional().describe('Only the fields to change; null takes one away'),
});

export const connectionRoutes: Route[] = [
  defineRoute({
    id: 'connections.list',
    method: 'get',
    path: '/tenants/{tenantId}/connections',
    summary: 'Connections of a tenant',
    role: 'viewer',
    params: tenantParams,
    query: namedQuery,
    answer: pageOf(connection),
    handle: ({ params: { tenantId }, query, services: { store } }) => listNamed(store, 'connection', { tenantId, ...query }, show),
  }),
  defineRoute({
    id: 'connections.create',
    method: 'post',
    path: '/tenants/{tenantId}/connections',
    summary: 'Makes a connection to one account on a system',
    role: 'admin',
    params: tenantParams,
    body: newConnection,
    answer: connection,
    status: 201,
    audited: ({ system, name, siteId, settings: given }) => ({ system, name, siteId, fields: Object.keys(given) }),
    async handle({ params: { tenantId }, body, services }) {
      const { store, clock, vault } = services;
      const manifest = systemOf(services, body.system);
      const siteId = await siteOf(services, { tenantId, siteId: body.siteId, runsOn: manifest.runsOn });
      await refuseTakenName(services, { tenantId, name: body.name });
      const connectionId = newId('connection', clock.now());
      const row: ConnectionRow = {
        id: connectionId,
        tenant_id: tenantId,
        system: manifest.id,
        name: body.name,
        site_id: siteId,
        ...storeSettings({ manifest, connectionId, siteId, settings: body.settings, vault }),
        version: 1,
        halted_json: null,
        check_json: null,
        created_at: clock.now(),
        changed_at: clock.now(),
      };
      await store.db.insertInto('connection').values(row).execute();
      return show(row);
    },
  }),
  defineRoute({
    id: 'connections.get',
    method: 'get',
    path: '/tenants/{tenantId}/connections/{connectionId}',
    summary: 'One connection',
    role: 'viewer',
    params: connectionParams,
    answer: connection,
    handle: async ({ params, services }) => show(await findConnection(services, params)),
  }),
  defineRoute({
    id: 'connections.change',
    method: 'patch',
    path: '/tenants/{tenantId}/connections/{connectionId}',
    summary: 'Changes a connection; fields that are not named stay as they are, secret ones as well',
    description:
      'Changed settings take effect with the next call, and end a halt. Another baseUrl needs the secret settings to be entered again.',
    role: 'admin',
    params: connectionParams,
    body: changedConnection,
    answer: connection,
    audited: ({ name, settings: given = {} }) => ({ name, fields: Object.keys(given) }),
    async handle({ params, body, services }) {
      const { store, clock } = services;
      const row = await findConnection(services, params);
      if (body.name !== undefined) await refuseTakenName(services, { tenantId: params.tenantId, name: body.name, except: row.id });
      const stored = body.settings && changeSettings(services, row, body.settings);
      await store.db
        .updateTable('connection')
        .set((set) => ({
          ...(body.name !== undefined && { name: body.name }),
          ...(stored && { ...stored, version: set('version', '+', 1) }),
          changed_at: clock.now(),
        }))
        .where('id', '=', row.id)
        .execute();
      store.notify({ about: 'connection', tenantId: params.tenantId, id: row.id });
      if (stored) await wakeConnections(store, clock, [row.id]);
      return show(await findConnection(services, params));
    },
  }),
  defineRoute({
    id: 'connections.delete',
    method: 'delete',
    path: '/tenants/{tenantId}/connections/{connectionId}',
    summary: 'Deletes a connection that no integration uses; its system is told to send no more webhooks',
    role: 'admin',
    params: connectionParams,
    status: 204,
    async handle({ params, caller, services }) {
      const { store } = services;
      const row = await findConnection(services, params);
      await refuseUsed(store.db, row);
      await takeBackWebhooks(services, row, caller);
      await store.transaction(async (transaction) => {
        await refuseUsed(transaction, row);
        await transaction.deleteFrom('sealed_credential').where('connection_id', '=', row.id).execute();
        await transaction.deleteFrom('blackout').where('connection_id', '=', row.id).execute();
        await transaction.deleteFrom('connection').where('id', '=', row.id).execute();
      });
      store.notify({ about: 'connection', tenantId: params.tenantId, id: row.id });
    },
  }),
  defineRoute({
    id: 'connections.check',
    method: 'post',
    path: '/tenants/{tenantId}/connections/{connectionId}/check',
    summary: 'Tries the connection now and tells as whom it is signed in, or why it does not work',
    role: 'operator',
    params: connectionParams,
    answer: checkOutcome,
    async handle({ params, services, signal }) {
      const row = await findConnection(services, params);
      return showCheck(await checkConnection(services, row, signal));
    },
  }),
  defineRoute({
    id: 'connections.resume',
    method: 'post',
    path: '/tenants/{tenantId}/connections/{connectionId}/resume',
    summary: 'Ends a halt: what waited for the connection goes out at once',
    role: 'operator',
    params: connectionParams,
    answer: connection,
    async handle({ params, caller, services }) {
      const { store, clock } = services;
      const row = await findConnection(services, params);
      await resumeConnection(store, clock, row.id, actorOf(caller));
      store.notify({ about: 'connection', tenantId: params.tenantId, id: row.id });
      return show(await findConnection(services, params));
    },
  }),
];

function show(row: ConnectionRow): z.input<typeof connection> {
  const halted = haltOf(row);
  return {
    id: row.id,
    system: row.system,
    name: row.name,
    siteId: row.site_id,
    settings: JSON.parse(row.settings_json) as Record<string, unknown>,
    halt: halted ? { code: halted.code, message: halted.message, fix: halted.fix ?? '', at: isoTime(halted.at) } : null,
    lastCheck: row.check_json === null ? null : showCheck(JSON.parse(row.check_json) as StoredCheck),
    createdAt: isoTime(row.created_at),
    changedAt: isoTime(row.changed_at),
  };
}

type StoredCheck = Awaited<ReturnType<typeof checkConnection>>;

export function showCheck({ at, result, problem }: StoredCheck): z.input<typeof checkOutcome> {
  const { account = null, details = {} } = (result ?? {}) as Partial<CheckResult>;
  return { at: isoTime(at), ok: result !== undefined, account, details, problem: problem ? { ...problem, at: isoTime(at) } : null };
}

export function changeSettings(services: Services, row: ConnectionRow, given: Record<string, unknown>): StoredSettings {
  const { vault } = services;
  const manifest = systemOf(services, row.system);
  const before = enteredSettings(vault, row);
  const after = withChanges(before, given);
  refuseMovedSecrets(manifest, { before, after, given });
  return storeSettings({ manifest, connectionId: row.id, siteId: row.site_id, settings: after, vault });
}

function withChanges(present: Record<string, unknown>, changes: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries({ ...present, ...changes }).filter(([, value]) => value !== null));
}

export async function siteOf(
  services: Services,
  { tenantId, siteId, runsOn }: { tenantId: string; siteId: string | undefined; runsOn: 'relay' | 'agent' },
): Promise<string | null> {
  if (runsOn === 'agent') {
    if (siteId !== undefined) return (await findSite(services, { tenantId, siteId })).id;
    throw fieldError('is missing: this system is reached through the agents of a site');
  }
  if (siteId === undefined) return null;
  throw fieldError('has no meaning here: the relay reaches this system by itself');
}

function fieldError(message: string): ApiError {
  return new ApiError(400, 'BODY_INVALID', `siteId ${message}`, { errors: [{ path: 'siteId', message }], fix: 'Correct siteId.' });
}

async function refuseTakenName({ store }: Services, wanted: { tenantId: string; name: string; except?: string }): Promise<void> {
  const { tenantId, name, except = '' } = wanted;
  const taken = await store.db
    .selectFrom('connection')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('name', '=', name)
    .where('id', '!=', except)
    .executeTakeFirst();
  if (taken) throw conflict('NAME_TAKEN', `there is a connection "${name}" already`, 'Choose another name.');
}

async function refuseUsed(transaction: Kysely<Db>, { id: connectionId, name }: ConnectionRow): Promise<void> {
  const user = await transaction
    .selectFrom('integration')
    .select('name')
    .where((one) => one.or([one('source_connection_id', '=', connectionId), one('target_connection_id', '=', connectionId)]))
    .executeTakeFirst();
  if (user)
    throw conflict('CONNECTION_USED', `connection ${name} is used by integration ${user.name}`, 'An integration keeps its connections.');
}
