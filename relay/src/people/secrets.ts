import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits for a link, a session or a cookie. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** All that is kept of one; random bits need no slow hash. */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}
