#!/usr/bin/env -S node --max-semi-space-size=8
import './node-version.ts';
import { runCommandLine } from './cli/index.ts';
import { runRelay } from './run-relay.ts';
import { stopSignal } from './stop-signal.ts';
import { relayVersion } from './version.ts';

// Reads arguments and signals, runs one command, sets the exit code; nothing else does.
const { stdin, stdout, stderr, env } = process;
const stop = stopSignal();
// `ml-relay agents logs -f | head`: the reader has gone, and so do we.
stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
// Nothing is left to do. Node's own clean-up at this point can wait for ever for a request that was broken off, on a whole processor.
process.once('beforeExit', () => process.exit());
const io = { stdin, stdout, stderr, env, cwd: process.cwd(), signal: stop.signal };
void runCommandLine(process.argv.slice(2), { ...io, serve: runRelay, version: relayVersion }).then((exitCode) => {
  process.exitCode = exitCode;
  stop[Symbol.dispose]();
  return exitCode;
});
