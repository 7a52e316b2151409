import { Random } from '../../sap/seed/random.ts';
import { addPayment, cancelOrder, refundOrder, shipOrder, type RefundKind } from '../orders/actions.ts';
import { addOrder, type Store } from '../store.ts';
import { seedCatalog, seedCustomers } from './catalog.ts';
import { inventOrder, orderKinds, type OrderKind } from './order-kinds.ts';

export interface SeedOptions {
  /** Default 0. Every kind is there from 40 on; the one with 1,200 lines among them. */
  orders?: number;
  /** Default 24. */
  customers?: number;
  /** Default 30. */
  products?: number;
  /** Default 1. The same number gives the same store. */
  seed?: number;
  /** Orders are spread over so many days before now. Default 30. */
  days?: number;
}

/** Fills an empty store with what it had before anybody listened: no event is sent. Some orders are shipped, some refunded. */
export function seedStore(store: Store, { orders = 0, customers = 24, products = 30, seed = 1, days = 30 }: SeedOptions = {}): void {
  const { state } = store;
  const random = new Random(seed);
  const now = store.now();
  seedCatalog(state, { random, products, now: now - 400 * 86_400_000 });
  seedCustomers(state, { random, customers, now });
  const spread = days * 86_400_000;
  for (let index = 0; index < orders; index += 1) {
    const createdAt = now - Math.round(spread * (1 - index / orders)) - 3_600_000;
    const kind = kindOf(index, random);
    const order = addOrder(store, inventOrder(kind, { state, identity: store.identity, random, createdAt }));
    if (![0, 1, 5, 6, 7].includes(order.header.status_id)) addPayment(store, order, { isQuiet: true });
    const later = { ...store, random, now: () => createdAt + 1_800_000, emit: () => undefined };
    if (order.header.status_id !== 11 || kind === 'veryLong') continue;
    if (index % 5 === 3 && order.shippingAddresses.length > 0) shipOrder(later, order.header.id);
    const refund = refunds[index % 67];
    if (refund && !(refund === 'tax' && order.taxes.length === 0)) refundOrder(later, order.header.id, refund);
    if (index % 71 === 70) cancelOrder(later, order.header.id);
  }
}

/** By order number, modulo 67. */
const refunds: Record<number, RefundKind> = { 40: 'partial', 45: 'full', 50: 'tax', 55: 'storeCredit', 60: 'declined', 65: 'amount' };

/** Every kind once, then mostly simple ones. */
function kindOf(index: number, random: Random): OrderKind {
  if (index < orderKinds.length) return orderKinds[index] ?? 'simple';
  const rare: OrderKind[] = ['veryLong'];
  return random.chance(0.4) ? 'simple' : random.pick(orderKinds.filter((one) => !rare.includes(one)));
}
