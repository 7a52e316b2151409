import { index, table } from './columns.ts';
import type { Migration } from './migration.ts';

/** First answers to writes that callers may send again. */
export const idempotency: Migration = {
  number: 11,
  name: 'idempotency',
  breaking: false,
  async up(db) {
    await table(db, 'idempotency_key', {
      caller: 'text!',
      route: 'text!',
      key: 'text!',
      is_done: 'integer!',
      sealed: 'text!',
      created_at: 'time!',
    })
      .addPrimaryKeyConstraint('idempotency_key_key', ['caller', 'route', 'key'])
      .execute();
    await index(db, 'idempotency_key_age', 'idempotency_key', ['created_at']);
  },
};
