import type { Clock } from '@ml-connector/shared';
import { sql, type Kysely } from 'kysely';
import { migrations as allMigrations, type Migration } from './migrations/index.ts';
import type { Db } from './rows.ts';

/**
 * Brings the database to this build's level, each migration in one transaction. Rejects when a newer build has made a change that this
 * one does not know and would damage. Answers the numbers applied.
 */
export async function migrate(db: Kysely<Db>, clock: Clock, migrations: readonly Migration[] = allMigrations): Promise<number[]> {
  await db.transaction().execute(async (transaction) => {
    await lockOut(transaction);
    await sql`create table if not exists migration
      (number integer primary key not null, name text not null, breaking integer not null, applied_at bigint not null)`.execute(
      transaction,
    );
  });
  refuseNewerDatabase(await db.selectFrom('migration').selectAll().orderBy('number').execute(), migrations);
  const applied: number[] = [];
  for (const migration of migrations) if (await apply(db, clock, migration)) applied.push(migration.number);
  return applied;
}

function refuseNewerDatabase(present: { number: number; name: string; breaking: number }[], migrations: readonly Migration[]): void {
  const known = new Set(migrations.map((migration) => migration.number));
  const unknown = present.find((row) => row.breaking === 1 && !known.has(row.number));
  if (!unknown) return;
  throw new Error(
    `this database is at schema level ${unknown.number} (${unknown.name}), made by a newer ml-relay; ` +
      `this build knows up to ${Math.max(0, ...known)}. Start the newer version, or restore the backup made before the upgrade.`,
  );
}

// Looks inside the transaction, which keeps others out: another instance at the same migration is waited for, then found done.
async function apply(db: Kysely<Db>, clock: Clock, migration: Migration): Promise<boolean> {
  return db.transaction().execute(async (transaction) => {
    await lockOut(transaction);
    const done = await transaction.selectFrom('migration').select('number').where('number', '=', migration.number).executeTakeFirst();
    if (done) return false;
    await migration.up(transaction as unknown as Kysely<unknown>);
    await transaction
      .insertInto('migration')
      .values({ number: migration.number, name: migration.name, breaking: migration.breaking ? 1 : 0, applied_at: clock.now() })
      .execute();
    return true;
  });
}

/** On SQLite a transaction has the write lock anyway. */
function lockOut(transaction: Kysely<Db>): Promise<void> {
  const options = { lockTable: 'migration', lockRowId: 'migration' };
  return transaction.getExecutor().adapter.acquireMigrationLock(transaction, options);
}
