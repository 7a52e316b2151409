import { SystemError } from '@ml-connector/shared';
import { askAgent } from '../control/index.ts';
import { openCredentialStore } from '../credentials/index.ts';
import { forgetLogonRefusal } from '../systems/index.ts';
import { openContext, systemNamed } from './context.ts';
import { UsageError } from './failure.ts';
import { askHidden, readAll, type CommandIo, type GlobalOptions } from './io.ts';

/** Stores the password of a system and lets the running agent try it at once. */
export async function setCredential(system: string, options: GlobalOptions & { stdin?: boolean }, io: CommandIo): Promise<void> {
  const context = openContext(options);
  const { user } = systemNamed(context, system);
  const password = options.stdin ? await readAll(io.stdin) : await askPassword(`Password of ${user ?? 'the user'} in ${system}: `, io);
  if (password === '') throw new UsageError('the password is empty; nothing was stored');
  const store = openCredentialStore(context.dataDir);
  await store.set(system, password);
  forgetLogonRefusal(context.dataDir, system);
  const running = await askAgent(context.dataDir, 'credentials-changed', system);
  io.stdout.write(`the password of ${system} is stored${running ? '; the agent uses it from now on' : ''}\n`);
}

export async function removeCredential(system: string, options: GlobalOptions, io: CommandIo): Promise<void> {
  const { dataDir } = openContext(options);
  if (!openCredentialStore(dataDir).remove(system)) throw new SystemError('NO_CREDENTIAL', 'refused', `there is no password of ${system}`);
  await askAgent(dataDir, 'credentials-changed', system);
  io.stdout.write(`the password of ${system} is removed\n`);
}

export function listCredentials(options: GlobalOptions, { stdout }: CommandIo): void {
  const { dataDir, settings } = openContext(options);
  const stored = new Map(
    openCredentialStore(dataDir)
      .list()
      .map(({ system, changedAt }) => [system, changedAt]),
  );
  for (const system of new Set([...Object.keys(settings.systems), ...stored.keys()])) {
    const note = settings.systems[system] ? '' : '  (not in agent.yaml)';
    stdout.write(`${system.padEnd(12)}  ${stored.has(system) ? `stored ${stored.get(system)}` : 'no password'}${note}\n`);
  }
}

async function askPassword(question: string, io: CommandIo): Promise<string> {
  if (!io.stdin.isTTY) throw new UsageError('there is no terminal to ask at; pipe the password in with --stdin');
  const password = await askHidden(question, io);
  if (password === undefined) throw new UsageError('nothing was stored');
  return password;
}
