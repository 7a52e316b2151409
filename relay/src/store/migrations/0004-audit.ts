import type { Migration } from './migration.ts';

/** Daily anchors, retention, alerts. */
export const audit: Migration = {
  number: 4,
  name: 'audit',
  breaking: true,
  async up(_db) {},
};
