import {
  addAmounts,
  compareAmounts,
  divideAmounts,
  multiplyAmounts,
  negateAmount,
  subtractAmounts,
  type Amount,
} from '@ml-connector/shared';
import { fromMinor, type ArComponent, type ArTender } from '../sap-ar/index.ts';
import type { Lookups } from './lookups.ts';
import type { OrderContent, OrderPayloadLine, OrderPayloadTax } from './order-payload.ts';
import { decimalsOf, type AccountSettings } from './settings.ts';
import { shortText } from './short-text.ts';

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
  const guessed = new Set<string>();
  const coin = fromMinor(1n, decimalsOf(order.currency, settings));
  const lines = new Map(order.lines.map((line) => [line.id, lineComponents({ order, line, lookups, settings, guessed, coin })]));
  const charges = order.charges.map((charge) => {
    const { id, kind, name, gross, tax } = charge;
    const told = taxesOf(order, { lineId: null, of: taxTypeOf(kind) });
    const taxes = told.length > 0 || tax === '0' ? charged(told, gross, coin) : rateFrom(gross, tax);
    if (told.length === 0 && tax !== '0') guessed.add(name);
    const account = lookups.other(kind);
    return { id, kind, component: { account, text: shortText(name, 50), gross, tax, ...lookups.taxCode(taxes, tax) } };
  });
  const notes =
    guessed.size > 0 ? [`The store gave no tax details of ${[...guessed].join(', ')}: the rate is taken from the amounts themselves`] : [];
  return { lines, charges, tenders: tendersOf(order, lookups), notes };
}

interface Line {
  order: OrderContent;
  line: OrderPayloadLine;
  lookups: Lookups;
  settings: AccountSettings;
  /** Names of what the store gave no taxes of. */
  guessed: Set<string>;
  /** The smallest one of the currency: `0.01`. */
  coin: Amount;
}

function lineComponents({ order, line, lookups, settings, guessed, coin }: Line): ArComponent[] {
  const { paid, listed, listedTax, type } = line;
  const text = shortText(line.name, 50);
  const isGiven = compareAmounts(paid, '0') === 0 && (settings.discounts === 'net' || compareAmounts(listed, '0') === 0);
  if (isGiven && (type !== 'giftcertificate' || compareAmounts(listed, '0') === 0)) return [];
  const discount = subtractAmounts(listed, paid);
  const less = (gross: Amount, tax: Amount): ArComponent => ({
    account: lookups.other('discounts', line),
    text: shortText(`Discount ${text}`, 50),
    gross: negateAmount(gross),
    tax: negateAmount(tax),
  });
  // A voucher sold is owed at its face value; the tax comes when it is redeemed.
  if (type === 'giftcertificate') {
    const sold = { account: lookups.balance('gift-certificates-sold'), text, gross: listed, tax: '0' };
    return compareAmounts(discount, '0') === 0 ? [sold] : [sold, less(discount, '0')];
  }
  const told = taxesOf(order, { lineId: line.id, of: 'item' });
  const isTold = told.length > 0 || listedTax === '0';
  if (!isTold) guessed.add(line.name);
  const taxes = isTold ? charged(told, paid, coin) : rateFrom(listed, listedTax);
  const tax = isTold ? addAmounts('0', ...taxes.map(({ amount }) => amount)) : shareOf(listedTax, { part: paid, whole: listed });
  const code = lookups.taxCode(taxes, tax);
  const revenue = { account: lookups.revenue(line), text, gross: paid, tax, ...code };
  if (settings.discounts === 'net' || compareAmounts(discount, '0') === 0) return [revenue];
  const discountTax = taxIn(discount, taxes);
  return [
    { ...revenue, gross: listed, tax: addAmounts(tax, discountTax) },
    { ...less(discount, discountTax), ...code },
  ];
}

function taxesOf({ taxes }: OrderContent, { lineId, of }: { lineId: number | null; of: string }): OrderPayloadTax[] {
  return taxes.filter((tax) => tax.of === of && (of !== 'item' || tax.lineId === lineId));
}

/** Without rates of which nothing was charged though it would be a coin and more: the shopper is exempt. */
function charged(taxes: readonly OrderPayloadTax[], gross: Amount, coin: Amount): OrderPayloadTax[] {
  return taxes.filter((tax) => tax.amount !== '0' || compareAmounts(taxIn(gross, [tax]).replace('-', ''), coin) < 0);
}

function shareOf(amount: Amount, { part, whole }: { part: Amount; whole: Amount }): Amount {
  return compareAmounts(whole, '0') === 0 ? '0' : addAmounts(divideAmounts(multiplyAmounts(amount, part), whole, 6));
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
