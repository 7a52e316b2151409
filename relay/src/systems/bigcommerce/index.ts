export { bigCommerce } from './manifest.ts';
export { bigCommerceSettings, storeAddress, type BigCommerceSettings } from './settings.ts';
export { openBigCommerceSession, type OpenBigCommerceSession } from './session.ts';
export type { BigCommerceHooks, Hook } from './hooks.ts';
export { deliveryExceptionsUrl, wantedTopics } from './subscriptions.ts';
export { parseStoreDate } from './dates.ts';
export { rowUnreadable } from './unreadable-rows.ts';
export type * from './types.ts';
