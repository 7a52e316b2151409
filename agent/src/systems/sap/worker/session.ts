import { SystemError, type Clock } from '@ml-connector/shared';
import { judge, keepsSession } from '../judge.ts';
import { isClean, returnMessages } from '../return-messages.ts';
import { toRfcFailure } from '../rfc-failure.ts';
import type { RfcClient } from './rfc-module.ts';

/** One ABAP session, held for one unit. The first call that fails ends it. */
export interface Session {
  /** Rejects with a SystemError. */
  call(functionName: string, parameters: Record<string, unknown>, facts: SessionCallFacts): Promise<Record<string, unknown>>;
  /** BAPI_TRANSACTION_ROLLBACK, also after a call that SAP refused. True when SAP confirmed it; otherwise the session is discarded. */
  rollBack(): Promise<boolean>;
  /** The connection is closed after this unit, whatever it looks like. */
  discard(): void;
  readonly attributes: Record<string, string>;
}

export interface SessionCallFacts {
  /** This call or an earlier one of the unit may change something. */
  writes: boolean;
  /** Once sent, only the answer or `callTimeoutMs` ends it: cutting it short would leave unknown what SAP did. */
  isPatient?: boolean;
}

export interface SessionLimits {
  callTimeoutMs: number;
  deadline: number;
  signal: AbortSignal;
  clock: Clock;
}

export interface OpenSession extends Session {
  /** The connection can serve another unit. */
  readonly isSound: boolean;
  /** Settles when nothing runs on the connection any more; a cancelled call may take its time. */
  readonly quiet: Promise<void>;
}

export function openSession(client: RfcClient, { callTimeoutMs, deadline, signal, clock }: SessionLimits): OpenSession {
  const handle = client.connectionHandle;
  let isSound = true;
  let isOver = false;
  let quiet = Promise.resolve();

  const call: Session['call'] = async (functionName, parameters, { writes, isPatient = false }) => {
    const doing = `calling ${functionName}`;
    const started = clock.now();
    const ms = isPatient ? callTimeoutMs : Math.min(callTimeoutMs, deadline - started);
    if (isOver) throw new SystemError('SAP_SESSION_ENDED', 'refused', `${doing}: an earlier call ended this unit`);
    if (signal.aborted && !isPatient) throw judge(cancelled, { writes, sent: false, doing });
    if (ms <= 0) throw judge({ name: 'Timeout', message: 'the deadline passed before the call' }, { writes, sent: false, doing });
    if (client.connectionHandle !== handle) {
      // node-rfc reconnected by itself: what this unit did before is gone or lost from sight.
      isSound = false;
      isOver = true;
      throw new SystemError('SAP_SESSION_CHANGED', writes ? 'uncertain' : 'retry', `${doing}: the ABAP session was replaced by a new one`);
    }
    const running = client.call(functionName, parameters);
    quiet = running.then(ignore, ignore);
    try {
      return await withLimit(running, isPatient ? { ms } : { ms, signal });
    } catch (error) {
      isOver = true;
      if (!keepsSession(error)) isSound = false;
      if (isOwn(error)) client.cancel().catch(ignore);
      throw judge(error, { writes, sent: true, doing });
    }
  };
  const rollBack: Session['rollBack'] = async () => {
    isOver = true;
    // On another session there is nothing to roll back, and an answer would prove nothing.
    if (isSound && client.connectionHandle === handle) {
      const running = client.call('BAPI_TRANSACTION_ROLLBACK', {});
      quiet = running.then(ignore, ignore);
      try {
        const result = await withLimit(running, { ms: callTimeoutMs });
        if (isClean(returnMessages(result))) return true;
      } catch (error) {
        if (isOwn(error)) client.cancel().catch(ignore);
      }
    }
    isSound = false;
    return false;
  };

  return {
    call,
    rollBack,
    discard: () => {
      isSound = false;
    },
    get attributes() {
      return toAttributes(client.connectionInfo);
    },
    get isSound() {
      return isSound;
    },
    get quiet() {
      return quiet;
    },
  };
}

const cancelled = { name: 'Cancelled', message: 'the call was cancelled' };

/** Rejects with our own `Timeout` or `Cancelled` when the limit comes first; the promise goes on by itself. */
export function withLimit<Value>(promise: Promise<Value>, { ms, signal }: { ms: number; signal?: AbortSignal }): Promise<Value> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => end(() => reject(ownFailure('Cancelled', 'the call was cancelled')));
    const timer = setTimeout(
      () => end(() => reject(ownFailure('Timeout', `no answer within ${Math.round(ms / 100) / 10} s`))),
      Math.min(ms, 2 ** 31 - 1),
    );
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      settle();
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    promise.then(
      (value) => end(() => resolve(value)),
      (error: unknown) => end(() => reject(error)),
    );
  });
}

function ownFailure(name: 'Timeout' | 'Cancelled', message: string): Error {
  return Object.assign(new Error(message), { name });
}

function isOwn(error: unknown): boolean {
  const { name } = toRfcFailure(error);
  return name === 'Timeout' || name === 'Cancelled';
}

function toAttributes(info: unknown): Record<string, string> {
  if (typeof info !== 'object' || info === null || !('sysId' in info)) return {};
  return Object.fromEntries(
    Object.entries(info).filter((entry): entry is [string, string] => typeof entry[1] === 'string' && entry[1] !== ''),
  );
}

function ignore(): void {}
