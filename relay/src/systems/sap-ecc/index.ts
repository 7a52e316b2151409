export { sapEcc } from './manifest.ts';
export { openSapSession, type Parameters, type Row, type SapSession, type TableRead } from './session.ts';
export { sapEccSettings, type SapEccSettings } from './settings.ts';
export type { SapSystemInfo } from './system-info.ts';
export type { SendUnit, UnitRequest } from './units.ts';
export * from './vendors/index.ts';
export * from './documents/index.ts';
export * from './accounts/index.ts';
