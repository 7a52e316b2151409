export { bigCommerceOrdersToSapAr } from './flow.ts';
export { referenceOf } from './map.ts';
export { orderFlowSettings, type OrderFlowSettings } from './settings.ts';
