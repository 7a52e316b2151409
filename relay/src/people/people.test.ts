import { systemClock, type Clock } from '@ml-connector/shared';
import { openTestStore } from '../store/testing/index.ts';
import { personSecret, rewriteSecrets, type Store } from '../store/index.ts';
import { openVault } from '../vault/index.ts';
import {
  addPerson,
  beginSession,
  changeGrants,
  confirmSecondFactor,
  countSignInAttempts,
  findLink,
  findPerson,
  findSession,
  highestRole,
  isPassword,
  issueLink,
  passwordFault,
  proposeSecondFactor,
  roleIn,
  setDisabled,
  takeCode,
  usePasswordLink,
  useSetupLink,
} from './index.ts';
import { totpCode, totpStep } from './totp.ts';

const vault = openVault({ keys: Buffer.alloc(32, 7).toString('base64') });
const eva = { email: 'Eva.Müller@Example.com', name: 'Eva Müller' };
const everywhere = { everywhere: 'admin' as const, tenants: new Map() };

let now = 0;
const clock: Clock = { ...systemClock, now: () => now };
let store: Store;
beforeEach(async () => {
  now = Date.parse('2026-11-21T10:00:00Z');
  store = await openTestStore(clock);
  for (const id of ['ten_1', 'ten_2']) await store.db.insertInto('tenant').values({ id, name: id, created_at: 0 }).execute();
});
afterEach(() => store[Symbol.asyncDispose]());

test('a setup link makes one administrator, once, also when two people follow it at the same time', async () => {
  const deps = { store, clock };
  const { token } = await issueLink(deps, { purpose: 'setup', createdBy: 'relay' });
  const both = await Promise.all([
    useSetupLink(deps, token, { ...eva, password: 'ein langer Satz, der hält' }),
    useSetupLink(deps, token, { email: 'mallory@example.com', name: 'Mallory', password: 'ein langer Satz, der hält' }),
  ]);
  expect(both.filter((id) => id !== undefined)).toHaveLength(1);
  expect(await findLink(deps, token)).toBeUndefined();
});

test('a setup link is void as soon as there is somebody, however that one came', async () => {
  const deps = { store, clock };
  const { token } = await issueLink(deps, { purpose: 'setup', createdBy: 'relay' });
  await addPerson(deps, { ...eva, grants: everywhere });
  const mallory = { email: 'mallory@example.com', name: 'Mallory', password: 'ein langer Satz, der hält' };
  expect([await findLink(deps, token), await useSetupLink(deps, token, mallory)]).toEqual([undefined, undefined]);
});

test('so many passwords wait to be looked at, and more are turned away at once', async () => {
  const many = await Promise.allSettled(Array.from({ length: 40 }, () => isPassword('falsch', 'scrypt$2$1$1$c2FsdA$AAAA').catch(codeOf)));
  expect(many.filter((one) => one.status === 'fulfilled' && one.value === 'PASSWORDS_BUSY').length).toBeGreaterThan(0);
});

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

test('a newer link makes the older ones void; a link grows old', async () => {
  const deps = { store, clock };
  const personId = await addPerson(deps, { ...eva, grants: everywhere });
  const first = await issueLink(deps, { purpose: 'password', personId, createdBy: 'relay' });
  const second = await issueLink(deps, { purpose: 'password', personId, createdBy: 'relay' });
  expect(await usePasswordLink(deps, first.token, 'ein langer Satz, der hält')).toBeUndefined();
  now = second.expiresAt;
  expect(await usePasswordLink(deps, second.token, 'ein langer Satz, der hält')).toBeUndefined();
});

test('a new password signs out whoever was signed in', async () => {
  const deps = { store, clock };
  const personId = await addPerson(deps, { ...eva, grants: everywhere });
  const { token } = await beginSession(deps, { personId, address: '::1', browser: 'Firefox' });
  const link = await issueLink(deps, { purpose: 'password', personId, createdBy: 'relay' });
  expect(await usePasswordLink(deps, link.token, 'ein langer Satz, der hält')).toBe(personId);
  expect(await findSession(deps, token)).toBeUndefined();
  const person = await findPerson(deps, { email: ' eva.müller@example.COM' });
  expect(await isPassword('ein langer Satz, der hält', person?.row.password_hash ?? undefined)).toBe(true);
  expect(await isPassword('ein langer Satz, der haelt', person?.row.password_hash ?? undefined)).toBe(false);
});

