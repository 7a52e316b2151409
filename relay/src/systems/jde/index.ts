export { jdeSettings, type JdeSettings } from './settings.ts';
export type * from './reading.ts';
export type * from './types.ts';
