import type { Migration } from './migration.ts';

/** Schedules, calendars, and what records wait for. */
export const schedules: Migration = {
  number: 2,
  name: 'schedules',
  breaking: true,
  async up(_db) {},
};
