export { openPurchasing, orderLine, supplierBody, type Purchasing } from './purchasing.ts';
