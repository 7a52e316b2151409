import { agentJsonSchema } from '../config/index.ts';
import { openContext } from './context.ts';
import type { CommandIo, GlobalOptions } from './io.ts';

/** Says whether agent.yaml is good; a ConfigError lists what is not. */
export function checkConfig(options: GlobalOptions, { stdout }: CommandIo): void {
  const { configFile, settings, dataDir } = openContext(options);
  const systems = Object.keys(settings.systems).join(', ') || 'none';
  stdout.write(`${configFile} is good; systems: ${systems}; data folder: ${dataDir}\n`);
}

/** Prints the JSON Schema of agent.yaml, for editors. */
export function printSchema({ stdout }: CommandIo): void {
  stdout.write(agentJsonSchema());
}
