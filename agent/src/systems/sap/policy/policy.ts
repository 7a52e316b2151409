import type { SapTableRead, SapUnit } from '@ml-connector/shared';
import { decision, joinedSources, notOfThisKind, rowLines, sourceOfTable, tableLines, type SystemPolicy } from '../../../policy/index.ts';
import { effectiveRules, type SapRules } from './effective.ts';
import { missingForCalls } from './function-calls.ts';
import type { SapPolicySettings } from './settings.ts';
import { missingForRead } from './table-reads.ts';

/** What the relay may do with one SAP system. */
export interface SapPolicy extends SystemPolicy {
  /** Presets unfolded. */
  rules: SapRules;
}

/** Without a section of agent.yaml only the base needs are allowed. */
export function sapPolicy(section: SapPolicySettings | undefined): SapPolicy {
  const rules = effectiveRules(section);
  return {
    type: 'sap-ecc',
    rules,
    lines: () => describe(rules),
    decide(operation, request) {
      if (operation === 'SapTableRead') {
        const { system, table, fields } = request as SapTableRead;
        return decision(system, missingForRead(request as SapTableRead, rules), () => sourceOfTable(table, fields, rules.tables));
      }
      if (operation === 'SapUnit') {
        const unit = request as SapUnit;
        const source = (): string => joinedSources(unit.calls.map((call) => rules.functions.get(call.function)));
        return decision(unit.system, missingForCalls(unit, rules), source);
      }
      // Names and types only; the base needs hold the metadata functions for it.
      if (operation === 'SapDescribe') return { allowed: true, rule: 'base' };
      return notOfThisKind((request as { system: string }).system, operation, 'SAP');
    },
  };
}

function describe({ functions, writes, tables, parameters, rows }: SapRules): string[] {
  return [
    ...[...functions].map(([name, source]) => `function  ${name}${writes.has(name) ? ', may be committed' : ''}  (${source})`),
    ...tableLines(tables),
    ...parameters.map((rule) => `values    ${rule.function} ${rule.parameter}: ${rule.allow.map((value) => value || "''").join(', ')}`),
    ...rowLines(rows),
  ];
}
