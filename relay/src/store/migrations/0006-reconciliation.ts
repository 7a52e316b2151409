import type { Migration } from './migration.ts';

/** What both sides and the ledger hold, compared. */
export const reconciliation: Migration = {
  number: 6,
  name: 'reconciliation',
  breaking: true,
  async up(_db) {},
};
