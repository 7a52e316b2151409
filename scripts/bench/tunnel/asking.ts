import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** A process of a benchmark that answers questions. Disposing ends it. */
export interface BenchProcess<Questions extends QuestionTable> extends AsyncDisposable {
  readonly pid: number;
  ask<Name extends keyof Questions & string>(
    name: Name,
    ...question: Parameters<Questions[Name]>
  ): Promise<Awaited<ReturnType<Questions[Name]>>>;
  /** CPU time the process has used so far, in microseconds. */
  cpuMicros(): Promise<number>;
}

export type QuestionTable = Record<string, (question: never) => unknown>;

/** The same for every process of ours: grpc-js makes many short-lived buffers, and a small young generation sweeps them cheaply. */
export const nodeFlags = ['--max-semi-space-size=8', '--disable-warning=ExperimentalWarning'];

export async function startBenchProcess<Questions extends QuestionTable>(file: string): Promise<BenchProcess<Questions>> {
  const child = fork(path.join(import.meta.dirname, file), [], { execArgv: nodeFlags, serialization: 'advanced' });
  const answers = new Map<number, (answer: { value?: unknown; error?: string }) => void>();
  child.on('message', (message: { id: number; value?: unknown; error?: string }) => {
    answers.get(message.id)?.(message);
    answers.delete(message.id);
  });
  child.on('exit', (code, signal) => {
    for (const answer of answers.values()) answer({ error: `${file} ended (${String(code ?? signal)})` });
  });
  let lastId = 0;
  const ask = (name: string, question?: unknown): Promise<never> =>
    new Promise((resolve, reject) => {
      const id = (lastId += 1);
      answers.set(id, ({ value, error }) => (error === undefined ? resolve(value as never) : reject(new Error(error))));
      child.send({ id, name, question });
    });
  return {
    pid: child.pid ?? -1,
    ask,
    cpuMicros: () => ask('cpuMicros'),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, 'exit');
    },
  };
}

/** The other half, in the process itself. It ends when the parent lets go of it, and closes `opened` before, in at most three seconds. */
export function answerQuestions(questions: QuestionTable, opened?: AsyncDisposable): void {
  const all: QuestionTable = { ...questions, cpuMicros: () => process.cpuUsage().user + process.cpuUsage().system };
  process.on('message', ({ id, name, question }: { id: number; name: string; question: never }) => {
    const answer = async (): Promise<unknown> => all[name]?.(question);
    answer().then(
      (value) => process.send?.({ id, value }),
      (error: unknown) => process.send?.({ id, error: String(error) }),
    );
  });
  process.on('disconnect', () => {
    setTimeout(() => process.exit(0), 3000);
    const closed = opened?.[Symbol.asyncDispose]() ?? Promise.resolve();
    void Promise.resolve(closed).finally(() => process.exit(0));
  });
}
