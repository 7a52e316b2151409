import { configJsonSchema } from '@ml-connector/shared';
import { systemKinds } from '../systems/index.ts';
import { agentSettings } from './schema.ts';

/** The text of agent/agent.schema.json, for editors; a test says when it is stale. */
export function agentJsonSchema(): string {
  const schema = configJsonSchema(agentSettings, 'agent.yaml of ml-agent');
  const { policy } = schema['properties'] as { policy: Record<string, unknown> };
  policy['additionalProperties'] = { anyOf: systemKinds.map(sectionSchema) };
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

/** Which section belongs to which type of system a JSON Schema cannot say. */
function sectionSchema({ label, policySettings }: (typeof systemKinds)[number]): Record<string, unknown> {
  const { $schema: _draft, ...section } = configJsonSchema(policySettings, `Policy of ${label} systems`);
  return section;
}
