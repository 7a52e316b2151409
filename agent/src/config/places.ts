import { existsSync } from 'node:fs';
import path from 'node:path';

/** Where things are, from the command line, the environment and the platform's habits, in this order. */
export interface PlaceOptions {
  config?: string | undefined;
  dataDir?: string | undefined;
}

const windowsRoot = (): string => path.join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'ml-agent');

/** agent.yaml: `--config`, AGENT_CONFIG, beside the data folder that was named, or the platform's place. */
export function configFile({ config, dataDir }: PlaceOptions): string {
  const named = config ?? process.env['AGENT_CONFIG'];
  if (named !== undefined && named !== '') return path.resolve(named);
  const folder = dataDir ?? process.env['AGENT_DATA_DIR'];
  const beside = folder ? path.join(folder, 'agent.yaml') : undefined;
  if (beside !== undefined && existsSync(beside)) return path.resolve(beside);
  return process.platform === 'win32' ? path.join(windowsRoot(), 'agent.yaml') : '/etc/ml-agent/agent.yaml';
}

/** The data folder: `--data-dir`, AGENT_DATA_DIR, agent.yaml, or the platform's place. */
export function dataFolder({ dataDir }: PlaceOptions, settings: { dataDir?: string | undefined } | undefined): string {
  const named = dataDir ?? process.env['AGENT_DATA_DIR'] ?? settings?.dataDir;
  if (named !== undefined && named !== '') return path.resolve(named);
  return process.platform === 'win32' ? windowsRoot() : '/var/lib/ml-agent';
}

/** True under our service host, which stops the agent by closing its standard input. */
export function isRunByServiceHost(): boolean {
  return process.env['AGENT_SERVICE'] === '1';
}

/** Folder of the installed program, beside which the SAP SDK may stand. */
export function installFolder(): string | undefined {
  const script = process.argv[1];
  return script === undefined ? undefined : path.resolve(path.dirname(script), '..');
}
