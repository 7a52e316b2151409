import type { Store } from '../store/index.ts';
import { findPerson, type PeopleDeps, type Person } from './people.ts';

/** Who an identity provider says somebody is. */
export interface Identity {
  issuer: string;
  subject: string;
}

export async function findPersonByIdentity(
  { store }: Pick<PeopleDeps, 'store'>,
  { issuer, subject }: Identity,
): Promise<Person | undefined> {
  const row = await store.db
    .selectFrom('person_identity')
    .select('person_id')
    .where('issuer', '=', issuer)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row && findPerson({ store }, { id: row.person_id });
}

/** Whether the account belongs to somebody of this provider already. */
export async function hasIdentityOf({ store }: { store: Pick<Store, 'db'> }, personId: string, issuer: string): Promise<boolean> {
  const rows = store.db.selectFrom('person_identity').select('subject').where('person_id', '=', personId).where('issuer', '=', issuer);
  return (await rows.executeTakeFirst()) !== undefined;
}

/** From now on whoever the provider says this is signs in to this account. Rejects when that is another account's (unique constraint). */
export async function linkIdentity({ store, clock }: PeopleDeps, personId: string, { issuer, subject }: Identity): Promise<void> {
  await store.db.insertInto('person_identity').values({ issuer, subject, person_id: personId, created_at: clock.now() }).execute();
}
