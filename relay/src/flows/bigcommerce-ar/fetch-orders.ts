import { isSystemError } from '@ml-connector/shared';
import { rowUnreadable, type BigCommerceSession, type Order } from '../../systems/bigcommerce/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { orderPayload, unreadableOrder, type OrderPayload } from './order-payload.ts';
import { accountSettingsShape } from './settings.ts';

export interface FetchOrders {
  source: BigCommerceSession;
  scope: CallScope;
  /** Of a flow with the account settings. */
  settings: unknown;
}

const atOnce = 3;

export interface FetchedOrder {
  /** Undefined where it could not be understood; the payload says why. */
  order?: Order;
  payload: OrderPayload;
}

/** These orders with everything on them, by id; those that the store does not have are left out. */
export async function fetchOrders({ source, scope, settings }: FetchOrders, ids: readonly number[]): Promise<FetchedOrder[]> {
  const orders: Order[] = [];
  const unreadable: FetchedOrder[] = [];
  const { storeHash } = source;
  const waiting = [...new Set(ids)];
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      try {
        const order = await source.orders.get(id, scope);
        if (order) orders.push(order);
      } catch (error) {
        if (!isSystemError(error) || error.code !== rowUnreadable) {
          waiting.length = 0;
          throw error;
        }
        // One that is broken holds up nobody else.
        unreadable.push({ payload: unreadableOrder(id, { storeHash, problem: error.message }) });
      }
    }
  };
  const reading = Array.from({ length: atOnce }, work);
  // None goes on in the background when another has failed.
  await Promise.allSettled(reading);
  await Promise.all(reading);
  const { revenueBy, costCenterBy, profitCenterBy } = accountSettingsShape.parse(settings);
  const needsCategories = [revenueBy, costCenterBy, profitCenterBy].includes('category');
  const toFetched = async (some: readonly Order[]): Promise<FetchedOrder[]> => {
    const products = [...new Set(some.flatMap((order) => order.products.map((line) => line.product_id)))].filter((id) => id > 0);
    const categories =
      needsCategories && products.length > 0 ? await source.products.categoriesOf(products, scope) : new Map<number, string[]>();
    return some.map((order) => ({ order, payload: orderPayload(order, { storeHash, categories }) }));
  };
  const read = await toFetched(orders).catch(async (error: unknown) => {
    if (!isSystemError(error) || error.code !== rowUnreadable) throw error;
    // A product that cannot be read holds up the orders of it, and no others.
    const one = (order: Order): Promise<FetchedOrder[]> =>
      toFetched([order]).catch((reason: unknown) => brokenBy(reason, order.id, storeHash));
    const each: FetchedOrder[] = [];
    for (const order of orders) each.push(...(await one(order)));
    return each;
  });
  return [...read, ...unreadable].toSorted((one, other) => one.payload.orderId - other.payload.orderId);
}

function brokenBy(error: unknown, orderId: number, storeHash: string): FetchedOrder[] {
  if (!isSystemError(error) || error.code !== rowUnreadable) throw error;
  return [{ payload: unreadableOrder(orderId, { storeHash, problem: error.message }) }];
}
