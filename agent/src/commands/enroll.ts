import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { isConfigError, systemClock } from '@ml-connector/shared';
import { configFile } from '../config/index.ts';
import { enroll } from '../identity/index.ts';
import { machineName } from '../machine-name.ts';
import { agentVersion } from '../version.ts';
import { openContext, openDataDir } from './context.ts';
import { UsageError } from './failure.ts';
import { readAll, type CommandIo, type GlobalOptions } from './io.ts';

export interface EnrollOptions extends GlobalOptions {
  token?: string;
  tokenFile?: string;
  name?: string;
}

/** Makes this machine an agent of the relay that issued the token. Can be repeated with the same token. */
export async function enrollAgent(argument: string | undefined, options: EnrollOptions, io: CommandIo): Promise<void> {
  // Read before root steps down to the owner of the data folder, who may not see the file.
  const token = (await tokenFrom(argument, options, io)).trim();
  const { dataDir, caFile } = placeOf(options);
  const identity = await enroll({
    token,
    dataDir,
    agentName: options.name ?? hostname(),
    agentVersion,
    machine: machineName(),
    caFile,
    clock: systemClock,
  });
  io.stdout.write(
    `enrolled at ${identity.relayUrl} ("${identity.relayName}") as agent ${identity.agentId} of site ${identity.siteId}\n` +
      `keys are in ${dataDir}; next: ml-agent doctor, then start the service or ml-agent run\n`,
  );
}

async function tokenFrom(argument: string | undefined, { token, tokenFile }: EnrollOptions, { stdin }: CommandIo): Promise<string> {
  const given = [argument, token, tokenFile].filter((one) => one !== undefined);
  if (given.length !== 1)
    throw new UsageError('give the token once: ml-agent enroll <token>, or --token-file FILE (- reads standard input)');
  if (tokenFile === undefined) return argument ?? token ?? '';
  return tokenFile === '-' ? readAll(stdin) : readFileSync(tokenFile, 'utf8');
}

/** agent.yaml may still be missing at this point of a set-up; one that is there must be good. */
function placeOf(options: EnrollOptions): { dataDir: string; caFile: string | undefined } {
  try {
    const { dataDir, settings } = openContext(options);
    return { dataDir, caFile: settings.relayCaFile };
  } catch (error) {
    const isMissing = isConfigError(error) && error.problems.every(({ line, file }) => line === undefined && file === configFile(options));
    if (!isMissing || options.config !== undefined) throw error;
    return { dataDir: openDataDir(options), caFile: undefined };
  }
}
