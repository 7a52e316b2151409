import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** Everything it printed so far, both streams, line by line. */
  readonly output: readonly string[];
  /** Resolves with the first line, past or future, that matches; rejects when the process ends first or after `timeoutMs`. */
  line(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Resolves with exit code and signal once it has ended. */
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** Asks it to stop, kills it after `graceMs`; resolves when it is gone. */
  stop(graceMs?: number): Promise<void>;
}

export interface ChildOptions {
  name: string;
  command?: string;
  args: string[];
  env?: Record<string, string>;
  cwd?: string;
  /** Given to standard input, which is then closed. */
  input?: string;
  onLine?: (line: string) => void;
}

/** Starts a process of the landscape. Disposing stops it; nothing else ever ends a process it did not start. */
export function startChild(options: ChildOptions): Child {
  const { name, command = process.execPath, args, env, cwd, input, onLine } = options;
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  child.stdin.on('error', () => undefined); // it may end before it has read its input
  child.stdin.end(input);
  const output: string[] = [];
  const listeners = new Set<(line: string) => void>();
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      output.push(line);
      onLine?.(line);
      for (const listener of listeners) listener(line);
    });
  }
  const ended = endOf(child);
  return {
    pid: child.pid ?? -1,
    output,
    ended,
    kill: (signal) => void child.kill(signal),
    async stop(graceMs = 10_000) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
    line(pattern, timeoutMs = 30_000) {
      return new Promise((resolve, reject) => {
        const look = (line: string): void => {
          const match = pattern.exec(line);
          if (match) settle(() => resolve(match));
        };
        const fail = (why: string): void =>
          settle(() => reject(new Error(`${name} ${why}; its last lines:\n${output.slice(-15).join('\n')}`)));
        const timer = setTimeout(() => fail(`did not print ${String(pattern)} within ${timeoutMs} ms`), timeoutMs);
        const settle = (then: () => void): void => {
          clearTimeout(timer);
          listeners.delete(look);
          then();
        };
        listeners.add(look);
        void ended.then(({ code, signal }) => fail(`ended (${signal ?? code}) before it printed ${String(pattern)}`));
        for (const line of output) look(line);
      });
    },
    async [Symbol.asyncDispose]() {
      await this.stop();
    },
  };
}

/** Runs a command to its end; rejects with its output when it exits otherwise than with 0. */
export async function runChild(options: ChildOptions): Promise<string> {
  const child = startChild(options);
  const { code, signal } = await child.ended;
  const output = child.output.join('\n');
  if (code !== 0) throw new Error(`${options.name} ${options.args.join(' ')} ended with ${signal ?? code}:\n${output}`);
  return output;
}

async function endOf(child: ChildProcess): Promise<{ code: number | null; signal: NodeJS.Signals | null }> {
  const [code, signal] = (await Promise.race([
    once(child, 'close'),
    once(child, 'error').then((error: unknown[]) => Promise.reject(error[0] as Error)),
  ])) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}
