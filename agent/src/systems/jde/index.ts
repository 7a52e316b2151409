export { type ServerConfig } from './answers.ts';
export { jdeChecks, type AllowedTables, type JdeCheckDeps } from './checks/index.ts';
export { openJdeSystem, type JdeCountCall, type JdeOrchestrationCall, type JdeStreamedCall, type JdeSystem } from './jde-system.ts';
export { jdeKind } from './kind.ts';
export { jdeOperations, type JdeOperationsDeps } from './operations.ts';
export { jdeSystemConfig, type JdeConnectionSettings } from './settings.ts';
export type { JdePolicySettings } from './policy/index.ts';
