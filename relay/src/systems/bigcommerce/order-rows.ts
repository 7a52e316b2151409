import { SystemError } from '@ml-connector/shared';
import { z } from 'zod';
import {
  amount,
  amountOrNull,
  essentialAmount,
  essentialText,
  flag,
  id,
  idOrNull,
  integer,
  isRow,
  list,
  part,
  readRow,
  text,
} from './fields.ts';
import type { OrderCoupon, OrderFee, OrderHeader, OrderLine, OrderStatus, OrderTax, Shipment, ShippingAddress } from './types.ts';

const address = {
  first_name: text,
  last_name: text,
  company: text,
  street_1: text,
  street_2: text,
  city: text,
  state: text,
  zip: text,
  country: text,
  country_iso2: text,
  phone: text,
  email: text,
};

const header = z.object({
  id,
  customer_id: integer,
  status_id: id,
  date_created: text,
  date_modified: text,
  default_currency_code: text,
  store_default_currency_code: text,
  currency_code: text,
  store_default_to_transactional_exchange_rate: amountOrNull.transform((rate) => rate ?? '1.0000000000'),
  total_inc_tax: amountOrNull.transform((total) => total ?? ''),
  total_ex_tax: amountOrNull.transform((total) => total ?? ''),
  total_tax: amountOrNull.transform((total) => total ?? ''),
  subtotal_inc_tax: amount,
  subtotal_ex_tax: amount,
  shipping_cost_inc_tax: amount,
  shipping_cost_ex_tax: amount,
  shipping_cost_tax: amount,
  handling_cost_inc_tax: amount,
  handling_cost_ex_tax: amount,
  handling_cost_tax: amount,
  wrapping_cost_inc_tax: amount,
  wrapping_cost_ex_tax: amount,
  wrapping_cost_tax: amount,
  discount_amount: amount,
  coupon_discount: amount,
  store_credit_amount: amount,
  gift_certificate_amount: amount,
  is_tax_inclusive_pricing: flag,
  is_deleted: flag,
  order_is_digital: flag,
  payment_method: text,
  payment_status: text,
  payment_provider_id: text,
  channel_id: integer,
  order_source: text,
  external_order_id: text,
  customer_locale: text,
  staff_notes: text,
  customer_message: text,
  tax_provider_id: text,
  billing_address: part(address),
});

const line = z.object({
  id,
  product_id: integer,
  variant_id: integer,
  order_address_id: integer,
  name: text,
  sku: text,
  type: text,
  quantity: id,
  price_ex_tax: amount,
  price_inc_tax: amount,
  price_tax: amount,
  total_ex_tax: essentialAmount,
  total_inc_tax: essentialAmount,
  total_tax: amount,
  discounted_total_inc_tax: essentialAmount,
  is_refunded: flag,
  quantity_refunded: integer,
  wrapping_cost_ex_tax: amount,
  wrapping_cost_inc_tax: amount,
  parent_order_product_id: idOrNull,
  brand: text,
  applied_discounts: list(z.object({ id: text, amount, name: text, code: text.transform((code) => code || null), target: text })),
});

const shippingAddress = z.object({ ...address, id, shipping_method: text, cost_ex_tax: amount, cost_inc_tax: amount, cost_tax: amount });

const coupon = z.object({ id, code: text, type: integer, amount, discount: amount });

const tax = z.object({
  id,
  order_address_id: integer,
  tax_class_id: integer,
  name: text,
  class: text,
  rate: essentialAmount,
  priority: integer,
  priority_amount: amount,
  line_amount: essentialAmount,
  order_product_id: idOrNull,
  line_item_type: text,
});

const fee = z.object({
  id,
  type: text,
  display_name_merchant: text,
  cost_ex_tax: essentialAmount,
  cost_inc_tax: essentialAmount,
  cost_tax: amount,
  tax_class_id: integer,
});

const shipment = z.object({
  id,
  order_id: id,
  order_address_id: integer,
  date_created: text,
  tracking_number: text,
  shipping_method: text,
  shipping_provider: text,
  tracking_carrier: text,
  comments: text,
  items: list(z.object({ order_product_id: id, product_id: integer, quantity: id })),
});

const status = z.object({ id, name: essentialText });

/** Of a list: what a posting needs beyond is asked for when the order itself is read. */
export function toOrderHeader(row: unknown): OrderHeader {
  return readRow(header, row, `order ${nameOf(row)}`);
}

/** Of an order that is to be posted: no amount and no currency may be missing. */
export function toWholeOrderHeader(row: unknown): OrderHeader {
  const order = toOrderHeader(row);
  const isMissing = (['total_inc_tax', 'total_ex_tax', 'total_tax', 'default_currency_code'] as const).filter((name) => order[name] === '');
  if (isMissing.length > 0)
    throw new SystemError('BIGCOMMERCE_ROW_UNREADABLE', 'refused', `order ${order.id}: the store sent no ${isMissing.join(', ')}`, {
      fix: 'Look at the order in the store; if it looks right there, this is a defect of the relay.',
    });
  return order;
}

export function toOrderLine(row: unknown, orderId: number): OrderLine {
  return readRow(line, row, `order ${orderId}, line ${nameOf(row)}`);
}

export function toShippingAddress(row: unknown, orderId: number): ShippingAddress {
  return readRow(shippingAddress, row, `order ${orderId}, shipping address ${nameOf(row)}`);
}

export function toOrderCoupon(row: unknown, orderId: number): OrderCoupon {
  return readRow(coupon, row, `order ${orderId}, coupon ${nameOf(row)}`);
}

export function toOrderTax(row: unknown, orderId: number): OrderTax {
  return readRow(tax, row, `order ${orderId}, tax ${nameOf(row)}`);
}

/** Examples of the vendor misspell `cost_exc_tax` (facts/bigcommerce.md 6.4). */
export function toOrderFee(row: unknown, orderId: number): OrderFee {
  const spelt = isRow(row) ? { ...row, cost_ex_tax: row['cost_ex_tax'] ?? row['cost_exc_tax'] } : row;
  return readRow(fee, spelt, `order ${orderId}, fee ${nameOf(row)}`);
}

export function toShipment(row: unknown, orderId: number): Shipment {
  return readRow(shipment, row, `order ${orderId}, shipment ${nameOf(row)}`);
}

export function toOrderStatus(row: unknown): OrderStatus {
  return readRow(status, row, `order status ${nameOf(row)}`);
}

function nameOf(row: unknown): string {
  return isRow(row) && typeof row['id'] === 'string' ? row['id'] : 'without an id';
}
