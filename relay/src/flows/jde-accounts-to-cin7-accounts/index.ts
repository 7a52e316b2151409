export { jdeAccountsToCin7Accounts } from './flow.ts';
export { accountFlowSettings, type AccountFlowSettings } from './settings.ts';
export type { AccountBody, AccountPayload } from './payload.ts';
