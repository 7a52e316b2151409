#!/usr/bin/env -S node --max-semi-space-size=8
import './node-version.ts';
import { runCommandLine } from './command-line.ts';
import { isRunByServiceHost } from './config/index.ts';
import { stopSignal } from './stop-signal.ts';

// Reads arguments and signals, runs one command, sets the exit code; nothing else does.
const { stdin, stdout, stderr } = process;
const stop = stopSignal({ stdin: isRunByServiceHost() ? stdin : undefined });
// `ml-agent logs -f | head`: the reader has gone, and so do we.
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
// Nothing is left to do. Node's own clean-up at this point can wait for ever for a request that was broken off, on a whole processor.
process.once('beforeExit', () => process.exit());
void runCommandLine(process.argv.slice(2), { stdin, stdout, stderr, signal: stop.signal }).then((exitCode) => {
  process.exitCode = exitCode;
  stop[Symbol.dispose]();
  return exitCode;
});
