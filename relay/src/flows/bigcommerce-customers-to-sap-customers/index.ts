export { bigCommerceCustomersToSapCustomers } from './flow.ts';
export { customerFlowSettings, type CustomerFlowSettings } from './settings.ts';
