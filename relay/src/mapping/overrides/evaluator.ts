import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import path from 'node:path';
import type { FieldAnswer, FieldRequest, Request, Table } from './messages.ts';

/** Expressions of a mapping version with the tables they look codes up in. */
export interface CompiledVersion {
  /** Same version, same expressions and tables: they are handed to the process once. */
  version: string;
  expressions: string[];
  tables: Table[];
}

export interface Evaluation {
  payload: unknown;
  body: unknown;
  settings: unknown;
  fields: FieldRequest[];
}

/**
 * Evaluates overrides in a process of its own, one record after the other. Not in a thread: V8 ends the whole process where one string is
 * larger than the memory a thread may have.
 */
export interface Evaluator extends AsyncDisposable {
  /** One answer per field. Rejects with an `OverrideRunaway` when the expressions had to be stopped from outside. */
  evaluate(of: CompiledVersion, evaluation: Evaluation): Promise<FieldAnswer[]>;
}

export interface EvaluatorLimits {
  /** For one expression, between its steps. */
  fieldMs: number;
  /** For all expressions of a record; then the process is ended, whatever it is doing. */
  recordMs: number;
  memoryMb: number;
  /** Without work the process ends after that time. */
  idleMs: number;
}

const defaultLimits: EvaluatorLimits = { fieldMs: 1000, recordMs: 3000, memoryMb: 96, idleMs: 60_000 };

/** The expressions of a record ran too long, or filled the memory they may have. */
export class OverrideRunaway extends Error {
  override readonly name = 'OverrideRunaway';
}

export function openEvaluator(limits: Partial<EvaluatorLimits> = {}): Evaluator {
  const bounds = { ...defaultLimits, ...limits };
  let child: Promise<Child> | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;

  async function evaluateNow(of: CompiledVersion, evaluation: Evaluation): Promise<FieldAnswer[]> {
    clearTimeout(idle);
    const own = (child ??= startChild(bounds));
    const forget = (): void => void (child === own && (child = undefined));
    const running = await own.catch((error: unknown) => {
      forget();
      throw error;
    });
    try {
      return await running.ask(of, evaluation);
    } catch (error) {
      forget();
      await running.stop();
      throw error;
    } finally {
      idle = setTimeout(() => void end(), bounds.idleMs).unref();
    }
  }

  async function end(): Promise<void> {
    clearTimeout(idle);
    const present = child;
    child = undefined;
    await (await present?.catch(() => undefined))?.stop();
  }

  return {
    evaluate(of, evaluation) {
      const answer = last.then(() => evaluateNow(of, evaluation));
      last = answer.catch(() => undefined);
      return answer;
    },
    async [Symbol.asyncDispose]() {
      await last;
      await end();
    },
  };
}

interface Child {
  ask(of: CompiledVersion, evaluation: Evaluation): Promise<FieldAnswer[]>;
  stop(): Promise<unknown>;
}

/** Versions a child keeps; at the next one it forgets all, which costs them a compilation. */
const mostVersions = 50;

async function startChild({ fieldMs, recordMs, memoryMb }: EvaluatorLimits): Promise<Child> {
  const child = fork(workerFile(), {
    env: {},
    execArgv: [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=8', '--disallow-code-generation-from-strings'],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ended = once(child, 'exit').catch(() => undefined);
  const known = new Set<string>();
  // A child that is gone is told by `nextMessage`.
  const post = (request: Request): void => void child.send(request, () => undefined);
  await nextMessage(child);
  return {
    async ask({ version, expressions, tables }, evaluation) {
      if (known.size >= mostVersions) known.clear();
      if (!known.has(version)) post({ kind: 'load', version, expressions, tables, fieldMs, isFirst: known.size === 0 });
      known.add(version);
      post({ kind: 'evaluate', version, ...evaluation });
      return (await nextMessage(child, recordMs)) as FieldAnswer[];
    },
    stop() {
      child.ref();
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** The next message, or the end of the process as a rejection. Between messages the child keeps nobody from ending. */
function nextMessage(child: ChildProcess, withinMs = 20_000): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(new OverrideRunaway(`took longer than ${withinMs} ms`)), withinMs);
    const end = (error: Error | undefined, message?: unknown): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('error', onError).off('exit', onExit);
      child.unref();
      child.channel?.unref();
      if (error) reject(error);
      else resolve(message);
    };
    const onMessage = (message: unknown): void => end(undefined, message);
    const onError = (error: Error): void => end(error);
    const onExit = (): void => end(new OverrideRunaway('needs more memory than an override may have, or ended its process otherwise'));
    if (child.exitCode !== null || child.signalCode !== null) return onExit();
    child.ref();
    child.channel?.ref();
    child.on('message', onMessage).on('error', onError).on('exit', onExit);
  });
}

/** The source beside this one, or `override-worker.cjs` beside the bundled relay. */
function workerFile(): string {
  const sources = import.meta.dirname as string | undefined;
  if (sources?.endsWith(path.join('mapping', 'overrides'))) return path.join(sources, 'override-worker.ts');
  return path.join(sources ?? path.dirname(realpathSync(process.argv[1] ?? process.execPath)), 'override-worker.cjs');
}
