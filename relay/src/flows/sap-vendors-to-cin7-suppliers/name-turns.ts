import { foldName } from './marker.ts';

const turns = new WeakMap<object, Map<string, Promise<void>>>();

/**
 * Runs `work` while nobody else in this process works with the same name on the same account: two vendors of one name, posted at the same
 * moment, look and create one after the other, so the second one sees the first one's supplier. First come, first served.
 */
export async function inTurnForName<Result>(account: object, name: string, work: () => Promise<Result>): Promise<Result> {
  const names = turns.get(account) ?? new Map<string, Promise<void>>();
  turns.set(account, names);
  const key = foldName(name);
  const before = names.get(key);
  const { promise: done, resolve: finish } = Promise.withResolvers<void>();
  names.set(key, done);
  await before;
  try {
    return await work();
  } finally {
    finish();
    if (names.get(key) === done) names.delete(key);
  }
}
