import type { JdeCall, JdeQuery } from '@ml-connector/shared';
import {
  decision,
  notOfThisKind,
  rowLines,
  sourceOfTable,
  tableLines,
  type Decision,
  type MissingRule,
  type SystemPolicy,
} from '../../../policy/index.ts';
import { missingForRead } from './reads.ts';
import { jdeRules, ownField, type JdeRules } from './rules.ts';
import type { JdePolicySettings } from './settings.ts';

/** What the relay may read from one JD Edwards system. */
export interface JdePolicy extends SystemPolicy {
  /** Presets unfolded. */
  rules: JdeRules;
}

/** Without a section of agent.yaml only `info` is allowed: who is logged on where. */
export function jdePolicy(section: JdePolicySettings | undefined): JdePolicy {
  const rules = jdeRules(section);
  return {
    type: 'jde',
    rules,
    lines: () => [
      'info      who is logged on, and where  (base)',
      ...tableLines(rules.tables),
      ...rowLines(rules.rows),
      ...[...rules.orchestrations].map((name) => `runs      orchestration ${name}  (orchestrations)`),
    ],
    decide(operation, request) {
      if (operation === 'JdeQuery') {
        const query = request as JdeQuery;
        const fields = query.fields.map((field) => ownField(query.table, field));
        return decision(query.system, missingForRead(query, rules), () => sourceOfTable(query.table, fields, rules.tables));
      }
      if (operation === 'JdeCall') return decideCall(request as JdeCall, rules);
      return notOfThisKind((request as { system: string }).system, operation, 'JD Edwards');
    },
  };
}

function decideCall(call: JdeCall, rules: JdeRules): Decision {
  if (call.service === 'info') return { allowed: true, rule: 'base' };
  if (call.service === 'count') return decision(call.system, missingForRead(call, rules), () => sourceOfCount(call.table, rules));
  const missing = rules.orchestrations.has(call.name) ? [] : [missingOrchestration(call.name)];
  return decision(call.system, missing, () => 'orchestrations');
}

/** Counting touches the table as a whole. */
function sourceOfCount(table: string, { tables }: JdeRules): string {
  const fields = tables.get(table);
  return sourceOfTable(table, fields && fields !== '*' ? [...fields.keys()] : [], tables);
}

function missingOrchestration(name: string): MissingRule {
  return { what: `orchestration ${name}`, reason: 'the orchestration is not listed', entry: { orchestrations: [name] } };
}
