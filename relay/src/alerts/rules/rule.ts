import type { Clock } from '@ml-connector/shared';
import type { z } from 'zod';
import type { Store } from '../../store/index.ts';
import type { Finding } from '../finding.ts';

/** What rules look at besides the database. */
export interface RuleDeps {
  store: Store;
  clock: Clock;
  /** Live tunnels. */
  sessions: () => readonly { agentId: string; siteId: string }[];
  /** Titles of flows, by id. */
  flowTitles: ReadonlyMap<string, string>;
  /** Certificates of the relay itself. */
  certificates: readonly { name: string; expiresAt: number; fix: string }[];
  /** Since when this relay looks: what it has not seen yet may just not have come back after a start. */
  startedAt: number;
}

export interface RuleInput<Settings> extends RuleDeps {
  tenantId: string;
  settings: Settings;
  /** Of the tenant's alert settings. */
  timeZone: string;
}

/** One kind of thing to be alerted about. */
export interface Rule<Settings extends z.ZodObject = z.ZodObject> {
  readonly id: string;
  readonly title: string;
  /** Every field has a default. */
  readonly settings: Settings;
  /** Everything of the kind that is so now. Reads bounded amounts, through indexes. */
  find(input: RuleInput<z.output<Settings>>): Promise<Finding[]>;
}

export function defineRule<Settings extends z.ZodObject>(rule: Rule<Settings>): Rule {
  return rule;
}
