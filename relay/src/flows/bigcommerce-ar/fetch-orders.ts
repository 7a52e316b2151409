import { isSystemError } from '@ml-connector/shared';
import type { BigCommerceSession, Order } from '../../systems/bigcommerce/index.ts';
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
        if (!isSystemError(error) || error.code !== 'BIGCOMMERCE_ROW_UNREADABLE') {
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
  const products = [...new Set(orders.flatMap((order) => order.products.map((line) => line.product_id)))].filter((id) => id > 0);
  const categories =
    needsCategories && products.length > 0 ? await source.products.categoriesOf(products, scope) : new Map<number, string[]>();
  const read = orders.map((order): FetchedOrder => ({ order, payload: orderPayload(order, { storeHash, categories }) }));
  return [...read, ...unreadable].toSorted((one, other) => one.payload.orderId - other.payload.orderId);
}
