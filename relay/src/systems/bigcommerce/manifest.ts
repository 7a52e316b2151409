import type { SystemManifest } from '../system.ts';
import { openBigCommerceSession, type OpenBigCommerceSession } from './session.ts';
import { keepSubscriptions, removeSubscriptions } from './subscriptions.ts';
import { readWebhook } from './webhook-reading.ts';
import { bigCommerceSettings } from './settings.ts';

export const bigCommerce: SystemManifest<typeof bigCommerceSettings, OpenBigCommerceSession> = {
  id: 'bigcommerce',
  label: 'BigCommerce',
  runsOn: 'relay',
  settings: bigCommerceSettings,
  // Of the smallest plan; the store's own answers say what holds (store-pace.ts).
  pace: { calls: 150, perMs: 30_000, burst: 150 },
  open: ({ settings, clock, tenantId, addresses }) => openBigCommerceSession({ settings, clock, tenantId, addresses }),
  check: (session, scope) => session.check(scope),
  webhooks: { read: readWebhook, keep: keepSubscriptions, remove: removeSubscriptions },
};
