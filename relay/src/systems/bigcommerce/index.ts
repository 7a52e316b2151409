export { bigCommerce } from './manifest.ts';
export { bigCommerceSettings, storeAddress, type BigCommerceSettings } from './settings.ts';
export { openBigCommerceSession, type OpenBigCommerceSession } from './session.ts';
export { parseStoreDate } from './dates.ts';
export type * from './types.ts';
