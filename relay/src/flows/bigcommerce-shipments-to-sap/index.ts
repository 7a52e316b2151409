export { bigCommerceShipmentsToSap } from './flow.ts';
export { shipmentFlowSettings, type ShipmentFlowSettings } from './settings.ts';
