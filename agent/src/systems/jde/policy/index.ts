export { jdePolicy, type JdePolicy } from './policy.ts';
export { jdeRole, type JdeNeed } from './role.ts';
export type { JdeRules } from './rules.ts';
export { jdePolicySettings, type JdePolicySettings } from './settings.ts';
