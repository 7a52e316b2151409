import type { Clock } from '@ml-connector/shared';
import { newId, type PersonRow, type Store } from '../store/index.ts';
import type { Grants, Role } from './roles.ts';

export interface PeopleDeps {
  store: Pick<Store, 'db' | 'transaction'>;
  clock: Clock;
}

export interface Person {
  row: PersonRow;
  grants: Grants;
}

export interface NewPerson {
  email: string;
  name: string;
  grants: Grants;
}

/** `Eva@Example.com ` and `eva@example.com` are one address. */
export function sameEmail(email: string): string {
  return email.trim().toLowerCase();
}

/** Makes a person without a password. Rejects when the address is taken (unique constraint). */
export function addPerson({ store, clock }: PeopleDeps, person: NewPerson): Promise<string> {
  return store.transaction((transaction) => insertPerson(transaction, clock, { ...person, passwordHash: null }));
}

/** For a transaction that does more than this. */
export async function insertPerson(
  transaction: Store['db'],
  clock: Clock,
  { email, name, grants, passwordHash }: NewPerson & { passwordHash: string | null },
): Promise<string> {
  const id = newId('person', clock.now());
  const row: PersonRow = {
    id,
    email: sameEmail(email),
    name,
    password_hash: passwordHash,
    relay_role: grants.everywhere,
    totp_secret: null,
    totp_used_step: null,
    recovery_json: null,
    created_at: clock.now(),
    disabled_at: null,
    last_signed_in_at: null,
  };
  await transaction.insertInto('person').values(row).execute();
  const tenants = [...grants.tenants].map(([tenant_id, role]) => ({ person_id: id, tenant_id, role }));
  if (tenants.length > 0) await transaction.insertInto('person_tenant').values(tenants).execute();
  return id;
}

export async function findPerson(
  { store }: Pick<PeopleDeps, 'store'>,
  by: { id: string } | { email: string },
): Promise<Person | undefined> {
  const query = store.db.selectFrom('person').selectAll();
  const row = await ('id' in by ? query.where('id', '=', by.id) : query.where('email', '=', sameEmail(by.email))).executeTakeFirst();
  return row && { row, grants: await grantsOf({ store }, row) };
}

export async function grantsOf(
  { store }: Pick<PeopleDeps, 'store'>,
  { id, relay_role }: Pick<PersonRow, 'id' | 'relay_role'>,
): Promise<Grants> {
  const rows = await store.db.selectFrom('person_tenant').select(['tenant_id', 'role']).where('person_id', '=', id).execute();
  return { everywhere: relay_role as Role | null, tenants: new Map(rows.map(({ tenant_id, role }) => [tenant_id, role as Role])) };
}

/** Replaces what a person may do in these tenants (null: nothing any more), and everywhere where given. Takes effect with the next request. */
export async function changeGrants(
  { store }: Pick<PeopleDeps, 'store'>,
  personId: string,
  change: { everywhere?: Role | null; tenants?: ReadonlyMap<string, Role | null> },
): Promise<void> {
  await store.transaction(async (transaction) => {
    if (change.everywhere !== undefined)
      await transaction.updateTable('person').set({ relay_role: change.everywhere }).where('id', '=', personId).execute();
    for (const [tenantId, role] of change.tenants ?? []) {
      await transaction.deleteFrom('person_tenant').where('person_id', '=', personId).where('tenant_id', '=', tenantId).execute();
      if (role !== null) await transaction.insertInto('person_tenant').values({ person_id: personId, tenant_id: tenantId, role }).execute();
    }
  });
}

/** Who is disabled signs in no more, and is signed out at once. */
export async function setDisabled({ store, clock }: PeopleDeps, personId: string, isDisabled: boolean): Promise<void> {
  await store.transaction(async (transaction) => {
    await transaction
      .updateTable('person')
      .set({ disabled_at: isDisabled ? clock.now() : null })
      .where('id', '=', personId)
      .execute();
    if (isDisabled) await transaction.deleteFrom('person_session').where('person_id', '=', personId).execute();
  });
}
