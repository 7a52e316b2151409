import { addAmounts, compareAmounts, subtractAmounts, type Amount } from '@ml-connector/shared';
import { parseStoreDate, type Order, type OrderAddress, type OrderLine } from '../../systems/bigcommerce/index.ts';

/**
 * What matters of an order for the ledger, and nothing that changes without meaning: notes, metafields and shipping progress leave it as it
 * is. Amounts are plain decimal texts without trailing zeros.
 */
export interface OrderPayload extends OrderContent {
  /** `accepted`: one of those that are posted, as they were set when it was read; going from one to the other is no change of the order. */
  statusId: number | 'accepted';
  /** Given back by refunds: read of cancelled orders only, `0` of others. */
  refunded: Amount;
}

/** The same without the status, which a refund does not depend on. */
export interface OrderContent {
  orderId: number;
  /** Set where the store's answer could not be understood: nothing else of it counts then. */
  problem?: string;
  storeHash: string;
  /** `YYYY-MM-DDTHH:MM:SSZ`; empty where the store gave no date. */
  createdAt: string;
  /** 0: a guest. */
  customerId: number;
  currency: string;
  channelId: number;
  paymentMethod: string;
  total: Amount;
  totalTax: Amount;
  storeCredit: Amount;
  giftCertificate: Amount;
  /** Costs of the order as a whole. */
  charges: OrderCharge[];
  lines: OrderPayloadLine[];
  taxes: OrderPayloadTax[];
  billing: PayloadAddress;
  /** Of the first shipment address, else of the billing address: decides the tax. */
  shipTo: { country: string; state: string };
}

export interface OrderCharge {
  /** Of a fee, of the address where shipping was divided, of the line where wrapping was; null for what there is once. */
  id: number | null;
  kind: 'shipping' | 'handling' | 'wrapping' | 'fee';
  name: string;
  gross: Amount;
  tax: Amount;
}

export interface OrderPayloadLine {
  id: number;
  productId: number;
  sku: string;
  name: string;
  /** `physical`, `digital`, `giftcertificate`. */
  type: string;
  brand: string;
  /** The first one of the product; empty where it was not asked for or there is none. */
  category: string;
  quantity: number;
  /** Before discounts. */
  listed: Amount;
  /** What the shopper paid for it, tax included. */
  paid: Amount;
  /** As the line itself says, before discounts. */
  listedTax: Amount;
}

export interface OrderPayloadTax {
  name: string;
  /** Percent. */
  rate: Amount;
  amount: Amount;
  /** Line that it belongs to; null: a charge. */
  lineId: number | null;
  /** `item`, `shipping`, `handling`, `gift-wrapping`. */
  of: string;
}

export type PayloadAddress = Pick<
  OrderAddress,
  'first_name' | 'last_name' | 'company' | 'street_1' | 'street_2' | 'city' | 'state' | 'zip' | 'country_iso2' | 'email'
>;

export function orderPayload(
  order: Order,
  { storeHash, categories }: { storeHash: string; categories: ReadonlyMap<number, string[]> },
): OrderPayload {
  const { billing_address: billing } = order;
  const shipTo = order.shipping_addresses[0] ?? billing;
  return {
    orderId: order.id,
    storeHash,
    statusId: order.status_id,
    refunded: '0',
    createdAt: isoSeconds(order.date_created),
    customerId: order.customer_id,
    currency: order.default_currency_code,
    channelId: order.channel_id,
    paymentMethod: order.payment_method,
    total: plain(order.total_inc_tax),
    totalTax: plain(order.total_tax),
    storeCredit: plain(order.store_credit_amount),
    giftCertificate: plain(order.gift_certificate_amount),
    charges: chargesOf(order),
    lines: order.products.map((line) => lineOf(line, categories)).toSorted((one, other) => one.id - other.id),
    taxes: order.taxes
      .map((tax) => ({
        name: tax.name,
        rate: plain(tax.rate),
        amount: plain(tax.line_amount),
        lineId: tax.order_product_id,
        of: tax.line_item_type,
      }))
      .toSorted((one, other) => (one.lineId ?? 0) - (other.lineId ?? 0) || byText(one.of, other.of) || byText(one.name, other.name)),
    billing: addressOf(billing),
    shipTo: { country: shipTo.country_iso2, state: shipTo.state },
  };
}

