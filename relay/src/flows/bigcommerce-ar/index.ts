export { BrokenRows, type NamedRow } from './broken-rows.ts';
export { dayIn } from './business-day.ts';
export { componentsOf, type OrderComponents } from './components.ts';
export { customerOf, customersFlow, ordersFlow } from './customer.ts';
export { eventIds } from './event-id.ts';
export { fetchOrders, type FetchOrders } from './fetch-orders.ts';
export { itemsFor } from './long-orders.ts';
export { Lookups, taxKey } from './lookups.ts';
export {
  orderPayload,
  unreadableOrder,
  type OrderContent,
  type OrderPayload,
  type OrderPayloadLine,
  type PayloadAddress,
} from './order-payload.ts';
export { orderStamp } from './order-stamp.ts';
export { allowedDifference, halfCoin } from './rounding.ts';
export { accountSettings, accountSettingsShape, accountValueMaps, decimalsOf, type AccountSettings } from './settings.ts';
