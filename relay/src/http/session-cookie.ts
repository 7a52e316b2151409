import type { Request, Response } from 'express';

/** With TLS the name itself makes browsers insist on it, and keeps other hosts of the domain from setting it. */
function nameFor({ secure }: Pick<Request, 'secure'>): string {
  return secure ? '__Host-ml-relay' : 'ml-relay';
}

export function sessionTokenOf(request: Request): string | undefined {
  const wanted = `${nameFor(request)}=`;
  const cookies = (request.headers.cookie ?? '').split(';').map((one) => one.trim());
  const token = cookies.find((one) => one.startsWith(wanted))?.slice(wanted.length);
  return token !== undefined && /^[\w-]{43}$/.test(token) ? token : undefined;
}

/** Never readable by scripts, never sent by other sites' pages. */
export function setSessionCookie(response: Response, token: string, expiresAt: number): void {
  const { req: request } = response;
  const attributes = [
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    `Expires=${new Date(expiresAt).toUTCString()}`,
    ...(request.secure ? ['Secure'] : []),
  ];
  response.append('Set-Cookie', [`${nameFor(request)}=${token}`, ...attributes].join('; '));
}

export function dropSessionCookie(response: Response): void {
  setSessionCookie(response, '', 0);
}
