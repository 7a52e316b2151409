import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { fromWireError, toSystemError, toWireError, type Log, type SystemError, type WireError } from '@ml-connector/shared';
import {
  agentFrames,
  frameReader,
  jsonOf,
  writeFrame,
  writeJsonFrame,
  type CallMessage,
  type Frame,
  type LoadFailureMessage,
  type LogMessage,
  type LogonGrant,
  type LogonOutcome,
  type ReadyMessage,
  type StartMessage,
  type UnitLeave,
} from './worker/index.ts';

export interface WorkerProcessOptions {
  nodeBinary: string;
  workerFile: string;
  environment: Record<string, string>;
  /** Working directory: the SDK and node-rfc write their logs there. */
  workDir: string;
  start: StartMessage;
  log: Log;
  /** Leave for one logon; rejects with a SystemError. */
  onLogonWanted(): Promise<LogonGrant>;
  onLogonEnded(outcome: LogonOutcome): void;
}

/** What becomes of a call; exactly one of `answered`, `failed` and `lost` is called. */
export interface CallListener {
  chunk(bytes: Buffer): void;
  answered(answer: unknown): void;
  failed(error: SystemError): void;
  /** The process died. */
  lost(): void;
  /** Before a step of a writing unit; throws when it must not be taken. */
  leaveWanted(step: UnitLeave): void;
}

export interface WorkerProcess {
  readonly pid: number | undefined;
  /** Resolves when the SDK is loaded; otherwise with why not, or undefined when the process died first. */
  readonly loaded: Promise<{ ready: ReadyMessage } | { failure: LoadFailureMessage } | undefined>;
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  call(message: CallMessage, listener: CallListener): { cancel(): void; credit(): void };
  /** Closes the connections and ends; killed when that takes longer than `graceMs`. */
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

/** Pages of a table read are short-lived: a large young generation only costs memory. */
const nodeOptions = ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=8'];
const askEveryMs = 15_000;
const mostUnanswered = 4;

export function startWorkerProcess(options: WorkerProcessOptions): WorkerProcess {
  // Traces of the SDK hold business data.
  mkdirSync(options.workDir, { recursive: true, mode: 0o700 });
  const child = spawn(options.nodeBinary, [...nodeOptions, options.workerFile], {
    cwd: options.workDir,
    env: options.environment,
    stdio: ['ignore', 'pipe', 'pipe', 'overlapped'],
    windowsHide: true,
  });
  const pipe = child.stdio[3] as unknown as Duplex;
  const listeners = new Map<number, CallListener>();
  const loaded = Promise.withResolvers<{ ready: ReadyMessage } | { failure: LoadFailureMessage } | undefined>();
  const ended = Promise.withResolvers<{ code: number | null; signal: string | null }>();
  let lastId = 0;
  let unanswered = 0;
  let isOver = false;

  const finish = (code: number | null, signal: string | null): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(watch);
    loaded.resolve(undefined);
    for (const listener of listeners.values()) listener.lost();
    listeners.clear();
    ended.resolve({ code, signal });
  };

  const take = (id: number): CallListener | undefined => {
    const listener = listeners.get(id);
    listeners.delete(id);
    return listener;
  };

  // The SDK can block the whole process (RfcCancel is waited for on the main thread); nothing but its end helps then.
  const watch = setInterval(() => {
    if (listeners.size === 0) return;
    if (unanswered >= mostUnanswered) {
      options.log.warn({ pid: child.pid }, 'the RFC process does not answer any more; ending it');
      child.kill('SIGKILL');
    }
    unanswered++;
    writeFrame(pipe, 'areYouThere', 0);
  }, askEveryMs).unref();

  const grantLogon = async (id: number): Promise<void> => {
    try {
      writeJsonFrame(pipe, 'logonGranted', id, await options.onLogonWanted());
    } catch (error) {
      writeJsonFrame(pipe, 'logonDenied', id, toWireError(toSystemError(error, 'reading the credential')));
    }
  };

  const giveLeave = (id: number, step: UnitLeave): void => {
    try {
      listeners.get(id)?.leaveWanted(step);
      writeFrame(pipe, 'leaveGiven', id);
    } catch (error) {
      writeJsonFrame(pipe, 'leaveDenied', id, toWireError(toSystemError(error, `leave to ${step} a unit`)));
    }
  };

  const onFrame = (frame: Frame<(typeof agentFrames)[number]>): void => {
    switch (frame.kind) {
      case 'ready':
        return loaded.resolve({ ready: jsonOf(frame) as ReadyMessage });
      case 'unloadable':
        return loaded.resolve({ failure: jsonOf(frame) as LoadFailureMessage });
      case 'chunk':
        return listeners.get(frame.id)?.chunk(frame.payload);
      case 'answer':
        return take(frame.id)?.answered(jsonOf(frame));
      case 'failed':
        return take(frame.id)?.failed(fromWireError(jsonOf(frame) as WireError));
      case 'logonWanted':
        void grantLogon(frame.id);
        return;
      case 'leaveWanted':
        return giveLeave(frame.id, jsonOf(frame) as UnitLeave);
      case 'logonEnded':
        return options.onLogonEnded(jsonOf(frame) as LogonOutcome);
      case 'here':
        unanswered = 0;
        return;
      case 'log': {
        const { level, message, fields } = jsonOf(frame) as LogMessage;
        return options.log[level](fields, message);
      }
    }
  };

  pipe.on('data', frameReader(agentFrames, onFrame));
  pipe.on('error', () => undefined); // the end of the process says it
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (text: Buffer) => options.log.debug({ output: text.toString('utf8').slice(0, 2000) }, 'RFC process'));
  child.on('error', (error) => {
    options.log.error({ err: error }, 'RFC process could not be started');
    finish(null, null);
  });
  child.on('close', (code, signal) => finish(code, signal)); // after the last frame was read
  writeJsonFrame(pipe, 'start', 0, options.start);

  return {
    pid: child.pid,
    loaded: loaded.promise,
    ended: ended.promise,
    call: (message, listener) => {
      const id = ++lastId;
      if (isOver) {
        listener.lost();
        return { cancel: () => undefined, credit: () => undefined };
      }
      listeners.set(id, listener);
      writeJsonFrame(pipe, 'call', id, message);
      return {
        cancel: () => !isOver && writeFrame(pipe, 'cancel', id),
        credit: () => !isOver && writeFrame(pipe, 'credit', id),
      };
    },
    stop: async (graceMs) => {
      if (isOver) return;
      writeFrame(pipe, 'stop', 0);
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended.promise;
      clearTimeout(timer);
    },
    kill: () => child.kill('SIGKILL'),
  };
}
