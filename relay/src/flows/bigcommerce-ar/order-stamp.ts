import { stampOf } from '../sap-ar/index.ts';
import type { OrderContent } from './order-payload.ts';

/**
 * Tells one version of an order from another by what the store says of money, and of who owes it where. Names, categories, brands and
 * addresses only decide accounts and texts: they may change in the store long after the order was posted.
 */
export function orderStamp(order: OrderContent): string {
  const { storeHash, createdAt, customerId, paymentMethod, currency, total, totalTax, storeCredit, giftCertificate, shipTo } = order;
  const content = {
    createdAt,
    customerId,
    paymentMethod,
    currency,
    total,
    totalTax,
    storeCredit,
    giftCertificate,
    shipTo,
    charges: order.charges.map(({ id, kind, gross, tax }) => [id, kind, gross, tax]),
    lines: order.lines.map(({ id, productId, type, quantity, listed, paid, listedTax }) => [
      id,
      productId,
      type,
      quantity,
      listed,
      paid,
      listedTax,
    ]),
    taxes: order.taxes.map(({ rate, amount, lineId, of }) => [rate, amount, lineId, of]),
  };
  return stampOf({ system: storeHash, content });
}
