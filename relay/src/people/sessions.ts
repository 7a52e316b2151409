import type { Clock } from '@ml-connector/shared';
import type { PersonSessionRow, Store } from '../store/index.ts';
import { grantsOf, type Person } from './people.ts';
import { hashOf, newSecret } from './secrets.ts';

const dayMs = 86_400_000;
/** Signed out after so long without a request, and after so long in any case. */
const idleMs = dayMs;
const longestMs = 14 * dayMs;

interface Deps {
  store: Pick<Store, 'db' | 'transaction'>;
  clock: Clock;
}

export interface SignedIn {
  person: Person;
  session: PersonSessionRow;
}

/** Begins a session; the token is told once, only its hash is kept. */
export async function beginSession(
  { store, clock }: Deps,
  { personId, address, browser }: { personId: string; address: string; browser: string },
): Promise<{ token: string; expiresAt: number }> {
  const token = newSecret();
  const now = clock.now();
  await store.transaction(async (transaction) => {
    await transaction.deleteFrom('person_session').where('expires_at', '<=', now).execute();
    await transaction
      .insertInto('person_session')
      .values({
        token_hash: hashOf(token),
        person_id: personId,
        csrf: newSecret(),
        address,
        browser: browser.slice(0, 300),
        created_at: now,
        last_used_at: now,
        expires_at: now + longestMs,
      })
      .execute();
    await transaction.updateTable('person').set({ last_signed_in_at: now }).where('id', '=', personId).execute();
  });
  return { token, expiresAt: now + longestMs };
}

/**
 * Whose session it is; undefined when it is over, unknown, or its person was disabled. Notes its use, to the minute, unless it is only
 * looked at.
 */
export async function findSession({ store, clock }: Deps, token: string, { isUse = true } = {}): Promise<SignedIn | undefined> {
  const session = await store.db.selectFrom('person_session').selectAll().where('token_hash', '=', hashOf(token)).executeTakeFirst();
  const now = clock.now();
  if (!session || session.expires_at <= now || session.last_used_at + idleMs <= now) return undefined;
  const row = await store.db.selectFrom('person').selectAll().where('id', '=', session.person_id).executeTakeFirst();
  if (!row || row.disabled_at !== null) return undefined;
  if (isUse && now - session.last_used_at >= 60_000)
    await store.db.updateTable('person_session').set({ last_used_at: now }).where('token_hash', '=', session.token_hash).execute();
  return { person: { row, grants: await grantsOf({ store }, row) }, session };
}

export async function endSession({ store }: Pick<Deps, 'store'>, tokenHash: string): Promise<void> {
  await store.db.deleteFrom('person_session').where('token_hash', '=', tokenHash).execute();
}

/** All sessions of a person, but the one that is kept. */
export async function endSessions({ store }: Pick<Deps, 'store'>, personId: string, keep = ''): Promise<void> {
  await store.db.deleteFrom('person_session').where('person_id', '=', personId).where('token_hash', '!=', keep).execute();
}
