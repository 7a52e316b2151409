import { z } from 'zod';
import {
  confirmSecondFactor,
  endSessions,
  hashPassword,
  isPassword,
  proposeSecondFactor,
  removeSecondFactor,
  roles,
  type SignedIn,
} from '../../people/index.ts';
import { auditPerson } from '../audit.ts';
import { mayAct, onlyTenantOf, type Caller } from '../caller.ts';
import { id, isoTime, time } from '../ids.ts';
import { ApiError } from '../problem.ts';
import { defineRoute, type Browser, type Route } from '../route.ts';
import type { Services } from '../services.ts';
import { checkPassword, newPassword } from './links.ts';

const me = z
  .object({
    name: z.string(),
    email: z.string().nullable().describe('null: a program with an API token'),
    tenantId: id('tenant').nullable().describe('Where there is only one'),
    everywhere: z.enum(roles).nullable().describe('Role in all tenants and the relay itself'),
    tenants: z.array(z.object({ tenantId: id('tenant'), role: z.enum(roles) })),
    role: z.enum(roles).describe('The largest held anywhere'),
    may: z.array(z.enum(roles)),
    hasSecondFactor: z.boolean(),
    csrfToken: z.string().nullable().describe('Sent as X-CSRF-Token with every change'),
  })
  .meta({ id: 'Me' });

const session = z.object({ at: time, lastUsedAt: time, address: z.string(), browser: z.string(), isThis: z.boolean() });

export const meRoutes: Route[] = [
  defineRoute({
    id: 'me.get',
    method: 'get',
    path: '/me',
    summary: 'Who asks, and what that one may do',
    role: 'viewer',
    // Who lost the last role still learns so, and can sign out.
    access: 'any',
    answer: me,
    handle: async ({ caller }) => show(caller),
  }),
  defineRoute({
    id: 'me.sessions',
    method: 'get',
    path: '/me/sessions',
    summary: 'Where one is signed in',
    role: 'viewer',
    access: 'own',
    answer: z.object({ items: z.array(session) }),
    async handle({ caller, services: { store } }) {
      const { person, session: own } = signedInOf(caller);
      const rows = await store.db
        .selectFrom('person_session')
        .selectAll()
        .where('person_id', '=', person.row.id)
        .orderBy('last_used_at', 'desc')
        .execute();
      return {
        items: rows.map((row) => ({
          at: isoTime(row.created_at),
          lastUsedAt: isoTime(row.last_used_at),
          address: row.address,
          browser: row.browser,
          isThis: row.token_hash === own.token_hash,
        })),
      };
    },
  }),
  defineRoute({
    id: 'me.sessions.end',
    method: 'delete',
    path: '/me/sessions',
    summary: 'Signs out everywhere else',
    role: 'viewer',
    access: 'own',
    status: 204,
    async handle({ caller, services, browser }) {
      const { person, session: own } = signedInOf(caller);
      await endSessions(services, person.row.id, own.token_hash);
      await audit(services, caller, browser, 'me.sessions.end');
    },
  }),
  defineRoute({
    id: 'me.password',
    method: 'put',
    path: '/me/password',
    summary: 'Changes the own password, and signs out everywhere else',
    role: 'viewer',
    access: 'own',
    body: z.strictObject({ current: z.string().max(1000), password: newPassword }),
    status: 204,
    async handle({ body, caller, services, browser }) {
      const { person, session: own } = signedInOf(caller);
      await provePassword(services, caller, browser, body.current);
      checkPassword(body.password, person.row);
      const hash = await hashPassword(body.password);
      await services.store.db.updateTable('person').set({ password_hash: hash }).where('id', '=', person.row.id).execute();
      await endSessions(services, person.row.id, own.token_hash);
      await audit(services, caller, browser, 'me.password');
    },
  }),
  defineRoute({
    id: 'me.second-factor.propose',
    method: 'post',
    path: '/me/second-factor',
    summary: 'A secret for an authenticator app; it counts once a code of it was sent',
    role: 'viewer',
    access: 'own',
    answer: z.object({ secret: z.string(), address: z.string().describe('What a QR code shows') }),
    handle: async ({ caller }) => proposeSecondFactor(signedInOf(caller).person.row.email),
  }),
  defineRoute({
    id: 'me.second-factor.confirm',
    method: 'put',
    path: '/me/second-factor',
    summary: 'Switches the second factor on; answers the recovery codes, which are shown only now',
    role: 'viewer',
    access: 'own',
    body: z.strictObject({ secret: z.string().regex(/^[A-Z2-7]{32}$/), code: z.string().regex(/^\d{6}$/), password: z.string().max(1000) }),
    answer: z.object({ recoveryCodes: z.array(z.string()) }),
    async handle({ body: { password, ...proof }, caller, services, browser }) {
      await provePassword(services, caller, browser, password);
      const recoveryCodes = await confirmSecondFactor(services, signedInOf(caller).person.row.id, proof);
      if (!recoveryCodes)
        throw new ApiError(400, 'CODE_WRONG', 'the code is not right', { fix: 'Check the clock of the phone, and enter the next code.' });
      await audit(services, caller, browser, 'me.second-factor.confirm');
      return { recoveryCodes };
    },
  }),
  defineRoute({
    id: 'me.second-factor.remove',
    method: 'delete',
    path: '/me/second-factor',
    summary: 'Switches the second factor off',
    role: 'viewer',
    access: 'own',
    body: z.strictObject({ password: z.string().max(1000) }),
    status: 204,
    async handle({ body, caller, services, browser }) {
      await provePassword(services, caller, browser, body.password);
      await removeSecondFactor(services, signedInOf(caller).person.row.id);
      await audit(services, caller, browser, 'me.second-factor.remove');
    },
  }),
];

function show(caller: Caller): z.input<typeof me> {
  const { everywhere, tenants } = caller.grants;
  return {
    name: caller.name,
    email: caller.signedIn?.person.row.email ?? null,
    tenantId: onlyTenantOf(caller) ?? null,
    everywhere,
    tenants: [...tenants].map(([tenantId, role]) => ({ tenantId, role })),
    role: caller.role,
    may: roles.filter((role) => mayAct(caller, role)),
    hasSecondFactor: caller.signedIn !== undefined && caller.signedIn.person.row.totp_secret !== null,
    csrfToken: caller.signedIn?.session.csrf ?? null,
  };
}

/** Routes of `own` access are reached by nobody else. */
function signedInOf({ signedIn }: Caller): SignedIn {
  if (!signedIn) throw new Error('a route for persons was reached without one');
  return signedIn;
}

/** Who finds an open browser must not take the account over. */
async function provePassword({ attempts }: Services, caller: Caller, { address }: Browser, password: string): Promise<void> {
  const { row } = signedInOf(caller).person;
  const attempt = { email: row.email, address };
  const waitSeconds = attempts.waitSeconds(attempt);
  if (waitSeconds !== undefined)
    throw new ApiError(429, 'SIGN_IN_LIMITED', 'too many wrong tries', {
      headers: { 'Retry-After': String(waitSeconds) },
      fix: `Wait ${waitSeconds} seconds.`,
    });
  attempts.failed(attempt);
  if (!(await isPassword(password, row.password_hash ?? undefined)))
    throw new ApiError(403, 'PASSWORD_WRONG', 'the current password is not right', { fix: 'Try again.' });
  attempts.succeeded(attempt);
}

function audit(services: Services, { actor }: Caller, { address }: Browser, kind: string): Promise<void> {
  return auditPerson(services, { actor, kind, from: address });
}
