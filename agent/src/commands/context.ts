import { statSync } from 'node:fs';
import { loadConfig, SystemError } from '@ml-connector/shared';
import { agentSettings, configFile, dataFolder, type AgentSettings, type PlaceOptions } from '../config/index.ts';

/** Where this command works: the checked settings and the folder of the agent. */
export interface Context {
  configFile: string;
  settings: AgentSettings;
  dataDir: string;
}

/** Reads agent.yaml; a ConfigError says everything that is wrong with it. */
export function openContext(options: PlaceOptions): Context {
  const file = configFile(options);
  const settings = loadConfig({ file, schema: agentSettings });
  return { configFile: file, settings, dataDir: ownDataDir(options, settings) };
}

/** The data folder alone, for the first steps of a set-up, when there is no agent.yaml yet. */
export function openDataDir(options: PlaceOptions): string {
  return ownDataDir(options, undefined);
}

/**
 * Commands are often run by root with sudo, while the agent runs as its own user: files that root would own could not be read by the
 * agent. So root becomes the owner of the data folder.
 */
function ownDataDir(options: PlaceOptions, settings: AgentSettings | undefined): string {
  const dataDir = dataFolder(options, settings);
  const owner = statSync(dataDir, { throwIfNoEntry: false });
  if (process.geteuid?.() === 0 && owner && owner.uid !== 0) {
    process.setegid?.(owner.gid);
    process.seteuid?.(owner.uid);
  }
  return dataDir;
}

/** The settings of a system, or an error that names those there are. */
export function systemNamed({ settings, configFile: file }: Context, name: string): AgentSettings['systems'][string] {
  const found = settings.systems[name];
  if (found) return found;
  const known = Object.keys(settings.systems);
  throw new SystemError('SYSTEM_UNKNOWN', 'refused', `${file} has no system ${name}; it has ${known.join(', ') || 'none'}`);
}
