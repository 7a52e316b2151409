import { SystemError, type Clock } from '@ml-connector/shared';

/** A right to run one call now; given back exactly once. */
export interface Turn {
  giveBack(): void;
}

export interface Turns {
  /** First come, first served. Rejects with `retry` when deadline or signal come first: nothing was sent. */
  take(wish: { deadline: number; signal: AbortSignal }): Promise<Turn>;
  /** Lets waiting ones in after the limit was raised. */
  recheck(): void;
  readonly taken: number;
  readonly waiting: number;
}

interface Waiter {
  admit(): void;
}

export function openTurns(limit: () => number, clock: Clock): Turns {
  const waiters: Waiter[] = [];
  let taken = 0;
  const newTurn = (): Turn => {
    taken++;
    let isHeld = true;
    return {
      giveBack: () => {
        if (!isHeld) return;
        isHeld = false;
        taken--;
        recheck();
      },
    };
  };
  const recheck = (): void => {
    while (waiters.length > 0 && taken < limit()) waiters.shift()?.admit();
  };
  const take: Turns['take'] = ({ deadline, signal }) => {
    const ms = deadline - clock.now();
    if (signal.aborted) return Promise.reject(notSent('SAP_CANCELLED', 'the call was cancelled before it began'));
    if (ms <= 0) return Promise.reject(notSent('SAP_TIMEOUT', 'the deadline passed before the call began'));
    if (waiters.length === 0 && taken < limit()) return Promise.resolve(newTurn());
    return new Promise((resolve, reject) => {
      const leave = (error: SystemError): void => {
        const at = waiters.indexOf(waiter);
        if (at < 0) return;
        waiters.splice(at, 1);
        clear();
        reject(error);
      };
      const onAbort = (): void => leave(notSent('SAP_CANCELLED', 'the call was cancelled while it waited for a free connection'));
      const timer = setTimeout(
        () => leave(notSent('SAP_QUEUE_TIMEOUT', 'all connections were busy until the deadline')),
        Math.min(ms, 2 ** 31 - 1),
      );
      const clear = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
      };
      const waiter: Waiter = {
        admit: () => {
          clear();
          resolve(newTurn());
        },
      };
      signal.addEventListener('abort', onAbort, { once: true });
      waiters.push(waiter);
    });
  };
  return {
    take,
    recheck,
    get taken() {
      return taken;
    },
    get waiting() {
      return waiters.length;
    },
  };
}

function notSent(code: string, message: string): SystemError {
  return new SystemError(code, 'retry', message);
}
