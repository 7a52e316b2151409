import type { BigCommerceSession, Order } from '../../systems/bigcommerce/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { orderPayload, type OrderPayload } from './order-payload.ts';
import { accountSettingsShape } from './settings.ts';

export interface FetchOrders {
  source: BigCommerceSession;
  scope: CallScope;
  /** Of a flow with the account settings. */
  settings: unknown;
}

const atOnce = 3;

/** These orders with everything on them, by id; those that the store does not have are left out. */
export async function fetchOrders(
  { source, scope, settings }: FetchOrders,
  ids: readonly number[],
): Promise<{ order: Order; payload: OrderPayload }[]> {
  const orders: Order[] = [];
  const waiting = [...new Set(ids)];
  const work = async (): Promise<void> => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      const order = await source.orders.get(id, scope);
      if (order) orders.push(order);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const { revenueBy, costCenterBy, profitCenterBy } = accountSettingsShape.parse(settings);
  const needsCategories = [revenueBy, costCenterBy, profitCenterBy].includes('category');
  const products = [...new Set(orders.flatMap((order) => order.products.map((line) => line.product_id)))].filter((id) => id > 0);
  const categories =
    needsCategories && products.length > 0 ? await source.products.categoriesOf(products, scope) : new Map<number, string[]>();
  return orders
    .toSorted((one, other) => one.id - other.id)
    .map((order) => ({ order, payload: orderPayload(order, { storeHash: source.storeHash, categories }) }));
}
