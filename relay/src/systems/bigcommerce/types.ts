import type { CallScope } from '../system.ts';

/**
 * One BigCommerce store (facts/bigcommerce.md). Errors carry the verdict of the judge: reads and idempotent writes `retry`, other writes whose
 * answer was lost `uncertain`. Amounts of v2 are the texts that the store sent; those of v3, which are JSON numbers, are kept digit by digit
 * as texts as well.
 */
export interface BigCommerceSession extends AsyncDisposable {
  readonly storeHash: string;
  /** Who and where: name, currency, time zone, plan; remembered for an hour. */
  store(scope: CallScope): Promise<StoreInformation>;
  /** What time it is for the store, in milliseconds since 1970: what it dates its changes by. The relay's own clock may be set otherwise. */
  now(scope: CallScope): Promise<number>;
  readonly orders: BigCommerceOrders;
  readonly refunds: BigCommerceRefunds;
  readonly customers: BigCommerceCustomers;
  readonly products: BigCommerceProducts;
}

export interface StoreInformation {
  name: string;
  /** Of the store; an order may be in another one. */
  currency: string;
  timezone: string;
  planName: string;
  weightUnits: string;
  isPriceEnteredWithTax: boolean;
  defaultChannelId: number | null;
}

/** A span of `date_modified`, in milliseconds since 1970. */
export interface ChangedSince {
  from: number;
  /** Default: now. */
  to?: number;
}

/** A row of a list that cannot be understood; its neighbours go on. */
export interface UnreadableRow {
  /** Undefined where it has none. */
  id: number | undefined;
  /** Names the row and the field. */
  problem: string;
  row: Readonly<Record<string, unknown>>;
}

export type OnUnreadable = (row: UnreadableRow) => void;

/** Who reads a list and wants to be told of its broken rows, perhaps more than once of each; else the first one fails the reading. */
export interface Broken {
  unreadable?: OnUnreadable;
}

export interface BigCommerceOrders {
  /** Headers only, oldest change first, page by page; a change during the read can repeat an order, never hide one. */
  changed(since: ChangedSince & Broken, scope: CallScope): AsyncGenerator<OrderHeader[], void, void>;
  /** Created within the span. */
  created(span: { from: number; to: number } & Broken, scope: CallScope): AsyncGenerator<OrderHeader[], void, void>;
  /** Header alone, by one call; undefined where the store has no such order. */
  header(orderId: number, scope: CallScope): Promise<OrderHeader | undefined>;
  /** Header with everything that hangs on it, all pages of it; undefined where the store has no such order. */
  get(orderId: number, scope: CallScope): Promise<Order | undefined>;
  shipments(orderId: number, scope: CallScope, broken?: Broken): Promise<Shipment[]>;
  statuses(scope: CallScope): Promise<OrderStatus[]>;
  /** One of our metafields on an order, or undefined. */
  metafield(orderId: number, key: MetafieldKey, scope: CallScope): Promise<string | undefined>;
  /** Writes it, whatever was there; repeating it changes nothing. */
  setMetafield(orderId: number, key: MetafieldKey, value: string, scope: CallScope): Promise<void>;
}

export interface MetafieldKey {
  namespace: string;
  key: string;
}

export interface OrderStatus {
  id: number;
  name: string;
}

/** Names and texts as the vendor writes them (facts/bigcommerce.md 6.2); only what somebody reads. Amounts are decimal texts. */
export interface OrderHeader {
  id: number;
  /** 0: a guest. */
  customer_id: number;
  status_id: number;
  date_created: string;
  date_modified: string;
  /** ISO 4217, of the amounts. */
  default_currency_code: string;
  store_default_currency_code: string;
  currency_code: string;
  /** Of the store's currency to the transactional one; `1.0000000000` in stores with one currency. */
  store_default_to_transactional_exchange_rate: string;
  total_inc_tax: string;
  total_ex_tax: string;
  total_tax: string;
  subtotal_inc_tax: string;
  subtotal_ex_tax: string;
  shipping_cost_inc_tax: string;
  shipping_cost_ex_tax: string;
  shipping_cost_tax: string;
  handling_cost_inc_tax: string;
  handling_cost_ex_tax: string;
  handling_cost_tax: string;
  wrapping_cost_inc_tax: string;
  wrapping_cost_ex_tax: string;
  wrapping_cost_tax: string;
  /** Manual discount. */
  discount_amount: string;
  coupon_discount: string;
  store_credit_amount: string;
  gift_certificate_amount: string;
  is_tax_inclusive_pricing: boolean;
  is_deleted: boolean;
  order_is_digital: boolean;
  payment_method: string;
  payment_status: string;
  payment_provider_id: string;
  channel_id: number;
  order_source: string;
  external_order_id: string;
  customer_locale: string;
  staff_notes: string;
  customer_message: string;
  tax_provider_id: string;
  billing_address: OrderAddress;
}

