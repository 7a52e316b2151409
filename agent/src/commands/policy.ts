import { SystemError } from '@ml-connector/shared';
import { askAgent } from '../control/index.ts';
import { policyLines } from '../policy/index.ts';
import { policyOf, systemKinds } from '../systems/index.ts';
import { openContext, systemNamed } from './context.ts';
import { exitCodes } from './failure.ts';
import type { CommandIo, GlobalOptions } from './io.ts';
import { requestToCheck, type AskedCall } from './policy-request.ts';

/** What the relay may do, presets unfolded, each entry with the rule it comes from. */
export function showPolicy(options: GlobalOptions & { system?: string }, { stdout }: CommandIo): void {
  const context = openContext(options);
  if (options.system !== undefined) systemNamed(context, options.system);
  const policy = policyOf(context.settings);
  const systems = options.system === undefined ? Object.keys(context.settings.systems) : [options.system];
  if (systems.length === 0) stdout.write(`${context.configFile} names no system; everything is denied\n`);
  for (const system of systems) {
    const lines = policy.of(system)?.lines() ?? [];
    stdout.write(`${[system, ...lines.map((line) => `  ${line}`)].join('\n')}\n`);
  }
}

export interface CheckOptions extends GlobalOptions, AskedCall {
  system: string;
}

/** Says whether a call would be allowed, by which rule or what is missing; exit code 1 when it would be denied. */
export function checkPolicy(options: CheckOptions, { stdout }: CommandIo): number {
  const context = openContext(options);
  const { type } = systemNamed(context, options.system);
  const { operation, request } = requestToCheck(type, options.system, options);
  const decision = policyOf(context.settings).decide(operation, request);
  if (decision.allowed) {
    stdout.write(`allowed by: ${decision.rule}\n`);
    return 0;
  }
  stdout.write('denied\n');
  for (const { what, reason } of decision.missing) stdout.write(`  ${what}: ${reason}\n`);
  const yaml = policyLines(decision.system, decision.missing);
  if (yaml) stdout.write(`to allow it, add these entries to ${context.configFile}:\n\n${yaml}\n`);
  return exitCodes.failure;
}

/** The presets of this agent, with all that each allows. */
export function listPresets({ stdout }: CommandIo): void {
  for (const [name, { functions, writes = [], tables }] of systemKinds.flatMap(({ presets }) => Object.entries(presets))) {
    stdout.write(`${name}\n`);
    if (functions) stdout.write(`  functions: ${functions.join(', ')}\n`);
    if (writes.length > 0) stdout.write(`  writes: ${writes.join(', ')}\n`);
    for (const [table, fields] of Object.entries(tables)) stdout.write(`  ${table}: ${fields.join(', ')}\n`);
  }
}

/** Has the running agent read agent.yaml at once. */
export async function reloadPolicy(options: GlobalOptions, { stdout }: CommandIo): Promise<void> {
  const { dataDir } = openContext(options);
  const done = await askAgent(dataDir, 'reload-policy');
  if (!done) throw new SystemError('NOT_RUNNING', 'refused', `no agent runs on ${dataDir}; the policy counts at its next start`);
  const { restartNeededFor } = done.answer as { restartNeededFor: string[] };
  stdout.write(`the policy counts from now on\n${restartNeededFor.length > 0 ? `needs a restart: ${restartNeededFor.join(', ')}\n` : ''}`);
}
