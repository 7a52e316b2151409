import type { Migration } from './migration.ts';

/** Relay nodes and the leases they hold. */
export const nodes: Migration = {
  number: 5,
  name: 'nodes',
  breaking: true,
  async up(_db) {},
};
