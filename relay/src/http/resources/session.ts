import { z } from 'zod';
import { endSession, findPerson, isPassword, sameEmail, takeCode } from '../../people/index.ts';
import { auditPerson } from '../audit.ts';
import { enter } from '../enter.ts';
import { ApiError } from '../problem.ts';
import { defineRoute, type Browser, type Route } from '../route.ts';
import type { Services } from '../services.ts';

const credentials = z.strictObject({
  email: z.string().min(3).max(254),
  password: z.string().min(1).max(1000),
  code: z.string().max(20).optional().describe('Of the authenticator app, or a recovery code; asked for with CODE_NEEDED'),
});

export const sessionRoutes: Route[] = [
  defineRoute({
    id: 'session.begin',
    method: 'post',
    path: '/session',
    summary: 'Signs a person in; the session is a cookie',
    description: 'Answers 401 with CODE_NEEDED when the person has a second factor: send the same again with the code.',
    role: 'viewer',
    access: 'public',
    body: credentials,
    status: 204,
    handle: ({ body, services, browser }) => begin(services, body, browser),
  }),
  defineRoute({
    id: 'session.end',
    method: 'delete',
    path: '/session',
    summary: 'Signs out',
    role: 'viewer',
    access: 'own',
    status: 204,
    async handle({ caller, services, browser }) {
      await endSession(services, caller.signedIn?.session.token_hash ?? '');
      browser.dropSession();
      await auditPerson(services, { actor: caller.actor, kind: 'session.end', from: browser.address });
    },
  }),
];

async function begin(services: Services, { email, password, code }: z.output<typeof credentials>, browser: Browser): Promise<void> {
  const { attempts } = services;
  const attempt = { email: sameEmail(email), address: browser.address };
  const waitSeconds = attempts.waitSeconds(attempt);
  if (waitSeconds !== undefined) throw tooMany(waitSeconds);
  // Counted before it is looked at: many at once are no way around.
  attempts.failed(attempt);
  const person = await findPerson(services, { email });
  const isRight = await isPassword(password, person?.row.password_hash ?? undefined);
  if (!person || !isRight || person.row.disabled_at !== null) throw await refused(services, attempt, person?.row.id);
  if (person.row.totp_secret !== null) {
    // It stays counted: whoever knows the password could begin anew with the codes otherwise.
    if (code === undefined || code.trim() === '')
      throw new ApiError(401, 'CODE_NEEDED', 'the code of the authenticator app is needed', {
        fix: 'Enter the six digits, or a recovery code.',
      });
    if (!(await takeCode(services, person.row, code))) throw await refused(services, attempt, person.row.id);
  }
  attempts.succeeded(attempt);
  await enter(services, person.row.id, { browser, by: 'password' });
}

/** The same words whether there is such an account or not. */
async function refused(
  services: Services,
  { email, address }: { email: string; address: string },
  personId: string | undefined,
): Promise<ApiError> {
  // What is no account's address may be a password in the wrong field.
  const known = personId === undefined ? {} : { email };
  await auditPerson(services, { actor: personId ? `person:${personId}` : 'nobody', kind: 'session.refused', from: address, ...known });
  return new ApiError(401, 'SIGN_IN_REFUSED', 'address, password or code is not right', {
    fix: 'Try again, or ask an administrator for a link that sets a new password.',
  });
}

function tooMany(waitSeconds: number): ApiError {
  return new ApiError(429, 'SIGN_IN_LIMITED', 'too many wrong tries', {
    headers: { 'Retry-After': String(waitSeconds) },
    fix: `Wait ${waitSeconds} seconds.`,
  });
}
