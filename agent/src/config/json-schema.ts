import { configJsonSchema } from '@ml-connector/shared';
import { agentSettings } from './schema.ts';

/** The text of agent/agent.schema.json, for editors; a test says when it is stale. */
export function agentJsonSchema(): string {
  return `${JSON.stringify(configJsonSchema(agentSettings, 'agent.yaml of ml-agent'), undefined, 2)}\n`;
}
