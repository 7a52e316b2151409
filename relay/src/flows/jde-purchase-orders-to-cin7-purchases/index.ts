export { jdePurchaseOrdersToCin7Purchases } from './flow.ts';
export { purchaseFlowSettings, type PurchaseFlowSettings } from './settings.ts';
export type { OrderPayload, PurchaseBody } from './payload.ts';
