import { timingSafeEqual } from 'node:crypto';
import type { Express, Request, Response } from 'express';
import { randomNonce, randomPKCECodeVerifier, randomState } from 'openid-client';
import type { OidcConfig } from '../../config/index.ts';
import { auditPerson } from '../audit.ts';
import { browserOf } from '../browser.ts';
import { enter } from '../enter.ts';
import { ApiError, toApiError } from '../problem.ts';
import type { Services } from '../services.ts';
import { accountOf } from './account.ts';
import { dropPending, keepPending, pendingMs, pendingOf, type PendingSignIn } from './pending-sign-in.ts';
import { openProvider, type Provider } from './provider.ts';

/**
 * Sign-in through an identity provider: `/oauth/oidc/start` sends the browser there, `/oauth/oidc/callback` takes it back. Whatever goes
 * wrong ends on the page `/sign-in?error=CODE`, with the reason in log and audit trail.
 */
export function mountOidc(app: Express, services: Services): void {
  const { oidc } = services;
  if (!oidc) return;
  const provider = openProvider(oidc, services.clock);
  const used = usedOnce(services);
  app.get('/oauth/oidc/start', async (request, response) => {
    await orPage({ request, response, services }, () => start({ request, response, services }, provider));
  });
  app.get('/oauth/oidc/callback', async (request, response) => {
    await orPage({ request, response, services }, () => comeBack({ request, response, services }, { oidc, provider, used }));
  });
}

interface Exchange {
  request: Request;
  response: Response;
  services: Services;
}

async function start({ request, response, services }: Exchange, provider: Provider): Promise<void> {
  const signIn = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), to: ownPage(request.query['to']) };
  const address = await provider.address({ ...signIn, redirectUri: callbackOf(services) });
  keepPending(response, services, signIn);
  response.redirect(302, address);
}

async function comeBack(
  { request, response, services }: Exchange,
  { oidc, provider, used }: { oidc: OidcConfig; provider: Provider; used: (signIn: PendingSignIn) => boolean },
): Promise<void> {
  const signIn = pendingOf(request, services);
  dropPending(response);
  if (!signIn || used(signIn))
    throw new ApiError(401, 'OIDC_EXPIRED', 'the sign-in was not begun in this browser, is over, or took too long', {
      fix: 'Begin the sign-in again.',
    });
  if (!isSame(request.query['state'], signIn.state))
    throw new ApiError(401, 'OIDC_STATE', 'the answer belongs to another sign-in', { fix: 'Begin the sign-in again.' });
  const url = new URL(callbackOf(services));
  url.search = new URL(request.originalUrl, url).search;
  const claims = await provider.claims({ ...signIn, url });
  const browser = browserOf(request, response);
  const { row } = await accountOf(services, oidc, claims, browser.address);
  await enter(services, row.id, { browser, by: 'oidc' });
  response.redirect(303, signIn.to);
}

/** What the provider was told about is what it sends the browser back to. */
function callbackOf({ alerts }: Services): string {
  return `${alerts.publicUrl().replace(/\/$/, '')}/oauth/oidc/callback`;
}

/** A page of this relay and no other: who follows a link to the sign-in ends up here. */
function ownPage(to: unknown): string {
  return typeof to === 'string' && /^\/(?![/\\])[\w\-./?=&%~+:,@]{0,1000}$/.test(to) ? to : '/';
}

function isSame(given: unknown, known: string): boolean {
  const [one, other] = [Buffer.from(String(given)), Buffer.from(known)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** Whether somebody came back with it before; the cookie alone would let a browser come back as often as it likes. */
function usedOnce({ clock }: Services): (signIn: PendingSignIn) => boolean {
  const used = new Map<string, number>();
  return ({ state, expiresAt }) => {
    const now = clock.now();
    for (const [old, until] of used) {
      if (until > now) break;
      used.delete(old);
    }
    if (used.has(state)) return true;
    used.set(state, Math.min(expiresAt, now + pendingMs));
    return false;
  };
}

const withoutTrace = new Set(['OIDC_EXPIRED', 'OIDC_STATE', 'OIDC_UNREACHABLE', 'DATABASE_DOWN']);

async function orPage({ request, response, services }: Exchange, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const { code, message, status } = toApiError(error);
    const from = request.ip ?? 'unknown';
    if (status === 500) services.log.error({ err: error }, 'a sign-in through the identity provider failed inside the relay');
    else services.log.warn({ address: from, code, reason: message }, 'refused a sign-in through the identity provider');
    // Anybody can come by without a beginning; the trail is for what somebody tried.
    if (!withoutTrace.has(code))
      await auditPerson(services, { actor: 'nobody', kind: 'session.refused', from, by: 'oidc', code, reason: message });
    response.redirect(303, `/sign-in?error=${code}`);
  }
}
