import type { Request, Response } from 'express';
import { z } from 'zod';
import type { Services } from '../services.ts';

/** What a browser takes along to the identity provider and back: it shows that the one who comes back is the one who went. */
export interface PendingSignIn {
  state: string;
  nonce: string;
  /** PKCE. */
  verifier: string;
  /** Page to go to afterwards. */
  to: string;
  expiresAt: number;
}

const pending = z.strictObject({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string(), expiresAt: z.number() });
const owner = 'oidc-sign-in';
export const pendingMs = 600_000;

/** Lax, unlike the session's: it must come along when the provider sends the browser back. */
export function keepPending(response: Response, { vault, clock }: Services, signIn: Omit<PendingSignIn, 'expiresAt'>): void {
  const sealed = vault.encrypt(JSON.stringify({ ...signIn, expiresAt: clock.now() + pendingMs } satisfies PendingSignIn), owner);
  setCookie(response, sealed, pendingMs / 1000);
}

/** Undefined when this browser did not go, or took too long. */
export function pendingOf(request: Request, { vault, clock }: Services): PendingSignIn | undefined {
  const wanted = `${nameFor(request)}=`;
  const cookies = (request.headers.cookie ?? '').split(';').map((one) => one.trim());
  const sealed = cookies.find((one) => one.startsWith(wanted))?.slice(wanted.length);
  if (sealed === undefined) return undefined;
  try {
    const found = pending.parse(JSON.parse(vault.decrypt(sealed, owner)));
    return found.expiresAt > clock.now() ? found : undefined;
  } catch {
    return undefined;
  }
}

export function dropPending(response: Response): void {
  setCookie(response, '', 0);
}

function nameFor({ secure }: Pick<Request, 'secure'>): string {
  return secure ? '__Host-ml-relay-oidc' : 'ml-relay-oidc';
}

function setCookie(response: Response, value: string, maxAgeSeconds: number): void {
  const { req: request } = response;
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Lax', `Max-Age=${maxAgeSeconds}`, ...(request.secure ? ['Secure'] : [])];
  response.append('Set-Cookie', [`${nameFor(request)}=${value}`, ...attributes].join('; '));
}
