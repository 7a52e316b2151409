import { apportion, decimalsOf, fourDecimals, proportion, roundUnits, sum, type Units } from '../money.ts';
import type { LineRow, OrderRow, Row, TaxRow } from '../state.ts';
import type { DestinationPlan, LinePlan, OrderPlan, TaxPlan } from './plan.ts';

export type ComposedOrder = Pick<OrderRow, 'products' | 'shippingAddresses' | 'coupons' | 'taxes' | 'fees'> & { amounts: Row };

/**
 * Lines, addresses, taxes and totals of a plan. Every sum is consistent (facts/bigcommerce.md 6.3): the lines' `discounted_total_inc_tax`,
 * shipping, handling, wrapping and fees make `total_inc_tax`, and the detailed taxes make `total_tax`.
 */
export function composeOrder(plan: OrderPlan): ComposedOrder {
  const decimals = decimalsOf(plan.currency);
  const split = (amount: Units, taxes: TaxPlan[]): Split => splitTax({ amount, taxes, isInclusive: plan.isTaxInclusive, decimals });
  const taxes: TaxRow[] = [];
  const note = (parts: Split, more: Pick<TaxRow, 'line_item_type' | 'order_product_id'> & { order_address_id: number }): Split => {
    for (const { tax, amount } of parts.taxes) taxes.push(taxRow({ plan, tax, amount, number: taxes.length, more }));
    return parts;
  };

  const addressId = (index: number): number => plan.destinations[index]?.id ?? 0;
  const gross = plan.lines.map((line) => line.price * BigInt(line.quantity));
  const weights = plan.lines.map((line, at) => (line.type === 'giftcertificate' ? 0n : (gross[at] ?? 0n)));
  const coupons = plan.coupons.map((coupon) => ({ coupon, parts: apportion(coupon.discount, weights, decimals) }));
  const manual = apportion(plan.manualDiscount, weights, decimals);

  const lines = plan.lines.map((line, at) => {
    const discounts = [
      ...coupons.map(({ coupon, parts }) => ({ id: 'coupon', amount: parts[at] ?? 0n, name: `Coupon ${coupon.code}`, code: coupon.code })),
      { id: 'manual-discount', amount: manual[at] ?? 0n, name: 'Manual Discount', code: null },
    ].filter(({ amount }) => amount !== 0n);
    const before = split(gross[at] ?? 0n, line.taxes);
    const where = { order_product_id: line.id, order_address_id: addressId(line.destination) };
    const after = note(split((gross[at] ?? 0n) - sum(discounts.map(({ amount }) => amount)), line.taxes), {
      ...where,
      line_item_type: 'item',
    });
    const wrapping = note(split(line.wrapping, line.wrapping === 0n ? [] : line.taxes), { ...where, line_item_type: 'gift-wrapping' });
    return { before, after, wrapping, row: lineRow({ plan, line, before, after, wrapping, discounts }) };
  });
  const destinations = plan.destinations.map((one) => {
    const where = { order_product_id: null, order_address_id: one.id };
    const shipping = note(split(one.cost, one.cost === 0n ? [] : one.taxes), { ...where, line_item_type: 'shipping' });
    const handling = note(split(one.handling, one.handling === 0n ? [] : one.taxes), { ...where, line_item_type: 'handling' });
    return { shipping, handling, row: addressRow(plan, one, { shipping, handling }) };
  });
  const fees = plan.fees.map((fee) => {
    const parts = note(split(fee.cost, fee.taxes), { order_product_id: null, order_address_id: addressId(0), line_item_type: 'fee' });
    return { parts, row: feeRow(fee, parts) };
  });

  const subtotal = add(lines.map(({ before }) => before));
  const shipping = add(destinations.map((one) => one.shipping));
  const handling = add(destinations.map((one) => one.handling));
  const wrapping = add(lines.map((one) => one.wrapping));
  const total = add([...lines.map(({ after }) => after), shipping, handling, wrapping, ...fees.map(({ parts }) => parts)]);
  const base = (parts: Split): string => fourDecimals(plan.isTaxInclusive ? parts.inc : parts.ex);
  return {
    products: lines.map(({ row }) => row),
    shippingAddresses: destinations.map(({ row }) => row),
    coupons: plan.coupons.map((coupon) => couponRow(plan, coupon)),
    taxes,
    fees: fees.map(({ row }) => row),
    amounts: {
      ...amounts('subtotal', subtotal),
      base_shipping_cost: base(shipping),
      ...amounts('shipping_cost', shipping),
      shipping_cost_tax_class_id: 2,
      base_handling_cost: base(handling),
      ...amounts('handling_cost', handling),
      handling_cost_tax_class_id: 2,
      base_wrapping_cost: base(wrapping),
      ...amounts('wrapping_cost', wrapping),
      wrapping_cost_tax_class_id: 3,
      ...amounts('total', total),
      discount_amount: fourDecimals(plan.manualDiscount),
      coupon_discount: fourDecimals(sum(plan.coupons.map(({ discount }) => discount))),
      gift_certificate_amount: fourDecimals(plan.giftCertificate),
      store_credit_amount: fourDecimals(plan.storeCredit),
      items_total: plan.lines.reduce((count, { quantity }) => count + quantity, 0),
      shipping_address_count: plan.destinations.length,
      order_is_digital: plan.destinations.length === 0,
      is_tax_inclusive_pricing: plan.isTaxInclusive,
    },
  };
}

