import type { Duplex } from 'node:stream';
import { fromWireError, systemClock, SystemError, toSystemError, toWireError, type WireError } from '@ml-connector/shared';
import { frameReader, jsonOf, workerFrames, writeFrame, writeJsonFrame, type Frame } from './frames.ts';
import { openOperations, type CallScope, type WorkerOperations } from './operations.ts';
import { openRfcPool, type RfcPool } from './pool.ts';
import { chunkWindow, type CallMessage, type LogMessage, type LogonGrant, type ReadyMessage, type StartMessage } from './protocol.ts';
import { loadRfcModule, type RfcModule } from './rfc-module.ts';

interface RunningCall {
  abort: AbortController;
  addCredit(): void;
  /** Leave that was asked for and not answered yet; one at a time. */
  leave: PromiseWithResolvers<void> | undefined;
  ended: PromiseWithResolvers<void>;
}

interface PendingLogon {
  resolve: (grant: LogonGrant) => void;
  reject: (error: SystemError) => void;
}

export interface ProcessEnds {
  /** After what runs in the SDK has returned. */
  exit: (code: number) => void;
  /** At once: the connections break, and SAP rolls back what was not committed. */
  die: () => void;
}

/** The RFC process: answers the agent's frames until the agent goes away. */
export function serve(parent: Duplex, { exit, die }: ProcessEnds): void {
  const calls = new Map<number, RunningCall>();
  const logons = new Map<number, PendingLogon>();
  let operations: WorkerOperations | undefined;
  let pool: RfcPool | undefined;
  let logonCount = 0;

  const log = (level: LogMessage['level'], message: string, fields: Record<string, unknown> = {}): void =>
    writeJsonFrame(parent, 'log', 0, { level, message, fields } satisfies LogMessage);

  const start = (message: StartMessage): void => {
    let module: RfcModule;
    try {
      module = loadRfcModule(message.rfcModule);
    } catch (error) {
      const { code, message: text } = error as { code?: unknown; message?: unknown };
      writeJsonFrame(parent, 'unloadable', 0, { code: typeof code === 'string' ? code : undefined, message: String(text) });
      return;
    }
    pool = openRfcPool({
      ...message,
      clock: systemClock,
      createClient: (password) =>
        module.createClient(password === undefined ? message.connection : { ...message.connection, passwd: password }),
      mayLogOn: () => {
        const id = ++logonCount;
        writeFrame(parent, 'logonWanted', id);
        return new Promise((resolve, reject) => logons.set(id, { resolve, reject }));
      },
      logonEnded: (outcome) => writeJsonFrame(parent, 'logonEnded', 0, outcome),
    });
    operations = openOperations({ ...message, pool, clock: systemClock });
    watch(pool, message);
    writeJsonFrame(parent, 'ready', 0, { sdkVersion: module.sdkVersion, moduleVersion: module.moduleVersion } satisfies ReadyMessage);
  };

  const watch = (watched: RfcPool, { idlePingMs, maxConnections }: StartMessage): void => {
    let isBusy = false;
    setInterval(
      () => {
        const { stuck } = watched.status();
        if (stuck >= maxConnections + 4) {
          // Every thread of the pool waits for the SDK: only a new process helps.
          log('warn', 'every RFC connection is stuck in the SDK; starting a new process', { stuck });
          exit(70);
        }
        if (isBusy) return;
        isBusy = true;
        void watched.keepAlive(idlePingMs).finally(() => {
          isBusy = false;
        });
      },
      Math.min(idlePingMs, 15_000),
    ).unref();
  };

  const run = async (id: number, message: CallMessage): Promise<void> => {
    const abort = new AbortController();
    const credits = openCredits(abort.signal);
    const running: RunningCall = { abort, addCredit: credits.add, leave: undefined, ended: Promise.withResolvers() };
    calls.set(id, running);
    const scope: CallScope = {
      deadline: message.deadline,
      signal: abort.signal,
      emit: async (chunk) => {
        await credits.take();
        writeFrame(parent, 'chunk', id, chunk);
      },
      leave: (step) => {
        running.leave = Promise.withResolvers();
        writeJsonFrame(parent, 'leaveWanted', id, step);
        return running.leave.promise;
      },
    };
    try {
      if (!operations) throw new SystemError('SAP_WORKER_NOT_READY', 'retry', 'the RFC process is still starting');
      writeJsonFrame(parent, 'answer', id, await perform(operations, message, scope));
    } catch (error) {
      writeJsonFrame(parent, 'failed', id, toWireError(toSystemError(error, message.operation)));
    } finally {
      calls.delete(id);
      running.ended.resolve();
    }
  };

  const settleLogon = ({ id }: Frame, settle: (pending: PendingLogon) => void): void => {
    const pending = logons.get(id);
    logons.delete(id);
    if (pending) settle(pending);
  };

  const onFrame = (frame: Frame<(typeof workerFrames)[number]>): void => {
    switch (frame.kind) {
      case 'start':
        return start(jsonOf(frame) as StartMessage);
      case 'call':
        void run(frame.id, jsonOf(frame) as CallMessage);
        return;
      case 'cancel':
        return calls.get(frame.id)?.abort.abort();
      case 'credit':
        return calls.get(frame.id)?.addCredit();
      case 'logonGranted':
        return settleLogon(frame, ({ resolve }) => resolve(jsonOf(frame) as LogonGrant));
      case 'logonDenied':
        return settleLogon(frame, ({ reject }) => reject(fromWireError(jsonOf(frame) as WireError)));
      case 'leaveGiven':
        return calls.get(frame.id)?.leave?.resolve();
      case 'leaveDenied':
        return calls.get(frame.id)?.leave?.reject(fromWireError(jsonOf(frame) as WireError));
      case 'areYouThere':
        return writeFrame(parent, 'here', 0);
      case 'stop':
        void stop();
        return;
    }
  };

  const stop = async (): Promise<void> => {
    const running = [...calls.values()];
    for (const { abort } of running) abort.abort();
    // Units roll back first, or finish the commit they are in.
    await Promise.all(running.map(({ ended }) => ended.promise));
    await pool?.close();
    exit(0);
  };

  parent.on('data', frameReader(workerFrames, onFrame));
  // Nobody is there any more who could journal a commit; a call that runs on would only hold its locks.
  parent.on('end', die);
  parent.on('error', die);
}

function perform(operations: WorkerOperations, message: CallMessage, scope: CallScope): Promise<unknown> {
  switch (message.operation) {
    case 'unit':
      return operations.unit(message.request, scope);
    case 'readTable':
      return operations.readTable(message.request, scope);
    case 'describe':
      return operations.describe(message.request, scope);
    case 'ping':
      return operations.ping(message.request, scope);
  }
}

interface Credits {
  /** Waits until one more chunk may go; rejects when the call is cancelled. */
  take: () => Promise<void>;
  add: () => void;
}

function openCredits(signal: AbortSignal): Credits {
  const credit = { left: chunkWindow };
  let wake: (() => void) | undefined;
  signal.addEventListener('abort', () => wake?.(), { once: true });
  return {
    take: async () => {
      while (credit.left === 0 && !signal.aborted)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      if (signal.aborted) throw new SystemError('SAP_CANCELLED', 'retry', 'the read was cancelled');
      credit.left--;
    },
    add: () => {
      credit.left++;
      wake?.();
    },
  };
}
