import { buildPolicy, systemPolicySettings, type EffectiveRules } from '../../policy/index.ts';

/** The rules of one system, from a policy section as it stands in agent.yaml. */
export function effectiveRulesFor(system: string, section: object): EffectiveRules {
  return buildPolicy({ [system]: systemPolicySettings.parse(section) }).rules(system);
}
