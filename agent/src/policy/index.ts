export { policyError, policyLines, type Decision, type Denied, type MissingRule } from './decision.ts';
export type { EffectiveRules } from './effective.ts';
export { buildPolicy, type Policy } from './policy.ts';
export { roleOf, type Authorisation } from './role.ts';
export { policySettings, systemPolicySettings, type PolicySettings, type SystemPolicySettings } from './settings.ts';
