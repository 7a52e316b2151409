export { bigCommerceRefundsToSapAr } from './flow.ts';
export { refundFlowSettings, type RefundFlowSettings } from './settings.ts';
