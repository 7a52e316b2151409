import type { Request } from 'express';
import { findCaller } from './api-tokens.ts';
import { mayAct, type Caller } from './caller.ts';
import type { FailedSignIns } from './failed-sign-ins.ts';
import { ApiError, notFound } from './problem.ts';
import type { Route } from './route.ts';
import type { Services } from './services.ts';

/** Who sent the request; a 401 when the token is missing or no good, a 429 after too many of those from one address. */
export async function signIn(request: Request, services: Services, failed: FailedSignIns): Promise<Caller> {
  const token = /^Bearer ([\w-]{1,200})$/i.exec(request.headers.authorization ?? '')?.[1];
  const caller = token === undefined ? undefined : await findCaller(services, token);
  if (caller) return caller;
  const address = request.ip ?? 'unknown';
  const waitSeconds = failed.add(address);
  services.log.warn({ address, code: 'SIGN_IN_FAILED' }, 'refused an API request without a valid token');
  if (waitSeconds !== undefined)
    throw new ApiError(429, 'SIGN_IN_LIMITED', 'too many requests without a valid token', {
      headers: { 'Retry-After': String(waitSeconds) },
      fix: `Wait ${waitSeconds} seconds, and send a valid token.`,
    });
  throw new ApiError(401, 'TOKEN_INVALID', token === undefined ? 'no API token was sent' : 'the API token is unknown, expired or revoked', {
    headers: { 'WWW-Authenticate': 'Bearer realm="ml-relay"' },
    fix: 'Send Authorization: Bearer <token>. An administrator makes tokens with: ml-relay api-tokens add',
  });
}

/** Refuses a caller whose role is too small, and another tenant's caller as if the tenant did not exist. */
export function checkAccess(route: Route, caller: Caller, tenantId: string | undefined): void {
  if (tenantId !== undefined && caller.tenantId !== null && caller.tenantId !== tenantId) throw notFound('tenant', tenantId);
  if (route.scope === 'relay' && caller.tenantId !== null)
    throw new ApiError(403, 'TENANT_TOKEN', 'this needs a token for all tenants', { fix: "Ask the relay's administrator." });
  if (!mayAct(caller, route.role))
    throw new ApiError(403, 'ROLE_TOO_SMALL', `this needs the role ${route.role}; the token "${caller.name}" has ${caller.role}`, {
      fix: 'Use a token with that role, or ask an administrator.',
    });
}
