import {
  addAmounts,
  compareAmounts,
  divideAmounts,
  multiplyAmounts,
  negateAmount,
  subtractAmounts,
  type Amount,
} from '@ml-connector/shared';
import type { ArComponent, ArTender } from '../sap-ar/index.ts';
import type { Lookups } from './lookups.ts';
import type { OrderContent, OrderPayloadLine, OrderPayloadTax } from './order-payload.ts';
import type { AccountSettings } from './settings.ts';

/** What an order is made of, as far as money goes. */
export interface OrderComponents {
  /** By line id. */
  lines: Map<number, ArComponent[]>;
  charges: { id: number | null; kind: string; component: ArComponent }[];
  tenders: ArTender[];
  /** What was assumed on the way. */
  notes: string[];
}

/** Gross amounts as the shopper paid them, with the tax in each and the accounts they belong to. */
export function componentsOf(order: OrderContent, lookups: Lookups, settings: AccountSettings): OrderComponents {
  const notes: string[] = [];
  const taxed = order.taxes.length > 0 || order.totalTax === '0';
  if (!taxed) notes.push('The store gave no tax details: each rate is taken from the amounts of its line');
  const lines = new Map(order.lines.map((line) => [line.id, lineComponents({ order, line, lookups, settings, taxed })]));
  const charges = order.charges.map((charge) => {
    const taxes = taxed ? taxesOf(order, { lineId: null, of: taxTypeOf(charge.kind) }) : rateFrom(charge.gross, charge.tax);
    const { id, kind, name, gross, tax } = charge;
    const component = { account: lookups.other(kind), text: name.slice(0, 50), gross, tax, ...withCode(lookups.taxCode(taxes)) };
    return { id, kind, component };
  });
  return { lines, charges, tenders: tendersOf(order, lookups), notes };
}

interface Line {
  order: OrderContent;
  line: OrderPayloadLine;
  lookups: Lookups;
  settings: AccountSettings;
  /** Whether the store gave the taxes of each line. */
  taxed: boolean;
}

function lineComponents({ order, line, lookups, settings, taxed }: Line): ArComponent[] {
  const { paid, listed, type } = line;
  const text = line.name.slice(0, 50);
  if (compareAmounts(paid, '0') === 0 && (settings.discounts === 'net' || compareAmounts(listed, '0') === 0)) return [];
  // A voucher sold is a liability; the tax comes when it is redeemed.
  if (type === 'giftcertificate') return [{ account: lookups.balance('gift-certificates-sold'), text, gross: paid, tax: '0' }];
  const taxes = taxed ? taxesOf(order, { lineId: line.id, of: 'item' }) : rateFrom(listed, line.listedTax);
  const tax = taxed ? addAmounts('0', ...taxes.map(({ amount }) => amount)) : taxIn(paid, taxes);
  const code = withCode(lookups.taxCode(taxes));
  const revenue = { account: lookups.revenue(line), text, gross: paid, tax, ...code };
  const discount = subtractAmounts(listed, paid);
  if (settings.discounts === 'net' || compareAmounts(discount, '0') === 0) return [revenue];
  const discountTax = taxIn(discount, taxes);
  return [
    { ...revenue, gross: listed, tax: addAmounts(tax, discountTax) },
    {
      account: lookups.other('discounts', line),
      text: `Discount ${text}`.slice(0, 50),
      gross: negateAmount(discount),
      tax: negateAmount(discountTax),
      ...code,
    },
  ];
}

function taxesOf({ taxes }: OrderContent, { lineId, of }: { lineId: number | null; of: string }): OrderPayloadTax[] {
  return taxes.filter((tax) => tax.of === of && (of !== 'item' || tax.lineId === lineId));
}

function taxTypeOf(kind: string): string {
  return kind === 'wrapping' ? 'gift-wrapping' : kind;
}

/** The rate that an amount and its tax speak of, to a tenth of a percent. */
function rateFrom(gross: Amount, tax: Amount): OrderPayloadTax[] {
  const net = subtractAmounts(gross, tax);
  if (compareAmounts(tax, '0') === 0 || compareAmounts(net, '0') === 0) return [];
  return [{ name: '', rate: addAmounts(divideAmounts(multiplyAmounts(tax, '100'), net, 1)), amount: tax, lineId: null, of: 'item' }];
}

/** The tax that is in a gross amount at these rates, exact to six decimals. */
function taxIn(gross: Amount, taxes: readonly OrderPayloadTax[]): Amount {
  const rate = addAmounts('0', ...taxes.map((tax) => tax.rate));
  if (compareAmounts(rate, '0') === 0) return '0';
  return divideAmounts(multiplyAmounts(gross, rate), addAmounts(rate, '100'), 6);
}

function tendersOf({ giftCertificate, storeCredit, orderId }: OrderContent, lookups: Lookups): ArTender[] {
  const tenders: ArTender[] = [];
  if (compareAmounts(giftCertificate, '0') !== 0)
    tenders.push({ account: lookups.balance('gift-certificate'), text: `Gift certificate, order ${orderId}`, amount: giftCertificate });
  if (compareAmounts(storeCredit, '0') !== 0)
    tenders.push({ account: lookups.balance('store-credit'), text: `Store credit, order ${orderId}`, amount: storeCredit });
  return tenders;
}

function withCode(taxCode: string | undefined): { taxCode?: string } {
  return taxCode === undefined ? {} : { taxCode };
}
