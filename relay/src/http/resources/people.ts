import { z } from 'zod';
import {
  addPerson,
  changeGrants,
  findPerson,
  issueLink,
  removeSecondFactor,
  roles,
  sameEmail,
  setDisabled,
  type Grants,
  type Role,
} from '../../people/index.ts';
import type { PersonRow } from '../../store/index.ts';
import { tenantsOf, type Caller } from '../caller.ts';
import { displayName, id, isoTime, isoTimeOrNull, tenantParams, time, timeOrNull } from '../ids.ts';
import { decodeCursor, pageOf, pageQuery, toPage } from '../paging.ts';
import { ApiError, notFound } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { email } from './links.ts';

const person = z
  .object({
    id: id('person'),
    email: z.string(),
    name: z.string(),
    everywhere: z.enum(roles).nullable().describe('Role in all tenants and the relay itself'),
    hasPassword: z.boolean(),
    hasSecondFactor: z.boolean(),
    createdAt: time,
    disabledAt: timeOrNull,
    lastSignedInAt: timeOrNull,
  })
  .meta({ id: 'Person' });
const member = z
  .object({ id: id('person'), email: z.string(), name: z.string(), role: z.enum(roles), lastSignedInAt: timeOrNull })
  .meta({ id: 'Member' });
const link = z.object({ url: z.string().describe('Shown only now; works once'), expiresAt: time }).meta({ id: 'PersonLink' });

const personParams = z.strictObject({ personId: id('person') });
const memberParams = tenantParams.extend({ personId: id('person') });

/** A tenant's administrators choose who may do what in it; accounts themselves belong to the relay's administrators. */
export const peopleRoutes: Route[] = [
  defineRoute({
    id: 'members.list',
    method: 'get',
    path: '/tenants/{tenantId}/people',
    summary: 'Who has a role in this tenant',
    role: 'admin',
    params: tenantParams,
    query: pageQuery,
    answer: pageOf(member),
    async handle({ params: { tenantId }, query: { limit, cursor }, services: { store } }) {
      let rows = store.db
        .selectFrom('person_tenant')
        .innerJoin('person', 'person.id', 'person_tenant.person_id')
        .select(['person.id', 'person.email', 'person.name', 'person.last_signed_in_at', 'person_tenant.role'])
        .where('person_tenant.tenant_id', '=', tenantId)
        .orderBy('person.id')
        .limit(limit + 1);
      if (cursor !== undefined) rows = rows.where('person.id', '>', decodeCursor(cursor));
      const toItem = ({
        last_signed_in_at,
        role,
        ...row
      }: {
        id: string;
        email: string;
        name: string;
        last_signed_in_at: number | null;
        role: string;
      }) => ({
        ...row,
        role: role as Role,
        lastSignedInAt: isoTimeOrNull(last_signed_in_at),
      });
      return toPage({ rows: await rows.execute(), limit, keyOf: (row) => row.id, toItem });
    },
  }),
  defineRoute({
    id: 'members.add',
    method: 'post',
    path: '/tenants/{tenantId}/people',
    summary: 'Gives somebody a role in this tenant; who has no account gets one, and a link to set a password',
    role: 'admin',
    params: tenantParams,
    body: z.strictObject({ email, name: displayName, role: z.enum(roles) }),
    answer: z.object({ id: id('person'), link: link.nullable().describe('null: has an account already') }),
    status: 201,
    audited: (body) => body,
    async handle({ params: { tenantId }, body, caller, services }) {
      const known = await findPerson(services, { email: body.email });
      if (known) {
        if (!mayInvite(caller, known.grants)) throw accountOfOthers();
        await changeGrants(services, known.row.id, { tenants: new Map([[tenantId, body.role]]) });
        return { id: known.row.id, link: null };
      }
      const grants = { everywhere: null, tenants: new Map([[tenantId, body.role]]) };
      const personId = await addPerson(services, { ...body, grants });
      return { id: personId, link: await linkFor(services, personId, caller.actor) };
    },
  }),
  defineRoute({
    id: 'members.change',
    method: 'patch',
    path: '/tenants/{tenantId}/people/{personId}',
    summary: 'Changes the role of somebody in this tenant',
    role: 'admin',
    params: memberParams,
    body: z.strictObject({ role: z.enum(roles) }),
    status: 204,
    audited: (body) => body,
    async handle({ params: { tenantId, personId }, body: { role }, services }) {
      await memberOf(services, tenantId, personId);
      await changeGrants(services, personId, { tenants: new Map([[tenantId, role]]) });
    },
  }),
  defineRoute({
    id: 'members.remove',
    method: 'delete',
    path: '/tenants/{tenantId}/people/{personId}',
    summary: 'Takes the role in this tenant; the account stays',
    role: 'admin',
    params: memberParams,
    status: 204,
    async handle({ params: { tenantId, personId }, services }) {
      await memberOf(services, tenantId, personId);
      await changeGrants(services, personId, { tenants: new Map([[tenantId, null]]) });
    },
  }),
  defineRoute({
    id: 'people.list',
    method: 'get',
    path: '/people',
    summary: 'All accounts',
    role: 'admin',
    scope: 'relay',
    query: pageQuery.extend({ email: z.string().max(254).optional().describe('Only the account with this address') }),
    answer: pageOf(person),
    async handle({ query: { limit, cursor, email: address }, services: { store } }) {
      let rows = store.db
        .selectFrom('person')
        .selectAll()
        .orderBy('id')
        .limit(limit + 1);
      if (cursor !== undefined) rows = rows.where('id', '>', decodeCursor(cursor));
      if (address !== undefined) rows = rows.where('email', '=', sameEmail(address));
      return toPage({ rows: await rows.execute(), limit, keyOf: (row) => row.id, toItem: show });
    },
  }),
  defineRoute({
    id: 'people.add',
    method: 'post',
    path: '/people',
    summary: 'Makes an account with a role in all tenants, and a link to set its password',
    role: 'admin',
    scope: 'relay',
    body: z.strictObject({ email, name: displayName, everywhere: z.enum(roles) }),
    answer: z.object({ id: id('person'), link }),
    status: 201,
    audited: (body) => body,
    async handle({ body: { everywhere, ...who }, caller, services }) {
      if (await findPerson(services, { email: who.email }))
        throw new ApiError(409, 'EMAIL_TAKEN', 'there is an account with this address already', { fix: 'Change that one.' });
      const personId = await addPerson(services, { ...who, grants: { everywhere, tenants: new Map() } });
      return { id: personId, link: await linkFor(services, personId, caller.actor) };
    },
  }),
  defineRoute({
    id: 'people.change',
    method: 'patch',
    path: '/people/{personId}',
    summary: 'Changes an account; who is disabled is signed out at once',
    role: 'admin',
    scope: 'relay',
    params: personParams,
    body: z.strictObject({
      name: displayName.optional(),
      everywhere: z.enum(roles).nullable().optional(),
      disabled: z.boolean().optional(),
    }),
    answer: person,
    audited: (body) => body,
    async handle({ params: { personId }, body: { name, everywhere, disabled }, caller, services }) {
      await personOf(services, personId);
      if (caller.actor === `person:${personId}` && (disabled === true || (everywhere !== undefined && everywhere !== 'admin')))
        throw new ApiError(409, 'OWN_ACCOUNT', 'this would take your own access', { fix: 'Another administrator can do it.' });
      if (name !== undefined) await services.store.db.updateTable('person').set({ name }).where('id', '=', personId).execute();
      if (everywhere !== undefined) await changeGrants(services, personId, { everywhere });
      if (disabled !== undefined) await setDisabled(services, personId, disabled);
      return show(await personOf(services, personId));
    },
  }),
  defineRoute({
    id: 'people.link',
    method: 'post',
    path: '/people/{personId}/link',
    summary: 'A link with which somebody sets a new password',
    role: 'admin',
    scope: 'relay',
    params: personParams,
    answer: link,
    async handle({ params: { personId }, caller, services }) {
      await personOf(services, personId);
      return linkFor(services, personId, caller.actor);
    },
  }),
  defineRoute({
    id: 'people.second-factor.remove',
    method: 'delete',
    path: '/people/{personId}/second-factor',
    summary: 'Switches the second factor of somebody off, who lost the phone',
    role: 'admin',
    scope: 'relay',
    params: personParams,
    status: 204,
    async handle({ params: { personId }, services }) {
      await personOf(services, personId);
      await removeSecondFactor(services, personId);
    },
  }),
];

