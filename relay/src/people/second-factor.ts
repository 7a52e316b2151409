import { randomBytes } from 'node:crypto';
import { personSecret, type PersonRow } from '../store/index.ts';
import type { Vault } from '../vault/index.ts';
import type { PeopleDeps } from './people.ts';
import { hashOf } from './secrets.ts';
import { newTotpSecret, totpAddress, totpStep } from './totp.ts';

type Deps = PeopleDeps & { vault: Vault };
const recoveryCodes = 10;

/** A secret to be shown once as a QR code; it counts only after `confirmSecondFactor`, which gets it back from the page. */
export function proposeSecondFactor(email: string): { secret: string; address: string } {
  const secret = newTotpSecret();
  return { secret, address: totpAddress({ secret, email, issuer: 'ml-relay' }) };
}

/** Switches the second factor on, once its app has shown a right code. Answers the recovery codes, which are told once; undefined: wrong code. */
export async function confirmSecondFactor(
  { store, clock, vault }: Deps,
  personId: string,
  { secret, code }: { secret: string; code: string },
): Promise<string[] | undefined> {
  const step = totpStep(secret, code, { now: clock.now(), usedStep: null });
  if (step === undefined) return undefined;
  const codes = Array.from({ length: recoveryCodes }, () => randomBytes(5).toString('hex'));
  const set = {
    totp_secret: vault.encrypt(secret, personSecret(personId)),
    totp_used_step: step,
    recovery_json: JSON.stringify(codes.map(hashOf)),
  };
  await store.db.updateTable('person').set(set).where('id', '=', personId).execute();
  return codes;
}

export async function removeSecondFactor({ store }: Pick<Deps, 'store'>, personId: string): Promise<void> {
  const set = { totp_secret: null, totp_used_step: null, recovery_json: null };
  await store.db.updateTable('person').set(set).where('id', '=', personId).execute();
}

/** Whether the code is good; it is used up then, be it of the app or a recovery code, also when two ask at the same time. */
export async function takeCode({ store, clock, vault }: Deps, person: PersonRow, given: string): Promise<boolean> {
  const code = given.replaceAll(/[\s-]/g, '').toLowerCase();
  const update = store.db.updateTable('person').where('id', '=', person.id);
  if (/^\d{6}$/.test(code)) {
    const secret = vault.decrypt(person.totp_secret ?? '', personSecret(person.id));
    const step = totpStep(secret, code, { now: clock.now(), usedStep: person.totp_used_step });
    if (step === undefined) return false;
    const { numUpdatedRows } = await update
      .set({ totp_used_step: step })
      .where((row) => row.or([row('totp_used_step', 'is', null), row('totp_used_step', '<', step)]))
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }
  const left = JSON.parse(person.recovery_json ?? '[]') as string[];
  if (!left.includes(hashOf(code))) return false;
  const { numUpdatedRows } = await update
    .set({ recovery_json: JSON.stringify(left.filter((one) => one !== hashOf(code))) })
    .where('recovery_json', '=', person.recovery_json)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
