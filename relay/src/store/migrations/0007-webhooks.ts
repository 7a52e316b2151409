import type { Migration } from './migration.ts';

/** Addresses that systems send webhooks to, what they sent, and the keys that are to be read again for it. */
export const webhooks: Migration = {
  number: 7,
  name: 'webhooks',
  breaking: true,
  async up() {},
};