interface Split {
  ex: Units;
  inc: Units;
  taxes: { tax: TaxPlan; amount: Units }[];
}

/** Net, gross and each tax of an amount that contains them or not, rounded to the currency per tax. */
function splitTax({
  amount,
  taxes,
  isInclusive,
  decimals,
}: {
  amount: Units;
  taxes: TaxPlan[];
  isInclusive: boolean;
  decimals: number;
}): Split {
  const rates = sum(taxes.map(({ rate }) => rate));
  const parts = taxes.map((tax) => ({
    tax,
    amount: proportion({ of: amount, times: tax.rate, by: 1_000_000n + (isInclusive ? rates : 0n), decimals }),
  }));
  const tax = sum(parts.map((one) => one.amount));
  return isInclusive ? { ex: amount - tax, inc: amount, taxes: parts } : { ex: amount, inc: amount + tax, taxes: parts };
}

function add(parts: Split[]): Split {
  return { ex: sum(parts.map(({ ex }) => ex)), inc: sum(parts.map(({ inc }) => inc)), taxes: [] };
}

/** `<name>_ex_tax`, `<name>_inc_tax`, `<name>_tax`. */
function amounts(name: string, { ex, inc }: Pick<Split, 'ex' | 'inc'>): Row {
  return { [`${name}_ex_tax`]: fourDecimals(ex), [`${name}_inc_tax`]: fourDecimals(inc), [`${name}_tax`]: fourDecimals(inc - ex) };
}

interface LineParts {
  plan: OrderPlan;
  line: LinePlan;
  before: Split;
  after: Split;
  wrapping: Split;
  discounts: { id: string; amount: Units; name: string; code: string | null }[];
}