async function linkFor(services: Services, personId: string, createdBy: string): Promise<z.input<typeof link>> {
  const { token, expiresAt } = await issueLink(services, { purpose: 'password', personId, createdBy });
  // Behind #, so that it never stands in a log of a server.
  return { url: `${services.alerts.publicUrl().replace(/\/$/, '')}/link#${token}`, expiresAt: isoTime(expiresAt) };
}

/** Who made an account could have set its password: those who did not make it have the relay's administrator vouch for it. */
function mayInvite(caller: Caller, { tenants }: Grants): boolean {
  const own = tenantsOf(caller, 'admin');
  return own === undefined || own.some((tenantId) => tenants.has(tenantId));
}

function accountOfOthers(): ApiError {
  return new ApiError(409, 'ACCOUNT_OF_OTHERS', 'somebody else made the account of this address', {
    fix: "Ask the relay's administrator to give it the role.",
  });
}

async function personOf(services: Services, personId: string): Promise<PersonRow> {
  const found = await findPerson(services, { id: personId });
  if (!found) throw notFound('person', personId);
  return found.row;
}

async function memberOf(services: Services, tenantId: string, personId: string): Promise<void> {
  const found = await findPerson(services, { id: personId });
  if (!found?.grants.tenants.has(tenantId)) throw notFound('person', personId);
}

function show(row: PersonRow): z.input<typeof person> {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    everywhere: row.relay_role as Role | null,
    hasPassword: row.password_hash !== null,
    hasSecondFactor: row.totp_secret !== null,
    createdAt: isoTime(row.created_at),
    disabledAt: isoTimeOrNull(row.disabled_at),
    lastSignedInAt: isoTimeOrNull(row.last_signed_in_at),
  };
}
