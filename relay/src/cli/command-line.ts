import { Command, CommanderError } from 'commander';
import { addCommands } from './commands/index.ts';
import { describeFailure, exitCodes } from './failure.ts';
import type { CommandLineIo } from './io.ts';

export type { CommandLineIo };

/** Runs one command and answers the exit code; everything the person needs to read has been written. Never rejects. */
export async function runCommandLine(args: readonly string[], io: CommandLineIo): Promise<number> {
  try {
    await buildProgram(io).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    if (io.signal.aborted && args[0] !== 'serve') return 130;
    const failure = describeFailure(error);
    io.stderr.write(`${failure.text}\n`);
    return failure.exitCode;
  }
}

function buildProgram(io: CommandLineIo): Command {
  const program = new Command('ml-relay')
    .description('The cloud side of ml-connector. Manual: relay/README.md')
    .version(io.version)
    .option('--data-dir <folder>', 'folder of the database, keys and tokens (default: ML_RELAY_DATA_DIR, or ./ml-relay-data)')
    .option('--config <file>', 'relay.yaml (default: ML_RELAY_CONFIG, or relay.yaml in the data folder)')
    .option('--url <address>', 'address of a relay elsewhere (default: ML_RELAY_URL, or the relay of the data folder)')
    .option('--token <token>', 'API token (default: ML_RELAY_TOKEN, or the one in the data folder)')
    .option('--json', 'answers as JSON')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      outputError: (text, write) => write(oneLine(text)),
    });
  addCommands(program, io);
  return program;
}

/** commander puts its suggestion on a second line. */
function oneLine(text: string): string {
  return text.replace(/^error: /, 'ml-relay: ').replace(/\n\(Did you mean (.+)\?\)/, '; did you mean $1?');
}