function lineRow({ plan, line, before, after, wrapping, discounts }: LineParts): LineRow {
  const one = splitTax({ amount: line.price, taxes: line.taxes, isInclusive: plan.isTaxInclusive, decimals: 4 });
  const parent = line.bundle === undefined ? undefined : plan.lines[line.bundle];
  return {
    id: line.id,
    order_id: plan.id,
    product_id: line.productId,
    variant_id: line.variantId,
    order_address_id: plan.destinations[line.destination]?.id ?? 0,
    order_pickup_method_id: 0,
    name: line.name,
    name_customer: line.name,
    name_merchant: line.name,
    sku: line.sku,
    upc: '',
    type: line.type,
    brand: line.brand,
    base_price: fourDecimals(line.price),
    ...amounts('price', one),
    base_total: fourDecimals(line.price * BigInt(line.quantity)),
    ...amounts('total', before),
    total_ex_tax: fourDecimals(before.ex),
    total_inc_tax: fourDecimals(before.inc),
    discounted_total_inc_tax: fourDecimals(after.inc),
    weight: line.type === 'physical' ? '1.2000' : '0.0000',
    width: '0.0000',
    height: '0.0000',
    depth: '0.0000',
    quantity: line.quantity,
    base_cost_price: '0.0000',
    ...amounts('cost_price', { ex: 0n, inc: 0n }),
    is_refunded: false,
    quantity_refunded: 0,
    refund_amount: '0.0000',
    return_id: 0,
    wrapping_id: line.wrapping === 0n ? 0 : 1,
    wrapping_name: line.wrapping === 0n ? '' : 'Geschenkpapier',
    wrapping_message: '',
    base_wrapping_cost: fourDecimals(line.wrapping),
    ...amounts('wrapping_cost', wrapping),
    wrapping_cost_ex_tax: fourDecimals(wrapping.ex),
    wrapping_cost_inc_tax: fourDecimals(wrapping.inc),
    quantity_shipped: 0,
    event_name: null,
    event_date: '',
    fixed_shipping_cost: '0.0000',
    ebay_item_id: '',
    ebay_transaction_id: '',
    option_set_id: null,
    parent_order_product_id: parent?.id ?? null,
    is_bundled_product: parent !== undefined,
    bin_picking_number: '',
    external_id: null,
    gift_certificate_id: line.type === 'giftcertificate' ? line.id : null,
    applied_discounts: discounts.map(({ amount, ...discount }) => ({ ...discount, amount: fourDecimals(amount), target: 'order' })),
    product_options: [],
    configurable_fields: [],
  };
}

function addressRow(
  plan: OrderPlan,
  one: DestinationPlan,
  { shipping, handling }: { shipping: Split; handling: Split },
): Row & { id: number } {
  const at = plan.destinations.indexOf(one);
  const quotes = `/orders/${plan.id}/shippingaddresses/${one.id}/shippingquotes`;
  return {
    id: one.id,
    order_id: plan.id,
    ...one.address,
    items_total: plan.lines.filter(({ destination }) => destination === at).reduce((count, { quantity }) => count + quantity, 0),
    items_shipped: 0,
    shipping_method: one.method,
    base_cost: fourDecimals(one.cost),
    ...amounts('cost', shipping),
    cost_tax_class_id: 2,
    base_handling_cost: fourDecimals(one.handling),
    ...amounts('handling_cost', handling),
    handling_cost_tax_class_id: 2,
    shipping_zone_id: 1,
    shipping_zone_name: one.address.country,
    shipping_quotes: { url: quotes, resource: quotes },
    form_fields: [],
  };
}

function couponRow(plan: OrderPlan, coupon: OrderPlan['coupons'][number]): Row {
  const { id, code, type } = coupon;
  const { amount, discount } = { amount: fourDecimals(coupon.amount), discount: fourDecimals(roundUnits(coupon.discount, 4)) };
  return { id, coupon_id: 1, order_id: plan.id, code, amount, type, discount };
}

function feeRow(fee: OrderPlan['fees'][number], parts: Split): OrderRow['fees'][number] {
  const cost_ex_tax = fourDecimals(parts.ex);
  const cost_inc_tax = fourDecimals(parts.inc);
  return {
    id: fee.id,
    type: 'custom_fee',
    display_name_customer: fee.name,
    display_name_merchant: fee.name,
    source: 'AA',
    base_cost: fourDecimals(fee.cost),
    cost_ex_tax,
    cost_inc_tax,
    cost_tax: fourDecimals(parts.inc - parts.ex),
    tax_class_id: 0,
  };
}

interface TaxParts {
  plan: OrderPlan;
  tax: TaxPlan;
  amount: Units;
  number: number;
  more: Pick<TaxRow, 'line_item_type' | 'order_product_id'> & { order_address_id: number };
}

function taxRow({ plan, tax, amount, number, more }: TaxParts): TaxRow {
  return {
    id: plan.id * 10_000 + number,
    order_id: plan.id,
    tax_rate_id: 1,
    sales_tax_id: 1,
    tax_class_id: tax.classId,
    name: tax.name,
    class: tax.className,
    rate: fourDecimals(tax.rate),
    priority: 1,
    priority_amount: fourDecimals(amount),
    line_amount: fourDecimals(amount),
    order_pickup_method_id: 0,
    ...more,
  };
}
