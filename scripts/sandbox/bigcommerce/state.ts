import type { OrderPlan } from './orders/plan.ts';

/** A row as it is answered; the fields that the simulator itself reads are named in the types below. */
export type Row = Record<string, unknown>;

/** An order with all that hangs on it. Amounts are texts with four decimals, as v2 writes them. */
export interface OrderRow {
  /** What it was composed from; a change to it composes the amounts anew. */
  plan: OrderPlan;
  header: Row & { id: number; customer_id: number; status_id: number; is_deleted: boolean; default_currency_code: string };
  createdAt: number;
  modifiedAt: number;
  products: LineRow[];
  shippingAddresses: (Row & { id: number })[];
  coupons: Row[];
  taxes: TaxRow[];
  fees: (Row & { id: number; cost_inc_tax: string; cost_ex_tax: string; cost_tax: string })[];
  shipments: ShipmentRow[];
  transactions: Row[];
}

export interface LineRow extends Row {
  id: number;
  product_id: number;
  sku: string;
  type: string;
  order_address_id: number;
  quantity: number;
  quantity_refunded: number;
  quantity_shipped: number;
  total_ex_tax: string;
  total_inc_tax: string;
  discounted_total_inc_tax: string;
  wrapping_cost_ex_tax: string;
  wrapping_cost_inc_tax: string;
  parent_order_product_id: number | null;
}

export interface TaxRow extends Row {
  rate: string;
  line_amount: string;
  order_product_id: number | null;
  line_item_type: string;
}

export interface ShipmentRow extends Row {
  id: number;
  order_id: number;
  order_address_id: number;
  items: { order_product_id: number; product_id: number; quantity: number }[];
}

export interface RefundRow extends Row {
  id: number;
  order_id: number;
  createdAt: number;
  total_amount: number;
  total_tax: number;
  items: { item_type: string; item_id: number; quantity: number; requested_amount: number | null; reason: string; adjustments: [] }[];
  payments: { id: number; provider_id: string; amount: number; offline: boolean; is_declined: boolean; declined_message: string }[];
}

export interface CustomerRow extends Row {
  id: number;
  email: string;
  first_name: string;
  last_name: string;
  company: string;
  createdAt: number;
  modifiedAt: number;
  addresses: CustomerAddressRow[];
  attributes: { id: number; attribute_id: number; attribute_value: string; createdAt: number; modifiedAt: number }[];
  formFields: { name: string; value: string }[];
}

export interface CustomerAddressRow extends Row {
  id: number;
  customer_id: number;
}

export interface MetafieldRow extends Row {
  id: number;
  clientId: string;
  resource_id: number;
  namespace: string;
  key: string;
  value: string;
}

export interface HookRow {
  id: number;
  client_id: string;
  store_hash: string;
  scope: string;
  destination: string;
  headers: Record<string, string> | null;
  is_active: boolean;
  created_at: number;
  updated_at: number;
  /** `deactivated`: by the store, after the last retry or for inactivity. */
  status: 'active' | 'inactive' | 'deactivated';
}

export interface ProductRow extends Row {
  id: number;
  name: string;
  sku: string;
  price: number;
  base_variant_id: number;
  inventory_tracking: string;
  modifiedAt: number;
  variants: VariantRow[];
}

export interface VariantRow extends Row {
  id: number;
  product_id: number;
  sku: string;
  price: number | null;
}

export interface PriceRow extends Row {
  variant_id: number;
  sku: string;
  currency: string;
  price: number;
}

export interface StoreState {
  orders: Map<number, OrderRow>;
  refunds: Map<number, RefundRow>;
  customers: Map<number, CustomerRow>;
  attributes: { id: number; name: string; type: string; createdAt: number; modifiedAt: number }[];
  metafields: Map<number, MetafieldRow>;
  hooks: Map<number, HookRow>;
  hookEmails: string[];
  products: Map<number, ProductRow>;
  categories: { id: number; name: string }[];
  priceLists: { id: number; name: string; records: Map<string, PriceRow> }[];
  locations: { id: number; code: string; label: string }[];
  /** By location and variant: `1/77`. */
  stock: Map<string, number>;
  /** The last id given, by kind. */
  lastIds: Record<string, number>;
}

export function emptyState(): StoreState {
  return {
    orders: new Map(),
    refunds: new Map(),
    customers: new Map(),
    attributes: [],
    metafields: new Map(),
    hooks: new Map(),
    hookEmails: [],
    products: new Map(),
    categories: [],
    priceLists: [],
    locations: [],
    stock: new Map(),
    lastIds: { order: 99, customer: 30, hook: 18_048_286 },
  };
}

export function nextId(state: StoreState, kind: string): number {
  return (state.lastIds[kind] = (state.lastIds[kind] ?? 0) + 1);
}
