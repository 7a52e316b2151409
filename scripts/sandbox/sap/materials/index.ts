export { Materials, type MaterialChange, type MaterialRows, type NewMaterial, type NewPrice } from './materials.ts';
export { storedAmount } from './prices.ts';
