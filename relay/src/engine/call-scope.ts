import type { Store } from '../store/index.ts';
import { traceCall } from '../ledger/index.ts';
import type { CallScope, Exchange, SystemId } from '../systems/index.ts';
import { durably, type DurablyDeps } from './durably.ts';

/** A scope whose calls are written down as they happen. */
export interface TracedScope {
  scope: CallScope;
  /** The calls of this turn of the event loop, which are not being written yet: for who writes them with what came of them. */
  take(): Exchange[];
  /** Resolves when every call made so far, but for those that were taken, is on disk. */
  written(): Promise<void>;
  /** System of the last call that failed. */
  lastFailing(): SystemId | undefined;
}

/** Calls made for a record or a run become events of it. */
export function traceScope(
  deps: DurablyDeps & { store: Store },
  subject: { id: string; tenant_id: string },
  { signal, context }: Pick<CallScope, 'signal' | 'context'>,
  shorten: (exchange: Exchange) => Exchange = (exchange) => exchange,
): TracedScope {
  const writing = new Set<Promise<void>>();
  let untold: Exchange[] = [];
  let failing: SystemId | undefined;
  let failure: unknown;

  function trace(exchange: Exchange): void {
    if (exchange.error) failing = exchange.system;
    untold.push(shorten(exchange));
    if (untold.length === 1) setImmediate(writeUntold);
  }

  function take(): Exchange[] {
    const taken = untold;
    untold = [];
    return taken;
  }

  function writeUntold(): void {
    for (const exchange of take()) {
      const written = durably(deps, 'writing the audit trail', () => traceCall(deps.store, subject, exchange))
        .catch((error: unknown) => {
          failure = error;
        })
        .finally(() => writing.delete(written));
      writing.add(written);
    }
  }

  return {
    scope: { signal, context, trace },
    take,
    async written() {
      writeUntold();
      await Promise.all(writing);
      if (failure) throw failure as Error;
    },
    lastFailing: () => failing,
  };
}
