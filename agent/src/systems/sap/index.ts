export { isReadOnly } from './functions.ts';
export { judge, type CallFacts } from './judge.ts';
export { allowAnotherLogon, forgetLogonRefusal } from './logon-guard.ts';
export { sapOperations } from './operations.ts';
export { openSapSystem, type SapCall, type SapStreamedCall, type SapSystem, type SapSystemDeps, type SapSystemInfo } from './sap-system.ts';
export { inspectSdk, type SdkInspection, type SdkPlace } from './sdk.ts';
export { sapSystemConfig, type SapConnectionSettings } from './settings.ts';
export { knownReaders } from './tables/index.ts';
export { type PingAnswer } from './worker/index.ts';
