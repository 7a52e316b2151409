import { existsSync } from 'node:fs';
import path from 'node:path';
import { SystemError } from '@ml-connector/shared';
import { askAgent } from '../control/index.ts';
import { logLevels, parseSince, prettyLine, tailLog, type LogLevel } from '../logs/index.ts';
import { openContext } from './context.ts';
import { UsageError } from './failure.ts';
import type { CommandIo, GlobalOptions } from './io.ts';

export interface LogsOptions extends GlobalOptions {
  follow?: boolean;
  lines: number;
  level?: LogLevel;
  system?: string;
  record?: string;
  call?: string;
  since?: string;
  json?: boolean;
}

/** Prints the log of the agent, whether it runs or not; with `--follow` until the signal. */
export async function showLogs(options: LogsOptions, { stdout, signal }: CommandIo): Promise<void> {
  const { settings, dataDir } = openContext(options);
  const folder = settings.logs.dir ?? path.join(dataDir, 'logs');
  if (!existsSync(folder)) throw new SystemError('NO_LOGS', 'refused', `there is no log in ${folder}; the agent has not run yet`);
  const { level, system, record, call, json = false, follow = false } = options;
  const filter = { level, system, recordId: record, callId: call, since: sinceOf(options) };
  const lines = options.since === undefined ? options.lines : 1_000_000;
  const pretty = prettyLine({ colors: stdout.isTTY });
  for await (const { text } of tailLog({ folder, filter, lines, follow, signal })) stdout.write(json ? `${text}\n` : pretty(text));
}

/** Changes the level of the running agent until its next start. */
export async function setLogLevel(level: string, options: GlobalOptions, { stdout }: CommandIo): Promise<void> {
  if (!logLevels.includes(level as LogLevel)) throw new UsageError(`the level is one of ${logLevels.join(', ')}`);
  const { dataDir } = openContext(options);
  const done = await askAgent(dataDir, 'log-level', { level });
  if (!done)
    throw new SystemError('NOT_RUNNING', 'refused', `no agent runs on ${dataDir}; logs.level in agent.yaml counts at its next start`);
  stdout.write(`the agent logs from ${level} on, until its next start\n`);
}

function sinceOf({ since }: LogsOptions): number | undefined {
  if (since === undefined) return undefined;
  const time = parseSince(since, Date.now());
  if (time === undefined) throw new UsageError(`--since is a span such as 10m, 2h, 1d, or a time such as 2026-11-21T10:00; not "${since}"`);
  return time;
}
