export type { SystemKind, SystemRole } from './kind.ts';
export { allowAnotherLogon, forgetLogonRefusal } from './logon-guard.ts';
export { kindOf, policyOf, subjectOf, systemKinds, systemSettings, type PolicySection, type SystemSettings } from './registry.ts';
export type { AgentSystem, AgentSystemInfo } from './system.ts';
