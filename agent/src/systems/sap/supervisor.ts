import { backoffMs, steadyNow, SystemError, type Clock, type Log } from '@ml-connector/shared';
import { inspectSdk, sdkLoadError, type SdkPlace } from './sdk.ts';
import { startWorkerProcess, type WorkerProcess, type WorkerProcessOptions } from './worker-process.ts';
import type { CallMessage, UnitLeave } from './worker/index.ts';

export interface RunOptions {
  deadline: number;
  signal: AbortSignal;
  /** Asked when an answer is lost: may the call have changed something? */
  mayWrite: () => boolean;
  /** Leave for a step of a writing unit; throws when it must not be taken. Such a call is waited for, also when cancelled. */
  onLeave?: ((step: UnitLeave) => void) | undefined;
  send?: ((chunk: Buffer) => Promise<void>) | undefined;
}

export interface SupervisorStatus {
  state: 'idle' | 'running' | 'restarting' | 'halted';
  problem: SystemError | undefined;
  sdkVersion: string | undefined;
  moduleVersion: string | undefined;
  pid: number | undefined;
}

/** Owns the RFC process of one system: starts it when a call comes, and again after a crash. */
export interface Supervisor extends AsyncDisposable {
  run(message: CallMessage, options: RunOptions): Promise<unknown>;
  status(): SupervisorStatus;
}

export interface SupervisorDeps {
  name: string;
  clock: Clock;
  log: Log;
  sdkPlace: SdkPlace;
  rfcModule: string;
  process: () => WorkerProcessOptions;
}

/** A missing SDK is looked for again this often; somebody may be installing it. */
const lookAgainMs = 15_000;
/** A process that stayed up so long has nothing to do with the crash before it. */
const longRunMs = 60_000;
const restart = { firstMs: 500, capMs: 30_000 };

export function openSupervisor({ name, clock, log, sdkPlace, rfcModule, process: processOptions }: SupervisorDeps): Supervisor {
  const stopping = new AbortController();
  let current: Promise<WorkerProcess> | undefined;
  let running: WorkerProcess | undefined;
  let starting: WorkerProcess | undefined;
  let status: SupervisorStatus = { state: 'idle', problem: undefined, sdkVersion: undefined, moduleVersion: undefined, pid: undefined };
  let crashes = 0;
  let lookAgainAt = -Infinity;

  const ensure = (): Promise<WorkerProcess> => {
    if (stopping.signal.aborted) return Promise.reject(new SystemError('SAP_STOPPED', 'retry', `the agent is stopping`));
    if (status.problem && steadyNow(clock) < lookAgainAt) return Promise.reject(status.problem);
    current ??= launch();
    return current;
  };

  const launch = async (): Promise<WorkerProcess> => {
    try {
      if (crashes > 0) await clock.wait(backoffMs(crashes, restart), stopping.signal);
      const process = startWorkerProcess(processOptions());
      const startedAt = steadyNow(clock);
      starting = process;
      const loaded = await process.loaded;
      starting = undefined;
      if (loaded && 'ready' in loaded) {
        status = { state: 'running', problem: undefined, pid: process.pid, ...loaded.ready };
        running = process;
        log.info({ system: name, pid: process.pid, ...loaded.ready }, 'RFC process is ready');
        void process.ended.then((end) => afterEnd(process, startedAt, end));
        return process;
      }
      process.kill();
      if (!loaded) {
        afterEnd(process, startedAt, await process.ended);
        throw new SystemError('SAP_WORKER_CRASHED', 'retry', `the RFC process of ${name} ended while it loaded the SAP NW RFC SDK`);
      }
      const problem = sdkLoadError(loaded.failure, inspectSdk(sdkPlace), rfcModule);
      if (status.problem?.message !== problem.message) log.error({ system: name, code: problem.code, fix: problem.fix }, problem.message);
      status = { ...status, state: 'halted', problem, pid: undefined };
      lookAgainAt = steadyNow(clock) + lookAgainMs;
      throw problem;
    } catch (error) {
      current = undefined;
      throw error;
    }
  };

  const afterEnd = (process: WorkerProcess, startedAt: number, end: { code: number | null; signal: string | null }): void => {
    if (running === process) {
      running = undefined;
      current = undefined;
    }
    if (stopping.signal.aborted) return;
    crashes = steadyNow(clock) - startedAt > longRunMs ? 1 : crashes + 1;
    status = { ...status, state: 'restarting', pid: undefined };
    log.warn(
      { system: name, exitCode: end.code, signal: end.signal, crashes },
      'RFC process ended unexpectedly; the next call starts a new one',
    );
  };

  const run = async (message: CallMessage, options: RunOptions): Promise<unknown> => {
    const process = await unlessAborted(ensure(), options);
    return perform(process, message, options, name);
  };

  return {
    run,
    status: () => status,
    [Symbol.asyncDispose]: async () => {
      stopping.abort(new SystemError('SAP_STOPPED', 'retry', 'the agent is stopping'));
      starting?.kill(); // it has no connection yet
      const process = await current?.catch(() => undefined);
      await process?.stop(5000);
    },
  };
}

/** How long the RFC process may take to say what became of a cancelled call. */
const cancelGraceMs = 5000;

function perform(
  process: WorkerProcess,
  message: CallMessage,
  { signal, mayWrite, send, onLeave }: RunOptions,
  name: string,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    let sending: Promise<void> = Promise.resolve();
    let grace: NodeJS.Timeout | undefined;
    const end = (settle: () => void): void => {
      clearTimeout(grace);
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    const unknown = (code: string, what: string): SystemError =>
      new SystemError(code, mayWrite() ? 'uncertain' : 'retry', `${message.operation} on SAP system ${name}: ${what}`);
    const onAbort = (): void => {
      handle.cancel();
      // A unit rolls back, or finishes the commit it is in; what became of it is worth the wait.
      if (onLeave) return;
      grace = setTimeout(
        () => end(() => reject(unknown('SAP_CANCELLED', 'cancelled, and the RFC process does not answer'))),
        cancelGraceMs,
      );
    };
    const handle = process.call(message, {
      chunk: (bytes) => {
        sending = sending.then(() => send?.(bytes)).then(() => handle.credit());
        sending.catch((error: unknown) => {
          handle.cancel();
          end(() => reject(error));
        });
      },
      answered: (answer) => {
        sending.then(
          () => end(() => resolve(answer)),
          () => undefined, // told by the chunk that failed
        );
      },
      failed: (error) => end(() => reject(error)),
      leaveWanted: (step) => {
        if (!onLeave) throw new SystemError('SAP_LEAVE_UNEXPECTED', 'refused', `${message.operation} asked for leave to ${step}`);
        onLeave(step);
      },
      lost: () => end(() => reject(unknown('SAP_WORKER_CRASHED', 'the RFC process ended before it answered'))),
    });
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

function unlessAborted<Value>(promise: Promise<Value>, { signal }: { signal: AbortSignal }): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(new SystemError('SAP_CANCELLED', 'retry', 'cancelled before the RFC process was ready'));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}