export interface OrderAddress {
  first_name: string;
  last_name: string;
  company: string;
  street_1: string;
  street_2: string;
  city: string;
  /** The full name, not a code. */
  state: string;
  zip: string;
  country: string;
  country_iso2: string;
  phone: string;
  email: string;
}

export interface Order extends OrderHeader {
  products: OrderLine[];
  shipping_addresses: ShippingAddress[];
  coupons: OrderCoupon[];
  taxes: OrderTax[];
  fees: OrderFee[];
}

export interface OrderLine {
  id: number;
  /** 0: a custom item. */
  product_id: number;
  variant_id: number;
  order_address_id: number;
  name: string;
  /** May be empty. */
  sku: string;
  /** `physical`, `digital`, `giftcertificate`. */
  type: string;
  quantity: number;
  price_ex_tax: string;
  price_inc_tax: string;
  price_tax: string;
  /** Before discounts. */
  total_ex_tax: string;
  total_inc_tax: string;
  total_tax: string;
  /** What the shopper paid for the line: every discount deducted, tax included. */
  discounted_total_inc_tax: string;
  is_refunded: boolean;
  quantity_refunded: number;
  wrapping_cost_ex_tax: string;
  wrapping_cost_inc_tax: string;
  /** Set on the children of a bundle. */
  parent_order_product_id: number | null;
  brand: string;
  applied_discounts: { id: string; amount: string; name: string; code: string | null; target: string }[];
}

export interface ShippingAddress extends OrderAddress {
  id: number;
  shipping_method: string;
  cost_ex_tax: string;
  cost_inc_tax: string;
  cost_tax: string;
}

export interface OrderCoupon {
  id: number;
  code: string;
  type: number;
  amount: string;
  discount: string;
}

/** Of `taxes?details=true`. */
export interface OrderTax {
  id: number;
  order_address_id: number;
  tax_class_id: number;
  name: string;
  class: string;
  /** Percent: `19.0000`. */
  rate: string;
  priority: number;
  priority_amount: string;
  line_amount: string;
  order_product_id: number | null;
  /** `item`, `shipping`, `handling`, `gift-wrapping`. */
  line_item_type: string;
}

export interface OrderFee {
  id: number;
  type: string;
  display_name_merchant: string;
  cost_ex_tax: string;
  cost_inc_tax: string;
  cost_tax: string;
  tax_class_id: number;
}

export interface Shipment {
  id: number;
  order_id: number;
  order_address_id: number;
  date_created: string;
  tracking_number: string;
  shipping_method: string;
  shipping_provider: string;
  tracking_carrier: string;
  comments: string;
  items: { order_product_id: number; product_id: number; quantity: number }[];
}

export interface BigCommerceRefunds {
  ofOrder(orderId: number, scope: CallScope): Promise<Refund[]>;
  /** By time of creation, oldest first. */
  created(span: { from: number; to?: number } & Broken, scope: CallScope): AsyncGenerator<Refund[], void, void>;
  get(refundId: number, scope: CallScope): Promise<Refund | undefined>;
}

/** facts/bigcommerce.md 7; amounts as decimal texts. */
export interface Refund {
  id: number;
  order_id: number;
  created: string;
  reason: string;
  /** Gross. */
  total_amount: string;
  /** May be negative. */
  total_tax: string;
  uses_merchant_override_values: boolean;
  items: RefundItem[];
  payments: RefundPayment[];
}

export interface RefundItem {
  /** PRODUCT, GIFT_WRAPPING, SHIPPING, HANDLING, ORDER, FEE. */
  item_type: string;
  item_id: number;
  quantity: number;
  requested_amount: string | null;
  reason: string;
}

