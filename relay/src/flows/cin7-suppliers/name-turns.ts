import { SystemError } from '@ml-connector/shared';
import { foldName } from './marks.ts';

const turns = new WeakMap<object, Map<string, Promise<void>>>();

export interface NameTurn {
  /** The target's session: names are unique within it. */
  account: object;
  name: string;
  signal: AbortSignal;
}

/**
 * Runs `work` while nobody else in this process works with the same name on the same account: two of one name, posted at the same
 * moment, look and create one after the other, so the second one sees the first one's supplier. First come, first served. Rejects with
 * `retry` when the signal aborts before its turn; nothing was done then.
 */
export async function inTurnForName<Result>({ account, name, signal }: NameTurn, work: () => Promise<Result>): Promise<Result> {
  const names = turns.get(account) ?? new Map<string, Promise<void>>();
  turns.set(account, names);
  const key = foldName(name);
  const before = names.get(key) ?? Promise.resolve();
  const { promise: done, resolve: finish } = Promise.withResolvers<void>();
  // Whoever is next waits for all before, also when this one gives up its turn.
  const free = bothOf(before, done);
  names.set(key, free);
  try {
    await beforeAbort(before, signal, name);
    return await work();
  } finally {
    finish();
    if (names.get(key) === free) void forgetWhenFree(names, key, free);
  }
}

async function bothOf(before: Promise<void>, done: Promise<void>): Promise<void> {
  await before;
  await done;
}

async function forgetWhenFree(names: Map<string, Promise<void>>, key: string, free: Promise<void>): Promise<void> {
  await free;
  if (names.get(key) === free) names.delete(key);
}

async function beforeAbort(turn: Promise<void>, signal: AbortSignal, name: string): Promise<void> {
  const { promise: aborted, resolve: abort } = Promise.withResolvers<void>();
  const onAbort = (): void => abort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (!signal.aborted) await Promise.race([turn, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  if (signal.aborted)
    throw new SystemError('SUPPLIER_NAME_BUSY', 'retry', `posting supplier ${name}: another one of this name is being posted`, {
      cause: signal.reason,
    });
}