/** In place of an order that cannot be read: it is blocked with the reason, and the others go on. */
export function unreadableOrder(orderId: number, { storeHash, problem }: { storeHash: string; problem: string }): OrderPayload {
  const nobody = { first_name: '', last_name: '', company: '', street_1: '', street_2: '', city: '', state: '', zip: '' };
  const nothing = { total: '0', totalTax: '0', storeCredit: '0', giftCertificate: '0', refunded: '0', charges: [], lines: [], taxes: [] };
  return {
    orderId,
    problem,
    storeHash,
    statusId: -1,
    createdAt: '',
    customerId: 0,
    currency: '',
    channelId: 0,
    paymentMethod: '',
    ...nothing,
    billing: { ...nobody, country_iso2: '', email: '' },
    shipTo: { country: '', state: '' },
  };
}

function chargesOf(order: Order): OrderCharge[] {
  const charges = [
    ...shippingOf(order),
    chargeOf('handling', null, [order.handling_cost_inc_tax, order.handling_cost_tax]),
    ...wrappingOf(order),
    ...order.fees.map((fee) => ({
      ...chargeOf('fee', fee.id, [fee.cost_inc_tax, fee.cost_tax]),
      name: fee.display_name_merchant || 'Fee',
    })),
  ];
  return charges.filter(({ gross, tax }) => gross !== '0' || tax !== '0');
}

const chargeNames = { shipping: 'Shipping', handling: 'Handling', wrapping: 'Gift wrapping', fee: 'Fee' } as const;

function chargeOf(kind: OrderCharge['kind'], id: number | null, [gross, tax]: readonly [string, string]): OrderCharge {
  return { id, kind, name: chargeNames[kind], gross: plain(gross), tax: plain(tax) };
}

/** By address where there are several: each is refunded by itself. */
function shippingOf({ shipping_addresses: addresses, shipping_cost_inc_tax, shipping_cost_tax }: Order): OrderCharge[] {
  const whole = chargeOf('shipping', null, [shipping_cost_inc_tax, shipping_cost_tax]);
  return dividedOr(
    whole,
    addresses.map(({ id, cost_inc_tax, cost_tax }) => chargeOf('shipping', id, [cost_inc_tax, cost_tax])),
  );
}

/** By line where several are wrapped. */
function wrappingOf({ products, wrapping_cost_inc_tax, wrapping_cost_tax }: Order): OrderCharge[] {
  const whole = chargeOf('wrapping', null, [wrapping_cost_inc_tax, wrapping_cost_tax]);
  const each = products
    .toSorted((one, other) => one.id - other.id)
    .map(({ id, wrapping_cost_inc_tax: gross, wrapping_cost_ex_tax: net }) =>
      chargeOf('wrapping', id, [gross, subtractAmounts(plain(gross), plain(net))]),
    );
  return dividedOr(
    whole,
    each.filter(({ gross }) => gross !== '0'),
  );
}

/** The parts, where there are several and they are surely what the whole says. */
function dividedOr(whole: OrderCharge, parts: OrderCharge[]): OrderCharge[] {
  const isWhole = (of: 'gross' | 'tax'): boolean => compareAmounts(addAmounts('0', ...parts.map((part) => part[of])), whole[of]) === 0;
  return parts.length > 1 && isWhole('gross') && isWhole('tax') ? parts : [whole];
}

function lineOf(line: OrderLine, categories: ReadonlyMap<number, string[]>): OrderPayloadLine {
  return {
    id: line.id,
    productId: line.product_id,
    sku: line.sku,
    name: line.name,
    type: line.type,
    brand: line.brand,
    category: categories.get(line.product_id)?.[0] ?? '',
    quantity: line.quantity,
    listed: plain(line.total_inc_tax),
    paid: plain(line.discounted_total_inc_tax),
    listedTax: plain(line.total_tax),
  };
}

function addressOf(address: OrderAddress): PayloadAddress {
  const { first_name, last_name, company, street_1, street_2, city, state, zip, country_iso2, email } = address;
  return { first_name, last_name, company, street_1, street_2, city, state, zip, country_iso2, email };
}

// In the same order on every machine, whatever its language: the payload is compared.
function byText(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function isoSeconds(date: string): string {
  const ms = parseStoreDate(date);
  return ms === undefined ? '' : new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

function plain(amount: string): Amount {
  return addAmounts(amount === '' ? '0' : amount);
}
