export { readMaterialCursor, type MaterialCursor } from './cursor.ts';
export { readMaterialGroups } from './groups.ts';
export { readSapMaterials } from './read-materials.ts';
export { materialReads } from './reads.ts';
export type * from './types.ts';
