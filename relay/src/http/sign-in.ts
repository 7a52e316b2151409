import { timingSafeEqual } from 'node:crypto';
import type { Request } from 'express';
import { findSession, highestRole, roleIn, type SignedIn } from '../people/index.ts';
import { findCaller } from './api-tokens.ts';
import { mayAct, type Caller, type Identity } from './caller.ts';
import type { FailedSignIns } from './failed-sign-ins.ts';
import { ApiError, notFound } from './problem.ts';
import type { Route } from './route.ts';
import type { Services } from './services.ts';
import { sessionTokenOf } from './session-cookie.ts';

/** Who sent the request, by token or cookie; a 401 when it is missing or no good, a 429 after too many of those from one address. */
export async function signIn(request: Request, services: Services, failed: FailedSignIns): Promise<Identity> {
  const token = /^Bearer ([\w-]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  const identity = token === undefined ? await signedInPerson(request, services) : await findCaller(services, token);
  if (identity) return identity;
  // A browser that asks whether it is signed in guesses nothing.
  if (token === undefined && request.headers.authorization === undefined)
    throw notSignedIn('no API token was sent, and nobody is signed in');
  const address = request.ip ?? 'unknown';
  const waitSeconds = failed.add(address);
  services.log.warn({ address, code: 'SIGN_IN_FAILED' }, 'refused an API request without a valid token');
  if (waitSeconds !== undefined)
    throw new ApiError(429, 'SIGN_IN_LIMITED', 'too many requests without a valid token', {
      headers: { 'Retry-After': String(waitSeconds) },
      fix: `Wait ${waitSeconds} seconds, and send a valid token.`,
    });
  throw notSignedIn('the API token is unknown, expired or revoked');
}

function notSignedIn(detail: string): ApiError {
  return new ApiError(401, 'TOKEN_INVALID', detail, {
    headers: { 'WWW-Authenticate': 'Bearer realm="ml-relay"' },
    fix: 'Sign in, or send Authorization: Bearer <token>. An administrator makes tokens with: ml-relay api-tokens add',
  });
}

async function signedInPerson(request: Request, services: Services): Promise<Identity | undefined> {
  const token = sessionTokenOf(request);
  const signedIn = token === undefined ? undefined : await findSession(services, token);
  if (!signedIn) return undefined;
  refuseOtherPages(request, signedIn);
  return identityOf(signedIn);
}

export function identityOf(signedIn: SignedIn): Identity {
  const { row, grants } = signedIn.person;
  return { actor: `person:${row.id}`, name: row.name, grants, signedIn };
}

/** A change is believed only from our own page: it alone knows the session's token, and a browser says where a request comes from. */
function refuseOtherPages({ method, headers }: Request, { session }: SignedIn): void {
  if (method === 'GET' || method === 'HEAD') return;
  const site = headers['sec-fetch-site'];
  const given = Buffer.from(String(headers['x-csrf-token'] ?? ''));
  const known = Buffer.from(session.csrf);
  const isOurs = given.length === known.length && timingSafeEqual(given, known);
  if (isOurs && (site === undefined || site === 'same-origin')) return;
  throw new ApiError(403, 'NOT_FROM_HERE', 'the change does not come from the page of this relay', {
    fix: 'Load the page anew. Programs send an API token instead of the cookie, and with the cookie the header X-CSRF-Token that GET /me tells.',
  });
}

/** Refuses a caller whose role is too small, and another tenant's caller as if the tenant did not exist. */
export function checkAccess(route: Route, identity: Identity, tenantId: string | undefined): Caller {
  const { grants } = identity;
  if (route.access === 'own' && !identity.signedIn)
    throw new ApiError(403, 'PERSONS_ONLY', 'this is for people who are signed in, not for API tokens', { fix: 'Sign in.' });
  const role = tenantId === undefined ? highestRole(grants) : roleIn(grants, tenantId);
  if (role === undefined && tenantId !== undefined) throw notFound('tenant', tenantId);
  const caller: Caller = { ...identity, role: role ?? 'viewer' };
  if (route.access === 'own' || route.access === 'any') return caller;
  if (role === undefined) throw new ApiError(403, 'NO_ROLE', 'you have no role in any tenant', { fix: 'Ask an administrator for one.' });
  if (route.scope !== 'relay') {
    if (!mayAct(caller, route.role)) throw tooSmall(route, caller);
    return caller;
  }
  if (grants.everywhere === null)
    throw new ApiError(403, 'TENANT_TOKEN', 'this needs a role in all tenants', { fix: "Ask the relay's administrator." });
  const everywhere = { ...caller, role: grants.everywhere };
  if (!mayAct(everywhere, route.role)) throw tooSmall(route, everywhere);
  return everywhere;
}

function tooSmall(route: Route, { name, role }: Caller): ApiError {
  return new ApiError(403, 'ROLE_TOO_SMALL', `this needs the role ${route.role}; "${name}" has ${role}`, {
    fix: 'Ask an administrator, or use a token with that role.',
  });
}
