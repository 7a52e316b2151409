import { isConfigError, isSystemError, silentLog, systemClock, type DoctorAnswer, type DoctorFinding } from '@ml-connector/shared';
import { configFile, type PlaceOptions } from '../config/index.ts';
import { askAgent } from '../control/index.ts';
import { openCredentialStore } from '../credentials/index.ts';
import { reportFindings, runDoctor, tryEnrolment, type DoctorDeps } from '../diagnostics/index.ts';
import { loadIdentity } from '../identity/index.ts';
import { openSystems } from '../open-systems.ts';
import { policyOf } from '../systems/index.ts';
import { agentVersion } from '../version.ts';
import { openContext, systemNamed, type Context } from './context.ts';
import { exitCodes } from './failure.ts';
import type { CommandIo, GlobalOptions } from './io.ts';

export interface DoctorOptions extends GlobalOptions {
  json?: boolean;
  system?: string[];
}

/** Prints the findings; exit code 1 when something failed. A running agent is asked, so that its own connections are looked at. */
export async function doctor(options: DoctorOptions, { stdout }: CommandIo): Promise<number> {
  const { findings } = await examine(options);
  stdout.write(options.json ? `${JSON.stringify({ findings }, undefined, 2)}\n` : reportFindings(findings));
  return findings.some(({ result }) => result === 'failed') ? exitCodes.failure : 0;
}

async function examine(options: DoctorOptions): Promise<DoctorAnswer> {
  const context = contextOrFinding(options);
  if ('finding' in context) return { findings: [context.finding] };
  for (const name of options.system ?? []) systemNamed(context, name);
  const running = await askAgent(context.dataDir, 'doctor', { systems: options.system });
  return running ? (running.answer as DoctorAnswer) : examineHere(context, options);
}

/** A configuration that is not good is a finding like any other. */
function contextOrFinding(options: PlaceOptions): Context | { finding: DoctorFinding } {
  try {
    return openContext(options);
  } catch (error) {
    if (!isConfigError(error)) throw error;
    const fix = `Correct ${configFile(options)}; agent.example.yaml shows a good one.`;
    return { finding: { check: 'config', result: 'failed', detail: error.message, fix, ms: 0 } };
  }
}

async function examineHere({ settings, dataDir, configFile: file }: Context, { system }: DoctorOptions): Promise<DoctorAnswer> {
  const clock = systemClock;
  await using systems = openSystems({ settings, dataDir, credentials: openCredentialStore(dataDir), clock, log: silentLog });
  const policy = policyOf(settings);
  const { relay, enrolment } = relayOf({ settings, dataDir });
  return runDoctor(
    { configFile: file, settings, dataDir, relay, enrolment, systems: systems.all, policy: () => policy, clock },
    { systems: system },
  );
}

/** Without an enrolment there is no relay to look at, which is the finding. */
function relayOf({ settings, dataDir }: Pick<Context, 'settings' | 'dataDir'>): Pick<DoctorDeps, 'relay' | 'enrolment'> {
  try {
    const identity = loadIdentity(dataDir);
    const relayUrl = settings.relayUrl ?? identity.relayUrl;
    const caFile = settings.relayCaFile;
    return {
      relay: { url: relayUrl, relayCa: identity.relayCa, caFile },
      enrolment: () => tryEnrolment({ identity, relayUrl, caFile, agentVersion, clock: systemClock }),
    };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { relay: undefined, enrolment: () => Promise.reject(error) };
  }
}
