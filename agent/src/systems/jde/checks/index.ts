export { jdeChecks, type JdeCheckDeps } from './jde-checks.ts';
export type { AllowedTables } from './table-authority.ts';
