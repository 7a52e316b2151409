import type { JdeCall, JdeQuery, OperationName, SapTableRead, SapUnit } from '@ml-connector/shared';
import { missingForCalls } from './function-calls.ts';
import { missingForRead } from './table-reads.ts';
import type { Decision, MissingRule } from './decision.ts';
import { effectiveRules, type EffectiveRules } from './effective.ts';
import type { PolicySettings } from './settings.ts';

/** What the relay may do; immutable, built from the policy section of agent.yaml. Nothing that arrives by the tunnel changes it. */
export interface Policy {
  /** Decides a checked request before anything of it is executed. Every missing rule is named at once. */
  decide(operation: OperationName, request: unknown): Decision;
  /** The rules of one system, presets unfolded. */
  rules(system: string): EffectiveRules;
}

export function buildPolicy(settings: PolicySettings): Policy {
  const closed = effectiveRules(undefined);
  const bySystem = new Map(Object.entries(settings).map(([system, policy]) => [system, effectiveRules(policy)]));
  const rules = (system: string): EffectiveRules => bySystem.get(system) ?? closed;
  return {
    rules,
    decide(operation, request) {
      switch (operation) {
        case 'SapTableRead': {
          const read = request as SapTableRead;
          return decision(read.system, missingForRead(read, rules(read.system)), () => sourceOfTable(read, rules(read.system)));
        }
        case 'SapUnit': {
          const unit = request as SapUnit;
          return decision(unit.system, missingForCalls(unit, rules(unit.system)), () => sourceOfCalls(unit, rules(unit.system)));
        }
        case 'SapDescribe':
          // Names and types only; the base needs hold the metadata functions for it.
          return { allowed: true, rule: 'base' };
        case 'JdeQuery':
        case 'JdeCall':
          return {
            allowed: false,
            system: (request as JdeQuery | JdeCall).system,
            missing: [{ what: operation, reason: 'no rule allows it' }],
          };
        case 'StoreCredential':
        case 'Doctor':
        case 'LogTail':
        case 'SetLogLevel':
        case 'Capabilities':
          return { allowed: true, rule: 'agent' };
      }
    },
  };
}

function decision(system: string, missing: MissingRule[], source: () => string): Decision {
  return missing.length > 0 ? { allowed: false, system, missing } : { allowed: true, rule: source() };
}

function sourceOfTable({ table, fields }: SapTableRead, { tables }: EffectiveRules): string {
  const allowed = tables.get(table);
  return allowed === '*' || !allowed ? 'tables' : joined(fields.map((field) => allowed.get(field)));
}

function sourceOfCalls({ calls }: SapUnit, { functions }: EffectiveRules): string {
  return joined(calls.map((call) => functions.get(call.function)));
}

function joined(sources: (string | undefined)[]): string {
  return [...new Set(sources.filter((source) => source !== undefined))].join(', ');
}
