import { audit } from './audit.ts';
import { blocked } from './blocked.ts';
import { expiry } from './expiry.ts';
import { nothingFlowed, runFailed } from './flows.ts';
import { halted } from './halted.ts';
import { reconciliation } from './reconciliation.ts';
import type { Rule } from './rule.ts';
import { backlog, uncertain } from './stuck.ts';
import { tunnelDown } from './tunnel-down.ts';
import { waiting } from './waiting.ts';
import { webhooksBroken, webhooksRefused } from './webhooks.ts';

/** Every rule, on for a new tenant with its defaults. */
export const rules: readonly Rule[] = [
  blocked,
  uncertain,
  backlog,
  waiting,
  tunnelDown,
  halted,
  runFailed,
  nothingFlowed,
  reconciliation,
  webhooksBroken,
  webhooksRefused,
  expiry,
  audit,
];
export type { Rule, RuleDeps } from './rule.ts';
