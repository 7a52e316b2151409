export { runChecks, type Check, type CheckResult } from './check.ts';
export { explainNetwork, networkTimeoutMs, openTcp, resolveName } from './network.ts';
