export { sapMaterialsToBigCommerceProducts } from './flow.ts';
export { materialFlowSettings, type MaterialFlowSettings } from './settings.ts';
export type { MaterialPayload, ProductBody } from './payload.ts';
