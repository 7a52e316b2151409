import type { Request, Response } from 'express';
import type { Browser } from './route.ts';
import { dropSessionCookie, setSessionCookie } from './session-cookie.ts';

/** Where the request comes from, and the cookie that it may be given. */
export function browserOf(request: Request, response: Response): Browser {
  return {
    address: request.ip ?? 'unknown',
    name: request.headers['user-agent'] ?? '',
    keepSession: (token, expiresAt) => setSessionCookie(response, token, expiresAt),
    dropSession: () => dropSessionCookie(response),
  };
}
