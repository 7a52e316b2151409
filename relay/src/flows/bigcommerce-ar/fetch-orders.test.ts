import { SystemError } from '@ml-connector/shared';
import type { BigCommerceSession, Order } from '../../systems/bigcommerce/index.ts';
import { testScope } from '../../systems/testing/index.ts';
import { fetchOrders } from './fetch-orders.ts';

/** A store that answers about orders as it is told. */
function storeOf(get: (id: number) => Promise<Order | undefined>): BigCommerceSession {
  return { storeHash: 'abc123', orders: { get } } as unknown as BigCommerceSession;
}

const settings = { revenueBy: 'none' };

test('an order that cannot be understood says so by itself, and the others are read', async () => {
  const source = storeOf((id) =>
    id === 7
      ? Promise.reject(new SystemError('BIGCOMMERCE_ROW_UNREADABLE', 'refused', 'order 7, line 2: total_inc_tax is no amount'))
      : Promise.resolve(undefined),
  );
  const found = await fetchOrders({ source, scope: testScope(), settings }, [6, 7, 8]);
  expect(found).toMatchObject([{ payload: { orderId: 7, problem: 'order 7, line 2: total_inc_tax is no amount' } }]);
  expect(found[0]).not.toHaveProperty('order');
});

test('when the store fails, nothing is asked any more once that is told', async () => {
  const asked: number[] = [];
  const source = storeOf((id) => {
    asked.push(id);
    return id === 2 ? Promise.reject(new SystemError('BIGCOMMERCE_DOWN', 'retry', 'down')) : Promise.resolve(undefined);
  });
  const ids = Array.from({ length: 100 }, (_, id) => id + 1);
  await expect(fetchOrders({ source, scope: testScope(), settings }, ids)).rejects.toMatchObject({ verdict: 'retry' });
  const told = asked.length;
  await new Promise(setImmediate);
  expect(asked).toHaveLength(told);
  expect(told).toBeLessThan(10);
});
