export { readPurchaseOrders, type PurchaseOrderReading } from './read-purchase-orders.ts';
