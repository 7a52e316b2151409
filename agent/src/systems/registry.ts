import type { OperationName, StoreCredential } from '@ml-connector/shared';
import { z } from 'zod';
import type { AuditSubject } from '../audit/index.ts';
import { buildPolicy, type Policy } from '../policy/index.ts';
import { jdeKind, jdeSystemConfig, type JdePolicySettings } from './jde/index.ts';
import type { SystemKind } from './kind.ts';
import { sapKind, sapSystemConfig, type SapPolicySettings } from './sap/index.ts';
import type { AgentSystem } from './system.ts';

/** Every kind of system this agent knows: a new one is a folder, and its name here and in the two lines below. */
const kinds = { 'sap-ecc': sapKind, jde: jdeKind } as const satisfies { [Type in AgentSystem['type']]: SystemKind };
export const systemKinds: readonly SystemKind[] = Object.values(kinds);

/** One system of agent.yaml, without its name. */
export const systemSettings = z.discriminatedUnion('type', [sapSystemConfig, jdeSystemConfig]);
export type SystemSettings = z.output<typeof systemSettings>;

/** The policy of one system in agent.yaml; which of them it is depends on the type of the system. */
export type PolicySection = SapPolicySettings | JdePolicySettings;

export function kindOf(type: AgentSystem['type']): SystemKind {
  return kinds[type];
}

/** The parts of agent.yaml that a policy is made of. */
export interface PolicySource {
  systems: Readonly<Record<string, Pick<SystemSettings, 'type'>>>;
  policy: Readonly<Record<string, PolicySection>>;
}

/** What the relay may do, system by system. */
export function policyOf({ systems, policy }: PolicySource): Policy {
  return buildPolicy(new Map(Object.entries(systems).map(([name, { type }]) => [name, kindOf(type).policy(policy[name])])));
}

/** What a request touches, without any value of it. */
export function subjectOf(operation: OperationName, request: unknown): AuditSubject {
  if (operation === 'StoreCredential') return { system: (request as StoreCredential).system };
  for (const kind of systemKinds) {
    const subject = kind.subject(operation, request);
    if (subject) return subject;
  }
  return {};
}
