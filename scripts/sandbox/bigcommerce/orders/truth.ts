import { fourDecimals, sum, units, type Units } from '../money.ts';
import type { OrderRow, RefundRow, StoreState } from '../state.ts';

/** What an order amounts to, as decimal texts with four places. Counted here from the rows alone, in whole ten-thousandths. */
export interface OrderTruth {
  orderId: number;
  customerId: number;
  statusId: number;
  isDeleted: boolean;
  currency: string;
  isTaxInclusive: boolean;
  lines: number;
  /** After discounts: lines, shipping, handling, wrapping and fees by their rates (`19.0000`, `6.2500+1.2500`, `0.0000`); without gift certificates sold. */
  netByRate: Record<string, string>;
  taxByRate: Record<string, string>;
  /** Of the lines alone, after discounts, without gift certificates sold. */
  linesNet: string;
  shippingNet: string;
  handlingNet: string;
  wrappingNet: string;
  feesNet: string;
  tax: string;
  manualDiscount: string;
  couponDiscount: string;
  giftCertificatesSold: string;
  giftCertificatesRedeemed: string;
  storeCredit: string;
  /** Gross, before tenders: `total_inc_tax`. */
  total: string;
  refunds: RefundTruth[];
}

export interface RefundTruth {
  refundId: number;
  total: string;
  tax: string;
  /** Money that went back, without what was declined. */
  paid: string;
}

/** Of every order, by id. */
export function truthOfStore({ orders, refunds }: StoreState): OrderTruth[] {
  const all = [...refunds.values()];
  return [...orders.values()].map((order) =>
    truthOf(
      order,
      all.filter((refund) => refund.order_id === order.header.id),
    ),
  );
}

export function truthOf(order: OrderRow, refunds: readonly RefundRow[]): OrderTruth {
  const { header } = order;
  const amount = (field: string): Units => units(String(header[field]));
  const pieces = piecesOf(order);
  const goods = pieces.filter((one) => !one.isGiftCertificate);
  const netOf = (kind: Piece['kind']): string => fourDecimals(sum(goods.filter((one) => one.kind === kind).map(({ net }) => net)));
  return {
    orderId: header.id,
    customerId: header.customer_id,
    statusId: header.status_id,
    isDeleted: header.is_deleted,
    currency: header.default_currency_code,
    isTaxInclusive: header['is_tax_inclusive_pricing'] === true,
    lines: order.products.length,
    netByRate: byRate(goods, ({ net }) => net),
    taxByRate: byRate(goods, ({ tax }) => tax),
    linesNet: netOf('item'),
    shippingNet: netOf('shipping'),
    handlingNet: netOf('handling'),
    wrappingNet: netOf('gift-wrapping'),
    feesNet: netOf('fee'),
    tax: fourDecimals(sum(pieces.map(({ tax }) => tax))),
    manualDiscount: fourDecimals(amount('discount_amount')),
    couponDiscount: fourDecimals(amount('coupon_discount')),
    giftCertificatesSold: fourDecimals(sum(pieces.filter((one) => one.isGiftCertificate).map(({ gross }) => gross))),
    giftCertificatesRedeemed: fourDecimals(amount('gift_certificate_amount')),
    storeCredit: fourDecimals(amount('store_credit_amount')),
    total: fourDecimals(sum(pieces.map(({ gross }) => gross))),
    refunds: refunds.map((refund) => ({
      refundId: refund.id,
      total: fourDecimals(units(refund.total_amount)),
      tax: fourDecimals(units(refund.total_tax)),
      paid: fourDecimals(sum(refund.payments.filter((one) => !one.is_declined).map((one) => units(one.amount)))),
    })),
  };
}

interface Piece {
  kind: 'item' | 'gift-wrapping' | 'shipping' | 'handling' | 'fee';
  isGiftCertificate: boolean;
  rates: string;
  gross: Units;
  tax: Units;
  net: Units;
}

/** Each thing that was paid for, with the taxes that the store counted on it. */
function piecesOf({ products, shippingAddresses, taxes, fees }: OrderRow): Piece[] {
  const piece = (kind: Piece['kind'], gross: Units, key: { line?: number; address?: number }, isGiftCertificate = false): Piece => {
    const rows = taxes.filter(
      (row) =>
        row.line_item_type === kind &&
        (key.line === undefined ? row['order_address_id'] === key.address : row.order_product_id === key.line),
    );
    const tax = sum(rows.map((row) => units(row.line_amount)));
    return { kind, isGiftCertificate, rates: rows.map((row) => row.rate).join('+') || '0.0000', gross, tax, net: gross - tax };
  };
  return [
    ...products.flatMap((line) => [
      piece('item', units(line.discounted_total_inc_tax), { line: line.id }, line.type === 'giftcertificate'),
      ...(units(line.wrapping_cost_inc_tax) === 0n ? [] : [piece('gift-wrapping', units(line.wrapping_cost_inc_tax), { line: line.id })]),
    ]),
    ...shippingAddresses.flatMap((address) => [
      piece('shipping', units(String(address['cost_inc_tax'])), { address: address.id }),
      ...(units(String(address['handling_cost_inc_tax'])) === 0n
        ? []
        : [piece('handling', units(String(address['handling_cost_inc_tax'])), { address: address.id })]),
    ]),
    // A plan has one fee at most, so its taxes are all taxes of fees.
    ...fees.map((fee) => {
      const rates = taxes.filter((row) => row.line_item_type === 'fee').map((row) => row.rate);
      const [gross, tax] = [units(fee.cost_inc_tax), units(fee.cost_tax)];
      return { kind: 'fee' as const, isGiftCertificate: false, rates: rates.join('+') || '0.0000', gross, tax, net: gross - tax };
    }),
  ];
}

function byRate(pieces: Piece[], value: (piece: Piece) => Units): Record<string, string> {
  const sums: Record<string, Units> = {};
  for (const piece of pieces) sums[piece.rates] = (sums[piece.rates] ?? 0n) + value(piece);
  return Object.fromEntries(Object.entries(sums).map(([rate, amount]) => [rate, fourDecimals(amount)]));
}
