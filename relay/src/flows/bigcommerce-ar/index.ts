export { dayIn } from './business-day.ts';
export { componentsOf, type OrderComponents } from './components.ts';
export { customerOf, customersFlow } from './customer.ts';
export { Lookups, taxKey } from './lookups.ts';
export { orderPayload, type OrderPayload, type OrderPayloadLine, type PayloadAddress } from './order-payload.ts';
export { accountSettings, accountSettingsShape, accountValueMaps, type AccountSettings } from './settings.ts';
