import { writeFileSync } from 'node:fs';
import { silentLog, systemClock } from '@ml-connector/shared';
import { openCredentialStore } from '../credentials/index.ts';
import { installFolder } from '../config/index.ts';
import { sapKind, type SapPolicySettings } from '../systems/sap/index.ts';
import { agentVersion } from '../version.ts';
import { openContext, systemNamed } from './context.ts';
import { UsageError } from './failure.ts';
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
  const { dataDir } = context;
  const name = options.system;
  const settings = systemNamed(context, name);
  if (settings.type !== 'sap-ecc') throw new UsageError(`${name} is no SAP system; there are no function modules and fields to capture`);
  const { rules } = sapKind.policy(context.settings.policy[name] as SapPolicySettings | undefined);
  const isNamed = options.function !== undefined || options.table !== undefined;
  const functions = options.function ?? (isNamed ? [] : [...rules.functions.keys()]);
  const tables = options.table ?? (isNamed ? [] : [...rules.tables.keys()]);

  const credentials = openCredentialStore(dataDir);
  const credential = (): Promise<string | undefined> => credentials.password(name);
  const installDir = installFolder();
  await using system = sapKind.open({ name, settings, credential, dataDir, clock: systemClock, log: silentLog, installDir });
  const call = { deadline: systemClock.now() + captureMs, signal };
  const ping = await system.ping(call);
  const described = await system.describe({ system: name, functions, tables }, call);

  const { sysId, client, partnerRel, kernelRel, partnerCodepage } = ping.attributes;
  const capture = {
    capturedAt: new Date(systemClock.now()).toISOString(),
    agentVersion,
    system: { name, sysId, client, release: partnerRel, kernelRelease: kernelRel, codepage: partnerCodepage },
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
