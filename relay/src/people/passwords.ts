import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { SystemError } from '@ml-connector/shared';

/** OWASP's parameters for scrypt: 128 MB and about a third of a second, once per sign-in. */
const cost = { N: 2 ** 17, r: 8, p: 1 };
const keyLength = 32;

/** `scrypt$131072$8$1$salt$hash`: hashes of earlier parameters stay good. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, cost);
  return ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Takes as long for somebody unknown (`stored` undefined) as for a wrong password, so that nobody learns who has an account. */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const [scheme, N, r, p, salt, hash] = (stored ?? unknownPerson).split('$');
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined) return false;
  const known = Buffer.from(hash, 'base64url');
  const given = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return timingSafeEqual(known, given) && stored !== undefined;
}

const unknownPerson = ['scrypt', cost.N, cost.r, cost.p, 'c2FsdA', Buffer.alloc(keyLength).toString('base64url')].join('$');

const shortest = 12;

/** What is wrong with a new password; undefined when it will do. Length is what counts (NIST SP 800-63B). */
export function passwordFault(password: string, { email, name }: { email: string; name: string }): string | undefined {
  const bare = password.toLowerCase();
  if (Array.from(password).length < shortest) return `must have at least ${shortest} characters; a sentence is easy to remember`;
  if ([email, name, email.split('@')[0] ?? ''].some((own) => own !== '' && bare === own.toLowerCase()))
    return 'must not be your name or address';
  if (new Set(bare).size < 5) return 'must not be the same few characters again and again';
  return undefined;
}

// One at a time: each takes 128 MB, and a hundred sign-ins at once must not take twelve gigabytes.
let last: Promise<unknown> = Promise.resolve();
let waiting = 0;
/** Some five seconds of work. Who comes on top is told to come again, rather than that all wait without end. */
const mostWaiting = 16;

function derive(password: string, salt: Buffer, { N, r, p }: ScryptOptions): Promise<Buffer> {
  if (waiting >= mostWaiting)
    return Promise.reject(
      new SystemError('PASSWORDS_BUSY', 'retry', 'too many people sign in at this moment', {
        retryAfterMs: 5000,
        fix: 'Try again in a few seconds.',
      }),
    );
  waiting += 1;
  const options = { N: N ?? 0, r: r ?? 0, p: p ?? 0, maxmem: 256 * 1024 * 1024 };
  const mine = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        scrypt(password.normalize('NFKC'), salt, keyLength, options, (error, key) => (error ? reject(error) : resolve(key)));
      }),
  );
  last = mine.catch(() => undefined).finally(() => (waiting -= 1));
  return mine;
}
