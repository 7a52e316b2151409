import type { Migration } from './migration.ts';

/** Field overrides, shadow mappings, dry runs. */
export const mapping: Migration = {
  number: 3,
  name: 'mapping',
  breaking: true,
  async up(_db) {},
};
