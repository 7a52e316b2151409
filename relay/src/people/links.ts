import type { Clock } from '@ml-connector/shared';
import type { PersonLinkRow } from '../store/index.ts';
import { insertPerson, type NewPerson, type PeopleDeps } from './people.ts';
import { hashPassword } from './passwords.ts';
import { hashOf, newSecret } from './secrets.ts';

/** In a transaction or not. */
type Within = { store: Pick<PeopleDeps['store'], 'db'>; clock: Clock };

const hourMs = 3_600_000;
const livesMs = { setup: 24 * hourMs, password: 72 * hourMs } as const;

/** Makes a link that works once: `setup` for the first administrator, `password` for a person who sets or resets the password. */
export async function issueLink(
  { store, clock }: PeopleDeps,
  link: { purpose: 'setup'; createdBy: string } | { purpose: 'password'; personId: string; createdBy: string },
): Promise<{ token: string; expiresAt: number }> {
  const token = newSecret();
  const now = clock.now();
  const expiresAt = now + livesMs[link.purpose];
  const personId = link.purpose === 'password' ? link.personId : null;
  await store.transaction(async (transaction) => {
    // A newer link makes the older ones void.
    const older = transaction.deleteFrom('person_link').where('purpose', '=', link.purpose).where('used_at', 'is', null);
    await (personId === null ? older : older.where('person_id', '=', personId)).execute();
    await transaction
      .insertInto('person_link')
      .values({
        token_hash: hashOf(token),
        purpose: link.purpose,
        person_id: personId,
        created_by: link.createdBy,
        created_at: now,
        expires_at: expiresAt,
        used_at: null,
      })
      .execute();
  });
  return { token, expiresAt };
}

/** The token of a link for the first administrator, made anew at each start; undefined where there is somebody already. */
export async function setupLink(deps: PeopleDeps): Promise<string | undefined> {
  if (await isAnybody(deps)) return undefined;
  return (await issueLink(deps, { purpose: 'setup', createdBy: 'relay' })).token;
}

/** The link as it stands; undefined when it is unknown, used or too old. */
export async function findLink({ store, clock }: PeopleDeps, token: string): Promise<PersonLinkRow | undefined> {
  const row = await store.db.selectFrom('person_link').selectAll().where('token_hash', '=', hashOf(token)).executeTakeFirst();
  if (!row || row.used_at !== null || row.expires_at <= clock.now()) return undefined;
  return row.purpose === 'setup' && (await isAnybody({ store })) ? undefined : row;
}

/** Uses a setup link up: answers the first administrator's id, undefined when the link is no good any more. */
export async function useSetupLink(
  deps: PeopleDeps,
  token: string,
  person: Omit<NewPerson, 'grants'> & { password: string },
): Promise<string | undefined> {
  const hash = await hashPassword(person.password);
  const grants = { everywhere: 'admin' as const, tenants: new Map() };
  return deps.store.transaction(
    async (transaction) => {
      const within = { clock: deps.clock, store: { db: transaction } };
      // The link may stand in a log: once there is somebody, it makes nobody an administrator.
      if ((await isAnybody(within)) || !(await takeLink(within, token, 'setup'))) return undefined;
      return insertPerson(transaction, deps.clock, { ...person, grants, passwordHash: hash });
    },
    { alone: true },
  );
}

/** Sets the password of the link's person, and signs out whoever was signed in as that person. Answers the id, or undefined. */
export async function usePasswordLink(deps: PeopleDeps, token: string, password: string): Promise<string | undefined> {
  const hash = await hashPassword(password);
  const link = await takeLink(deps, token, 'password');
  const personId = link?.person_id;
  if (!personId) return undefined;
  await deps.store.transaction(async (transaction) => {
    await transaction.updateTable('person').set({ password_hash: hash }).where('id', '=', personId).execute();
    await transaction.deleteFrom('person_session').where('person_id', '=', personId).execute();
  });
  return personId;
}

async function isAnybody({ store }: Pick<Within, 'store'>): Promise<boolean> {
  return (await store.db.selectFrom('person').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** At most one caller gets it. */
async function takeLink({ store, clock }: Within, token: string, purpose: string): Promise<PersonLinkRow | undefined> {
  const tokenHash = hashOf(token);
  const { numUpdatedRows } = await store.db
    .updateTable('person_link')
    .set({ used_at: clock.now() })
    .where('token_hash', '=', tokenHash)
    .where('purpose', '=', purpose)
    .where('used_at', 'is', null)
    .where('expires_at', '>', clock.now())
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) return undefined;
  return store.db.selectFrom('person_link').selectAll().where('token_hash', '=', tokenHash).executeTakeFirst();
}
