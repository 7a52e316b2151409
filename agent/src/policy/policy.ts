import { SystemError, type CapabilitiesAnswer, type OperationName } from '@ml-connector/shared';
import type { Decision, MissingRule } from './decision.ts';

/** `type` of a system in agent.yaml. */
export type SystemType = CapabilitiesAnswer['systems'][number]['type'];

/** What the relay may do; immutable, built from the policy section of agent.yaml. Nothing that arrives by the tunnel changes it. */
export interface Policy {
  /**
   * Decides a checked request before anything of it is executed. Every missing rule is named at once. Throws SYSTEM_UNKNOWN (`refused`)
   * for a system that agent.yaml does not list.
   */
  decide(operation: OperationName, request: unknown): Decision;
  /** The policy of one system; undefined where agent.yaml does not list it. */
  of(system: string): SystemPolicy | undefined;
}

/** What one system allows, by the rules of its kind. */
export interface SystemPolicy {
  /** The kind of system whose rules these are. */
  readonly type: SystemType;
  /** Decides a checked request of an operation of its kind. */
  decide(operation: OperationName, request: unknown): Decision;
  /** Everything that is allowed with the rule it comes from, line by line, for people. */
  lines(): string[];
}

export function buildPolicy(bySystem: ReadonlyMap<string, SystemPolicy>): Policy {
  return {
    of: (system) => bySystem.get(system),
    decide(operation, request) {
      if (ofAgent.has(operation)) return { allowed: true, rule: 'agent' };
      const { system } = request as { system: string };
      const policy = bySystem.get(system);
      if (!policy) throw unknownSystem(system, [...bySystem.keys()]);
      return policy.decide(operation, request);
    },
  };
}

/** What concerns the agent itself; each of them looks after its own limits. */
const ofAgent: ReadonlySet<OperationName> = new Set(['StoreCredential', 'Doctor', 'LogTail', 'SetLogLevel', 'Capabilities']);

/** An operation of another kind of system: nothing can allow it. */
export function notOfThisKind(system: string, operation: OperationName, label: string): Decision {
  return {
    allowed: false,
    system,
    missing: [{ what: operation, reason: `${system} is a ${label} system, which knows no such operation` }],
  };
}

/** `refused`: names the systems there are. */
export function unknownSystem(system: string, known: readonly string[]): SystemError {
  return new SystemError('SYSTEM_UNKNOWN', 'refused', `agent.yaml has no system named ${JSON.stringify(system)}`, {
    fix: `Systems there: ${known.join(', ') || 'none'}.`,
  });
}

/** Allowed by what `source` names, unless something is missing. */
export function decision(system: string, missing: MissingRule[], source: () => string): Decision {
  return missing.length > 0 ? { allowed: false, system, missing } : { allowed: true, rule: source() };
}
