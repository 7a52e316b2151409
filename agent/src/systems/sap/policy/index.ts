export type { SapRules } from './effective.ts';
export { sapPolicy, type SapPolicy } from './policy.ts';
export { roleOf, type Authorisation } from './role.ts';
export { sapRole } from './role-text.ts';
export { sapPolicySettings, type SapPolicySettings } from './settings.ts';
