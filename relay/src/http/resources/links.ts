import { z } from 'zod';
import { findLink, findPerson, passwordFault, usePasswordLink, useSetupLink } from '../../people/index.ts';
import { auditPerson } from '../audit.ts';
import { enter } from '../enter.ts';
import { displayName } from '../ids.ts';
import { ApiError } from '../problem.ts';
import { defineRoute, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const token = z.string().regex(/^[\w-]{43}$/, 'is not the token of a link');
export const email = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'is no e-mail address');
export const newPassword = z.string().max(1000);

export const linkRoutes: Route[] = [
  defineRoute({
    id: 'links.look',
    method: 'post',
    path: '/links/look',
    summary: 'What a link is for, before it is used',
    role: 'viewer',
    access: 'public',
    body: z.strictObject({ token }),
    answer: z.object({ purpose: z.enum(['setup', 'password']), email: z.string().nullable(), name: z.string().nullable() }),
    async handle({ body, services }) {
      const link = await findLink(services, body.token);
      if (!link) throw linkOver();
      const person = link.person_id === null ? undefined : await findPerson(services, { id: link.person_id });
      return {
        purpose: link.purpose === 'setup' ? ('setup' as const) : ('password' as const),
        email: person?.row.email ?? null,
        name: person?.row.name ?? null,
      };
    },
  }),
  defineRoute({
    id: 'links.use',
    method: 'post',
    path: '/links/use',
    summary: 'Uses a link up: makes the first administrator, or sets a password; signs in',
    description: 'Somebody with a second factor is not signed in by it.',
    role: 'viewer',
    access: 'public',
    body: z.strictObject({ token, password: newPassword, email: email.optional(), name: displayName.optional() }),
    answer: z.object({ signedIn: z.boolean() }),
    async handle({ body, services, browser }) {
      const personId = await use(services, body);
      if (personId === undefined) throw linkOver();
      await auditPerson(services, { actor: `person:${personId}`, kind: 'links.use', from: browser.address });
      const person = await findPerson(services, { id: personId });
      const signedIn = person?.row.totp_secret === null && person.row.disabled_at === null;
      if (signedIn) await enter(services, personId, { browser, by: 'link' });
      return { signedIn };
    },
  }),
];

async function use(
  services: Services,
  given: { token: string; password: string; email?: string | undefined; name?: string | undefined },
): Promise<string | undefined> {
  const link = await findLink(services, given.token);
  if (!link) return undefined;
  if (link.purpose === 'setup') {
    const { email: address, name } = given;
    if (address === undefined || name === undefined) throw invalid(address === undefined ? 'email' : 'name', 'is missing');
    checkPassword(given.password, { email: address, name });
    return useSetupLink(services, given.token, { email: address, name, password: given.password });
  }
  const person = await findPerson(services, { id: link.person_id ?? '' });
  if (!person) return undefined;
  checkPassword(given.password, person.row);
  return usePasswordLink(services, given.token, given.password);
}

/** Throws the 400 that names the field. */
export function checkPassword(password: string, of: { email: string; name: string }): void {
  const fault = passwordFault(password, of);
  if (fault) throw invalid('password', fault);
}

function invalid(path: string, message: string): ApiError {
  return new ApiError(400, 'BODY_INVALID', `${path} ${message}`, { errors: [{ path, message }], fix: 'Correct it and send it again.' });
}

function linkOver(): ApiError {
  return new ApiError(410, 'LINK_OVER', 'the link was used already, is too old, or a newer one was made', {
    fix: 'Ask an administrator for a new one. On the machine of the relay: ml-relay people link',
  });
}