export interface RefundPayment {
  id: number;
  provider_id: string;
  amount: string;
  offline: boolean;
  is_declined: boolean;
  declined_message: string;
}

export interface BigCommerceCustomers {
  /** With all addresses, attributes and form fields; by `date_modified`, oldest first. */
  changed(since: ChangedSince & Broken, scope: CallScope): AsyncGenerator<Customer[], void, void>;
  all(scope: CallScope, broken?: Broken): AsyncGenerator<Customer[], void, void>;
  /** Those that the store has; deleted ones are left out. */
  get(customerIds: readonly number[], scope: CallScope, broken?: Broken): Promise<Customer[]>;
  /** The value of the attribute of that name, which is created where the store has none; repeating it changes nothing. */
  setAttribute(customerId: number, attribute: { name: string; value: string }, scope: CallScope): Promise<void>;
}

export interface Customer {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
  company: string;
  phone: string;
  notes: string;
  tax_exempt_category: string;
  customer_group_id: number;
  date_created: string;
  date_modified: string;
  channel_ids: number[] | null;
  addresses: CustomerAddress[];
  attributes: { attribute_id: number; name: string; value: string }[];
  form_fields: { name: string; value: string }[];
}

export interface CustomerAddress {
  id: number;
  first_name: string;
  last_name: string;
  company: string;
  address1: string;
  address2: string;
  city: string;
  state_or_province: string;
  postal_code: string;
  country_code: string;
  phone: string;
  /** `residential`, `commercial`. */
  address_type: string;
}

export interface BigCommerceProducts {
  /** Products and variants by SKU, all that have it; unknown SKUs are left out. */
  bySku(skus: readonly string[], scope: CallScope): Promise<ProductVariant[]>;
  categories(scope: CallScope): Promise<{ id: number; name: string }[]>;
  /** Names of the categories that each product is in, in the store's order; products that the store does not have are left out. */
  categoriesOf(productIds: readonly number[], scope: CallScope): Promise<ReadonlyMap<number, string[]>>;
  create(product: NewProduct, scope: CallScope): Promise<ProductVariant>;
  /** Fields that are left out stay as they are. */
  update(productId: number, change: Partial<NewProduct>, scope: CallScope): Promise<void>;
  updateVariant(
    variant: { productId: number; variantId: number },
    change: { price?: string | null; weight?: string },
    scope: CallScope,
  ): Promise<void>;
  /** Rows by SKU and currency, up to 1,000 a call; answers the rows that the store refused, with its words. The others are saved. */
  setPrices(priceListId: number, rows: readonly PriceRow[], scope: CallScope): Promise<{ sku: string; message: string }[]>;
  prices(priceListId: number, skus: readonly string[], scope: CallScope): Promise<PriceRow[]>;
  priceLists(scope: CallScope): Promise<{ id: number; name: string }[]>;
  /** Absolute stock; repeating it changes nothing. Answers the rows that the store refused. */
  setStock(rows: readonly StockRow[], scope: CallScope): Promise<{ sku: string; message: string }[]>;
  stock(locationId: number, skus: readonly string[], scope: CallScope): Promise<StockRow[]>;
  locations(scope: CallScope): Promise<{ id: number; name: string }[]>;
}

export interface NewProduct {
  sku: string;
  name: string;
  type: 'physical' | 'digital';
  price: string;
  weight: string;
  categories: number[];
  is_visible: boolean;
  description?: string;
  upc?: string;
  gtin?: string;
  mpn?: string;
  inventory_tracking?: 'none' | 'product' | 'variant';
}

export interface ProductVariant {
  productId: number;
  variantId: number;
  sku: string;
  /** Of the product. */
  name: string;
  /** null: the product's price counts. */
  price: string | null;
  /** Of the product, as are description, codes and visibility. */
  productPrice: string;
  description: string;
  upc: string;
  gtin: string;
  mpn: string;
  weight: string;
  isVisible: boolean;
  inventoryTracking: string;
  /** Whether it is the only variant of its product. */
  isBase: boolean;
}

export interface PriceRow {
  sku: string;
  /** ISO 4217, upper case. */
  currency: string;
  price: string;
}

export interface StockRow {
  locationId: number;
  sku: string;
  quantity: number;
}
