import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough } from 'node:stream';
import type { DatabaseSettings } from '../../store/index.ts';
import { openTestDatabase } from '../../store/testing/index.ts';
import { runRelay } from '../../run-relay.ts';
import { runCommandLine } from '../index.ts';

export interface CliResult {
  code: number;
  out: string;
  err: string;
}

export interface TestRelay extends AsyncDisposable {
  dataDir: string;
  readonly database: DatabaseSettings;
  /** What `serve` has told the person who started it. */
  announced: string[];
  cli(args: string[], more?: { stdin?: string; env?: NodeJS.ProcessEnv }): Promise<CliResult>;
  /** Stops the relay as SIGTERM does; answers the exit code of `serve`. */
  stop(): Promise<number>;
}

/** A whole relay on free ports, run in this process by its own command line. */
export async function startRelay(): Promise<TestRelay> {
  await using opened = new AsyncDisposableStack();
  const dataDir = mkdtempSync(path.join(tmpdir(), 'ml-relay-cli-'));
  opened.defer(() => rmSync(dataDir, { recursive: true, force: true }));
  const database = opened.use(await openTestDatabase()).settings;
  const settings =
    'http: { port: 0 }\ntunnel: { host: 127.0.0.1, port: 0 }\nlimits: { stopSeconds: 2 }\nconnections: { allowLoopback: true }\nlogs: { level: fatal }\n';
  writeFileSync(path.join(dataDir, 'relay.yaml'), `${settings}database: ${JSON.stringify(database)}\n`);
  const announced: string[] = [];
  const stop = new AbortController();
  let served: Promise<CliResult> | undefined;
  const ready = new Promise<void>((resolve, reject) => {
    const onLine = (line: string): void => {
      announced.push(line);
      if (line.includes('serves http')) resolve();
    };
    served = runCli(dataDir, ['serve'], { signal: stop.signal, onLine });
    void served.then(({ code, err }) => reject(new Error(`serve ended with ${code}: ${err}`)));
  });
  opened.defer(async () => {
    stop.abort();
    await served;
  });
  await ready;
  const held = opened.move();
  return {
    dataDir,
    database,
    announced,
    cli: (args, more = {}) => runCli(dataDir, args, more),
    async stop() {
      stop.abort();
      return (await served)?.code ?? -1;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

interface CliRun {
  stdin?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  onLine?: (line: string) => void;
}

/** One command, as a process would run it. */
export async function runCli(dataDir: string, args: string[], { stdin, env = {}, signal, onLine }: CliRun = {}): Promise<CliResult> {
  const input = new PassThrough();
  if (stdin !== undefined) input.end(stdin);
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = { out: '', err: '' };
  stdout.on('data', (chunk: Buffer) => (texts.out += chunk.toString()));
  stderr.on('data', (chunk: Buffer) => {
    texts.err += chunk.toString();
    for (const line of chunk.toString().split('\n')) if (line !== '') onLine?.(line);
  });
  const code = await runCommandLine(args, {
    stdin: input,
    stdout,
    stderr,
    env: { ML_RELAY_DATA_DIR: dataDir, ...env },
    cwd: dataDir,
    signal: signal ?? new AbortController().signal,
    version: '0.1.0',
    serve: runRelay,
  });
  return { code, ...texts };
}
