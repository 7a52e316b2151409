import { data, json } from '../answers.ts';
import { customerRoutes } from './customers.ts';
import { catalogRoutes } from './catalog.ts';
import { hookRoutes } from './hooks.ts';
import { inventoryRoutes } from './inventory.ts';
import { metafieldRoutes } from './metafields.ts';
import { orderRoutes } from './orders.ts';
import { priceListRoutes } from './price-lists.ts';
import { refundRoutes } from './refunds.ts';
import type { Route } from './route.ts';
import { shipmentRoutes } from './shipments.ts';

/** facts/bigcommerce.md 1 */
const infoRoutes: Route[] = [
  { method: 'GET', path: '/v2/time', answer: ({ store }) => json({ time: Math.floor(store.now() / 1000) }) },
  {
    method: 'GET',
    path: '/v2/store',
    scopes: ['store_v2_information_read_only'],
    answer: ({ store: { identity } }) =>
      json({
        id: identity.storeHash,
        store_id: Number(identity.storeId),
        account_uuid: '6ed4a1a6-0000-4000-8000-000000000001',
        domain: 'shop.nordlicht.example',
        secure_url: 'https://shop.nordlicht.example',
        name: 'Nordlicht Handel',
        first_name: 'Änne',
        last_name: 'Größer',
        address: 'Speicherstadt 12, 20457 Hamburg',
        country: 'Germany',
        country_code: 'DE',
        phone: '',
        admin_email: 'shop@nordlicht.example',
        order_email: 'shop@nordlicht.example',
        language: 'de',
        currency: identity.currency,
        currency_symbol: '€',
        decimal_separator: '.',
        thousands_separator: ',',
        decimal_places: 2,
        weight_units: 'KGS',
        dimension_units: 'Centimeters',
        is_price_entered_with_tax: true,
        timezone: {
          name: 'Europe/Berlin',
          raw_offset: 3600,
          dst_offset: 7200,
          dst_correction: true,
          date_format: { display: 'd.m.Y', export: 'd.m.Y', extended_display: 'd.m.Y H:i' },
        },
        plan_name: 'Pro Plan',
        plan_level: 'Pro',
        plan_is_trial: false,
        industry: 'Tools',
        status: 'live',
        default_channel_id: 1,
        default_site_id: 1000,
        features: {},
      }),
  },
  {
    method: 'GET',
    path: '/v3/channels',
    scopes: ['store_channel_settings_read_only', 'store_v2_information_read_only'],
    answer: () => data([{ id: 1, name: 'Nordlicht Handel', type: 'storefront', platform: 'bigcommerce', status: 'active' }]),
  },
];

export const routes: Route[] = [
  ...infoRoutes,
  ...orderRoutes,
  ...shipmentRoutes,
  ...refundRoutes,
  ...metafieldRoutes,
  ...customerRoutes,
  ...catalogRoutes,
  ...priceListRoutes,
  ...inventoryRoutes,
  ...hookRoutes,
];
