import { existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { dataDirOf } from '../config/index.ts';
import { adminTokenFile, urlFile } from '../http/index.ts';
import { relayClient, type RelayClient } from './client.ts';
import { UsageError } from './failure.ts';
import type { CommandLineIo, GlobalOptions } from './io.ts';
import { tableText, type Cell } from './table.ts';
import { forTerminal, jsonForTerminal } from './terminal.ts';

/** What a command of the running relay works with. */
export interface Context {
  client: RelayClient;
  io: CommandLineIo;
  /** Prints an answer: as JSON where that was asked for, else as the lines `show` makes of it. */
  print: <Answer>(answer: Answer, show: (answer: Answer) => string) => void;
  /** The same for a list, as a table. */
  printList: <Item extends object>(items: readonly Item[], row: (item: Item) => Record<string, Cell>) => void;
}

/** Makes an action of commander out of a command that talks to the relay: `run` gets all options, then the arguments. */
export function action(
  io: CommandLineIo,
  run: (context: Context, options: never, ...args: never[]) => Promise<void>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const command = args.at(-1) as Command;
    const options = command.optsWithGlobals<GlobalOptions>();
    await run(openContext(options, io), options as never, ...(args.slice(0, -2) as never[]));
  };
}

function openContext(options: GlobalOptions, io: CommandLineIo): Context {
  const client = relayClient({ ...accessOf(options, io), signal: io.signal });
  const write = (text: string): void => void io.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  return {
    client,
    io,
    print: (answer, show) => write(options.json ? jsonForTerminal(answer) : forTerminal(show(answer))),
    printList: (items, row) => write(options.json ? jsonForTerminal(items) : forTerminal(tableText(items.map(row), io.stdout.columns))),
  };
}

/** Named on the command line, in the environment, or left in the data folder by the relay that runs there. */
function accessOf(options: GlobalOptions, { env, cwd }: CommandLineIo): { url: string; token: string } {
  const dataDir = dataDirOf({ env, cwd, dataDir: options.dataDir });
  const url = options.url ?? env['ML_RELAY_URL'] ?? contentOf(urlFile(dataDir));
  const token = options.token ?? env['ML_RELAY_TOKEN'] ?? contentOf(adminTokenFile(dataDir));
  if (url === undefined) throw new UsageError(`no relay has run in ${dataDir}; give --data-dir, or --url and --token of a relay elsewhere`);
  if (token === undefined) throw new UsageError('give --token, or set ML_RELAY_TOKEN');
  return { url, token };
}

function contentOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
