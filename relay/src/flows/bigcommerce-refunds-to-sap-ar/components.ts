import { addAmounts, compareAmounts, divideAmounts, multiplyAmounts, subtractAmounts, type Amount } from '@ml-connector/shared';
import { allowedDifference, type Lookups, type OrderComponents } from '../bigcommerce-ar/index.ts';
import type { BlockReason } from '../flow.ts';
import type { ArComponent } from '../sap-ar/index.ts';
import type { RefundPayload, RefundPayloadItem } from './payload.ts';

/** Enough that a share of a share loses no coin. */
const shareDecimals = 10;

/**
 * What is given back, on the accounts and with the taxes it was sold with. The store tells amounts for the refund as a whole only
 * (facts/bigcommerce.md 7): the items' parts of the order are taken, and brought to that sum. Blocked where its tax is not theirs.
 */
export function refundComponents(
  refund: RefundPayload,
  { composed, lookups, tolerance, decimals }: { composed: OrderComponents; lookups: Lookups; tolerance: Amount; decimals: number },
): { components: ArComponent[]; notes: string[] } | { reason: BlockReason } {
  const { total, totalTax, items } = refund;
  if (compareAmounts(total, '0') <= 0)
    return {
      reason: {
        code: 'REFUND_WITHOUT_AMOUNT',
        message: `the refund is over ${total}, with ${totalTax} tax: a correction that no credit memo can hold`,
      },
    };
  const unknown = items.find(({ type, id, amount }) => type === 'PRODUCT' && amount === null && !composed.lines.has(id));
  if (unknown)
    return {
      reason: { code: 'REFUND_ITEM_UNKNOWN', message: `line ${unknown.id}, which is given back, is not on order ${refund.order.orderId}` },
    };
  const parts = items.flatMap((item) => partsOf(item, { refund, composed, lookups }));
  const sum = addAmounts('0', ...parts.map(({ gross }) => gross));
  const known = compareAmounts(sum, '0') > 0 ? parts : [wholeOrder(total, lookups)];
  const components = scaled(known, total);
  const taxes = components.map((one) => one.tax);
  const tax = addAmounts('0', ...taxes);
  const difference = subtractAmounts(totalTax, tax);
  const allowed = allowedDifference(taxes, { decimals, tolerance });
  if (compareAmounts(difference.replace('-', ''), allowed) > 0)
    return {
      reason: {
        code: 'REFUND_TAX_DIFFERS',
        message: `the store says ${totalTax} tax, what is given back was sold with ${tax}: ${difference} more than the tolerance of ${allowed} allows`,
      },
    };
  const isScaled = compareAmounts(subtractAmounts(total, sum).replace('-', ''), tolerance) > 0 && compareAmounts(sum, '0') > 0;
  const notes = isScaled
    ? [`What is given back was sold for ${sum}, the refund is over ${total}: each part is brought to that in proportion`]
    : [];
  return { components: withTax(components, { tax, totalTax }), notes };
}

interface Around {
  refund: RefundPayload;
  composed: OrderComponents;
  lookups: Lookups;
}

function partsOf(item: RefundPayloadItem, around: Around): ArComponent[] {
  const found = soldAs(item, around);
  const asked = item.amount;
  const isWorthless = found.every(({ gross }) => compareAmounts(gross, '0') === 0);
  if (isWorthless && asked !== null && compareAmounts(asked, '0') !== 0) return [wholeOrder(asked, around.lookups)];
  return asked === null ? found : scaled(found, asked);
}

/** The components of the order that an item gives back, in its quantity. */
function soldAs({ type, id, quantity }: RefundPayloadItem, { refund, composed }: Around): ArComponent[] {
  const charges = (kind: string): ArComponent[] => {
    const all = composed.charges.filter((charge) => charge.kind === kind);
    const own = all.filter((charge) => charge.id === id);
    return (own.length > 0 ? own : all).map(({ component }) => component);
  };
  switch (type) {
    case 'PRODUCT': {
      const line = refund.order.lines.find((one) => one.id === id);
      const share = line && line.quantity > 0 ? divideAmounts(String(quantity), String(line.quantity), shareDecimals) : '1';
      return (composed.lines.get(id) ?? []).map((one) => ({
        ...one,
        gross: multiplyAmounts(one.gross, share),
        tax: multiplyAmounts(one.tax, share),
      }));
    }
    case 'SHIPPING':
      return charges('shipping');
    case 'HANDLING':
      return charges('handling');
    case 'GIFT_WRAPPING':
      return charges('wrapping');
    case 'FEE':
      return composed.charges.filter((charge) => charge.kind === 'fee' && charge.id === id).map(({ component }) => component);
    default:
      return [];
  }
}

/** A refund of the order as a whole has no tax. */
function wholeOrder(gross: Amount, lookups: Lookups): ArComponent {
  return { account: lookups.other('order-refund'), text: 'Refund', gross, tax: '0', ...lookups.taxCode([], '0') };
}

/** In the same proportions, to a sum. */
function scaled(components: readonly ArComponent[], to: Amount): ArComponent[] {
  const sum = addAmounts('0', ...components.map(({ gross }) => gross));
  if (compareAmounts(sum, to) === 0 || compareAmounts(sum, '0') === 0) return [...components];
  const scale = (amount: Amount): Amount => divideAmounts(multiplyAmounts(amount, to), sum, shareDecimals);
  return components.map((one) => ({ ...one, gross: scale(one.gross), tax: scale(one.tax) }));
}

/** The store's own tax counts: what rounding made of it is spread. */
function withTax(components: readonly ArComponent[], { tax, totalTax }: { tax: Amount; totalTax: Amount }): ArComponent[] {
  if (compareAmounts(tax, '0') === 0) return [...components];
  return components.map((one) => ({ ...one, tax: divideAmounts(multiplyAmounts(one.tax, totalTax), tax, shareDecimals) }));
}