test('a session ends when nobody uses it for a day, after two weeks, and when its person is disabled', async () => {
  const deps = { store, clock };
  const personId = await addPerson(deps, { ...eva, grants: everywhere });
  const idle = await beginSession(deps, { personId, address: '::1', browser: '' });
  now += 86_400_000;
  expect(await findSession(deps, idle.token)).toBeUndefined();
  const long = await beginSession(deps, { personId, address: '::1', browser: '' });
  for (let hours = 0; hours < 14 * 24; hours += 12) {
    expect(await findSession(deps, long.token)).toBeDefined();
    now += 43_200_000;
  }
  expect(await findSession(deps, long.token)).toBeUndefined();
  const third = await beginSession(deps, { personId, address: '::1', browser: '' });
  await setDisabled(deps, personId, true);
  await setDisabled(deps, personId, false);
  expect(await findSession(deps, third.token)).toBeUndefined();
});

test('the larger of both roles counts in a tenant; nothing is left where everything was taken', async () => {
  const deps = { store, clock };
  const id = await addPerson(deps, { ...eva, grants: { everywhere: 'viewer', tenants: new Map([['ten_1', 'admin' as const]]) } });
  const grants = async () => (await findPerson(deps, { id }))?.grants ?? everywhere;
  expect([roleIn(await grants(), 'ten_1'), roleIn(await grants(), 'ten_2'), highestRole(await grants())]).toEqual([
    'admin',
    'viewer',
    'admin',
  ]);
  await changeGrants(deps, id, { everywhere: null, tenants: new Map([['ten_1', null]]) });
  expect([roleIn(await grants(), 'ten_1'), highestRole(await grants())]).toEqual([undefined, undefined]);
});

/** RFC 6238, appendix B (SHA-1), its last six digits. */
test.each([
  [59, '287082'],
  [1111111109, '081804'],
  [1234567890, '005924'],
  [20000000000, '353130'],
])('the code at %d seconds is %s', (seconds, code) => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  expect(totpCode(secret, Math.floor(seconds / 30))).toBe(code);
  expect(totpStep(secret, code, { now: seconds * 1000 + 29_000, usedStep: null })).toBe(Math.floor(seconds / 30));
  expect(totpStep(secret, code, { now: seconds * 1000 + 61_000, usedStep: null })).toBeUndefined();
});

test('a code is good once, a recovery code too, and the secret is encrypted', async () => {
  const deps = { store, clock, vault };
  const id = await addPerson(deps, { ...eva, grants: everywhere });
  const { secret, address } = proposeSecondFactor(eva.email);
  expect(address).toMatch(/^otpauth:\/\/totp\/ml-relay%3AEva\.M%C3%BCller%40Example\.com\?secret=[A-Z2-7]{32}&issuer=ml-relay$/);
  expect(await confirmSecondFactor(deps, id, { secret, code: '000000' })).toBeUndefined();
  const step = Math.floor(now / 30_000);
  const recovery = (await confirmSecondFactor(deps, id, { secret, code: totpCode(secret, step) })) ?? [];
  expect(recovery).toHaveLength(10);
  const person = async () => {
    const found = await findPerson(deps, { id });
    if (!found) throw new Error('no such person');
    return found.row;
  };
  expect((await person()).totp_secret).not.toContain(secret);
  expect(await rewriteSecrets(store, (sealed, owner) => vault.encrypt(vault.decrypt(sealed, owner), owner))).toBe(1);
  expect(vault.decrypt((await person()).totp_secret ?? '', personSecret(id))).toBe(secret);

  expect(await takeCode(deps, await person(), totpCode(secret, step))).toBe(false);
  now += 30_000;
  const [one, same] = [await person(), await person()];
  const code = totpCode(secret, step + 1);
  expect((await Promise.all([takeCode(deps, one, code), takeCode(deps, same, `${code.slice(0, 3)} ${code.slice(3)}`)])).toSorted()).toEqual(
    [false, true],
  );
  const [first = ''] = recovery;
  expect([await takeCode(deps, await person(), first.toUpperCase()), await takeCode(deps, await person(), first)]).toEqual([true, false]);
});

test.each([
  ['kurz', 'at least 12'],
  ['eva.müller@example.com', 'name or address'],
  ['abababababababab', 'same few'],
])('%s is no password', (password, fault) => {
  expect(passwordFault(password, eva)).toContain(fault);
});

test('guessing gets slower for an account from one address; its owner at another address does not wait for that', () => {
  const attempts = countSignInAttempts(clock);
  const guesser = { email: 'eva', address: '10.0.0.1' };
  for (let count = 0; count < 5; count++) {
    expect(attempts.waitSeconds(guesser)).toBeUndefined();
    attempts.failed(guesser);
  }
  expect(attempts.waitSeconds(guesser)).toBe(2);
  expect(attempts.waitSeconds({ ...guesser, address: '10.0.0.2' })).toBeUndefined();
  now += 2000;
  attempts.failed(guesser);
  expect(attempts.waitSeconds(guesser)).toBe(4);
  attempts.succeeded(guesser);
  expect(attempts.waitSeconds(guesser)).toBeUndefined();
});
