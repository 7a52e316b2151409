import { writeFileSync } from 'node:fs';
import { silentLog, systemClock } from '@ml-connector/shared';
import { openCredentialStore } from '../credentials/index.ts';
import { openSystems } from '../open-systems.ts';
import { buildPolicy } from '../policy/index.ts';
import { agentVersion } from '../version.ts';
import { openContext, systemNamed } from './context.ts';
import type { CommandIo, GlobalOptions } from './io.ts';

export interface CaptureOptions extends GlobalOptions {
  system: string;
  function?: string[];
  table?: string[];
  out?: string;
}

const captureMs = 10 * 60_000;

/**
 * Writes the interfaces of function modules and the fields of tables as this SAP system has them, as JSON: for a support case, or to
 * teach a simulator. Names and types only, no business data. Without names: everything the policy lists.
 */
export async function captureMetadata(options: CaptureOptions, { stdout, signal }: CommandIo): Promise<void> {
  const context = openContext(options);
  systemNamed(context, options.system);
  const { settings, dataDir } = context;
  const rules = buildPolicy(settings.policy).rules(options.system);
  const isNamed = options.function !== undefined || options.table !== undefined;
  const functions = options.function ?? (isNamed ? [] : [...rules.functions.keys()]);
  const tables = options.table ?? (isNamed ? [] : [...rules.tables.keys()]);

  await using systems = openSystems({ settings, dataDir, credentials: openCredentialStore(dataDir), clock: systemClock, log: silentLog });
  const system = systems.all.get(options.system);
  const call = { deadline: systemClock.now() + captureMs, signal };
  const ping = await system?.ping(call);
  const described = await system?.describe({ system: options.system, functions, tables }, call);

  const { sysId, client, partnerRel, kernelRel, partnerCodepage } = ping?.attributes ?? {};
  const capture = {
    capturedAt: new Date(systemClock.now()).toISOString(),
    agentVersion,
    system: { name: options.system, sysId, client, release: partnerRel, kernelRelease: kernelRel, codepage: partnerCodepage },
    ...described,
  };
  const text = `${JSON.stringify(capture, undefined, 2)}\n`;
  if (options.out === undefined || options.out === '-') {
    stdout.write(text);
    return;
  }
  writeFileSync(options.out, text);
  stdout.write(`${options.out}: ${functions.length} function modules, ${tables.length} tables\n`);
}
