export { jde } from './manifest.ts';
export { openJdeSession } from './session.ts';
export { jdeSettings, type JdeSettings } from './settings.ts';
export { accountKey, orderKey, supplierKey } from './keys.ts';
export { readPaymentTerms, readSuppliers, type JdeCode } from './suppliers/index.ts';
export { readPurchaseOrders, type PurchaseOrderReading } from './orders/index.ts';
export { readAccounts, type AccountReading } from './accounts/index.ts';
export type * from './reading.ts';
export type * from './types.ts';
