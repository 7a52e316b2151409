import type { BigCommerceSession, ChangedSince, OrderHeader } from '../../systems/bigcommerce/index.ts';
import { fastClock, testScope } from '../../systems/testing/index.ts';
import type { ExtractInput } from '../flow.ts';
import { extractOrders } from './read-orders.ts';

const hourMs = 3_600_000;
const storeNow = Date.parse('2026-06-01T10:00:00Z');

/** A store with its own clock; answers which spans were asked for. */
function storeAt(now: number): { source: BigCommerceSession; asked: ChangedSince[] } {
  const asked: ChangedSince[] = [];
  async function* changed(since: ChangedSince): AsyncGenerator<OrderHeader[], void, void> {
    asked.push(since);
    await Promise.resolve();
    yield* [];
  }
  return { source: { storeHash: 'abc123', now: () => Promise.resolve(now), orders: { changed } } as unknown as BigCommerceSession, asked };
}

test.each([
  ['hours ahead', 6 * hourMs],
  ['hours behind', -6 * hourMs],
])("changes are read up to the store's own time where the relay's clock is %s, and from there on the next time", async (_what, offMs) => {
  const clock = { ...fastClock(), now: () => storeNow + offMs };
  const settings = { companyCode: '1000', startDate: '2026-05-01' };
  const { source, asked } = storeAt(storeNow);
  const input = { mode: 'changes', cursor: null, settings, source, scope: testScope(), clock, progress: () => undefined };
  let cursor: unknown;
  for (const _run of [1, 2])
    for await (const batch of extractOrders({ ...input, cursor: cursor ?? null } as unknown as ExtractInput<BigCommerceSession>))
      cursor = batch.cursor ?? cursor;
  expect(cursor).toEqual({ modifiedUpTo: storeNow });
  expect(asked.map(({ to }) => to)).toEqual([storeNow, storeNow]);
  expect(asked[1]?.from).toBe(storeNow - 5 * 60_000);
});
