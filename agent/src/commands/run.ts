import { runAgent } from '../run-agent.ts';
import { openContext } from './context.ts';
import type { CommandIo, GlobalOptions } from './io.ts';

/** Runs the agent in the foreground until it is told to stop; on a terminal the log is shown too. */
export async function run(options: GlobalOptions, { stdout, signal }: CommandIo): Promise<void> {
  const { configFile, settings, dataDir } = openContext(options);
  await runAgent({ configFile, settings, dataDir, watcher: stdout.isTTY ? stdout : undefined }, signal);
}
