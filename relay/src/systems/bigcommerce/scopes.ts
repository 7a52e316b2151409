/** What an API account must be allowed, by the OAuth parameter, with the words of the control panel (facts/bigcommerce.md 1). */
export const scopeLabels = {
  store_v2_information_read_only: 'Information & settings: read-only',
  store_v2_orders_read_only: 'Orders: read-only',
  store_v2_orders: 'Orders: modify',
  store_v2_customers_read_only: 'Customers: read-only',
  store_v2_customers: 'Customers: modify',
  store_v2_products_read_only: 'Products: read-only',
  store_v2_products: 'Products: modify',
  store_inventory_read_only: 'Store inventory: read-only',
  store_inventory: 'Store inventory: modify',
  store_locations_read_only: 'Store locations: read-only',
  store_v2_default: 'the scope that every API account has',
} as const;

export type OAuthScope = keyof typeof scopeLabels;

/** `"Orders: modify" (store_v2_orders)`. */
export function nameOfScope(scope: OAuthScope): string {
  return scope === 'store_v2_default' ? scopeLabels[scope] : `"${scopeLabels[scope]}" (${scope})`;
}
