import { SystemError } from '@ml-connector/shared';
import { stringify } from 'yaml';
import type { RowRule } from './rows.ts';

/** Something the policy does not allow, and the entry of agent.yaml that would. */
export interface MissingRule {
  /** `function Z_ML_VENDORS`, `field LFA1.STCD1`, `LFB1 rows with BUKRS 2000`. */
  what: string;
  /** Why it is denied, and how the call could be made narrower where that helps. */
  reason: string;
  /** What belongs below `policy: <system>:`; absent where nothing can allow it. */
  entry?: PolicyEntry | undefined;
}

export interface PolicyEntry {
  functions?: string[];
  writes?: string[];
  tables?: Record<string, string[]>;
  parameters?: { function: string; parameter: string; allow: string[] }[];
  rows?: RowRule[];
  orchestrations?: string[];
}

export type Decision = Allowed | Denied;
export interface Allowed {
  allowed: true;
  /** Where it is allowed: `base`, `preset sap-vendors-to-cin7-suppliers`, `functions`, `tables`. */
  rule: string;
}
export interface Denied {
  allowed: false;
  system: string;
  missing: MissingRule[];
}

/** `refused`, code POLICY_DENIED: names what is missing and the lines of agent.yaml that would allow it. */
export function policyError(operation: string, { system, missing }: Denied): SystemError {
  const yaml = policyLines(system, missing);
  const reasons = missing.map(({ what, reason }) => `${what}: ${reason}`);
  return new SystemError(
    'POLICY_DENIED',
    'refused',
    `${operation} on ${system} is not allowed by the agent's policy: ${reasons.join('; ')}`,
    {
      fix: yaml
        ? `To allow it, the administrator of the agent adds these entries to agent.yaml:\n${yaml}`
        : 'The policy has no rule that allows it.',
      facts: { system, missing: missing.map(({ what }) => what), yaml },
    },
  );
}

/** The YAML block that would allow everything missing; empty when nothing can. */
export function policyLines(system: string, missing: readonly MissingRule[]): string {
  const merged: PolicyEntry = {};
  for (const { entry } of missing) {
    if (entry?.functions) merged.functions = [...(merged.functions ?? []), ...entry.functions];
    if (entry?.writes) merged.writes = [...new Set([...(merged.writes ?? []), ...entry.writes])];
    if (entry?.parameters) merged.parameters = [...(merged.parameters ?? []), ...entry.parameters];
    if (entry?.rows) merged.rows = [...(merged.rows ?? []), ...entry.rows];
    if (entry?.orchestrations) merged.orchestrations = [...(merged.orchestrations ?? []), ...entry.orchestrations];
    for (const [table, fields] of Object.entries(entry?.tables ?? {}))
      merged.tables = { ...merged.tables, [table]: [...(merged.tables?.[table] ?? []), ...fields] };
  }
  if (Object.keys(merged).length === 0) return '';
  return stringify({ policy: { [system]: merged } }, { collectionStyle: 'any', lineWidth: 0 }).trimEnd();
}
