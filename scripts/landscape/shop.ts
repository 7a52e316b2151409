import type { BigCommerceProcess } from './bigcommerce-process.ts';
import { setValueMap, type Site, type StateCounts } from './customer.ts';
import type { Landscape } from './landscape.ts';
import { waitFor } from './wait-for.ts';

export const orderFlow = 'bigcommerce-orders-to-sap-ar';
export const refundFlow = 'bigcommerce-refunds-to-sap-ar';
export const shipmentFlow = 'bigcommerce-shipments-to-sap';
export const customerFlow = 'bigcommerce-customers-to-sap-customers';
export const shopFlows = [customerFlow, orderFlow, refundFlow, shipmentFlow] as const;
export type ShopFlow = (typeof shopFlows)[number];

/** Company code of the shop's documents. */
export const shopCompany = '1000';
/** The sandbox's one-time customer. */
export const oneTimeCustomer = '99000';

/** A customer whose web shop is connected. */
export interface Shop extends Site {
  storeConnectionId: string;
  integrationId: string;
}

export interface ShopSettings {
  /** Further settings of each flow. */
  flowSettings?: Partial<Record<ShopFlow, Record<string, unknown>>>;
  /** Further settings of the store's connection: another base URL. */
  storeSettings?: Record<string, unknown>;
  /** How often the store is read without being told; default: hardly ever, so that what arrives came by webhook. */
  everySeconds?: number;
  /** Who owes an order: everybody as one-time customer (default), or each customer as the customers flow made it, guests as before. */
  customers?: 'one-time' | 'per-customer';
  /** Tax keys that nobody has mapped: `JP 10`. */
  forgottenTaxes?: string[];
}

/**
 * The connection of the store, and its integration with SAP: everything mapped as the accountants of the simulated company would. The agent's
 * policy must hold the presets of `shopFlows`. Nothing runs before `startShop`.
 */
export async function setUpShop(landscape: Landscape, store: BigCommerceProcess, site: Site, settings: ShopSettings = {}): Promise<Shop> {
  const { flowSettings = {}, storeSettings = {}, everySeconds = 3600, customers = 'one-time', forgottenTaxes = [] } = settings;
  const { api } = landscape.relay;
  const { id: storeConnectionId } = await api.post<{ id: string }>(`${site.path}/connections`, {
    system: 'bigcommerce',
    name: 'Nordlicht shop',
    settings: { ...store.connectionSettings, ...storeSettings },
  });
  const { id: integrationId } = await api.post<{ id: string }>(`${site.path}/integrations`, {
    name: 'Shop to SAP',
    sourceConnectionId: storeConnectionId,
    targetConnectionId: site.sapConnectionId,
    flows: shopFlows.map((flowId) => ({
      flowId,
      enabled: false,
      settings: { ...usualSettings(flowId, customers), ...flowSettings[flowId] },
      schedule: { everySeconds },
    })),
  });
  const shop = { ...site, storeConnectionId, integrationId };
  for (const [valueMapId, entries] of Object.entries(shopValueMaps)) {
    const known = Object.entries(entries).filter(([code]) => !forgottenTaxes.includes(code));
    await setValueMap(landscape, shop, valueMapId, Object.fromEntries(known));
  }
  return shop;
}

/** Switches flows on; resolves when the store knows where to send its webhooks. */
export async function startShop(landscape: Landscape, store: BigCommerceProcess, shop: Shop, flows: readonly ShopFlow[]): Promise<void> {
  for (const flowId of flows)
    await landscape.relay.api.patch(`${shop.path}/integrations/${shop.integrationId}/flows/${flowId}`, { enabled: true });
  await waitFor('the store to be told where to send webhooks', async () => {
    const { hooks } = await store.snapshot();
    return (
      hooks.some(({ scope }) => scope === 'store/shipment/deleted') && hooks.some(({ scope }) => scope === 'store/hook/deliveryException')
    );
  });
}

export async function runShopFlow(landscape: Landscape, { path, integrationId }: Shop, flowId: ShopFlow, mode = 'changes'): Promise<void> {
  await landscape.relay.api.post(`${path}/runs`, { integrationId, flowId, mode });
}

function usualSettings(flowId: ShopFlow, customers: string): Record<string, unknown> {
  if (flowId === customerFlow) return customerSettings;
  if (flowId === shipmentFlow) return { startDate: '2024-01-01' };
  return {
    companyCode: shopCompany,
    startDate: '2024-01-01',
    timeZone: 'Europe/Berlin',
    customers,
    oneTimeCustomer,
    profitCenterBy: 'channel',
    taxConditionKey: 'MWAS',
    periodCheckMinutes: 1,
    outcomeMarginSeconds: 1,
  };
}

const customerSettings = {
  salesOrganisation: '1000',
  distributionChannel: '30',
  division: '00',
  companyCode: shopCompany,
  personTitle: 'Mr.',
  currency: 'EUR',
  postalCodeFallback: '00000',
  outcomeMarginSeconds: 1,
};

/** Tax code of each key that the simulated store's orders have. */
export const taxCodes: Readonly<Record<string, string>> = {
  'DE 19': 'A1',
  'DE 7': 'A2',
  'AT 20': 'B1',
  'AT 10': 'B2',
  'US-Texas 1.25+6.25': 'U1',
  'US-Illinois 1.25+6.25': 'U1',
  'US-Texas 6.25': 'U2',
  'US-Illinois 6.25': 'U2',
  'JP 10': 'J1',
  'JP 8': 'J2',
  'KW 5': 'K1',
  ...Object.fromEntries(['DE', 'AT', 'US-Texas', 'US-Illinois', 'JP', 'KW'].map((place) => [`${place} 0`, 'A0'])),
};

export const shopAccounts = {
  goods: ['800000', '801000'],
  charges: ['802000'],
  certificates: ['209000'],
  storeCredit: ['113900'],
  tax: ['175000'],
  rounding: ['888000'],
} as const;

const shopValueMaps: Record<string, Record<string, string>> = {
  'revenue-accounts': { Werkzeug: '800000', Verbrauchsmaterial: '801000', Sonstiges: '800000', '(none)': '801000' },
  'other-accounts': {
    shipping: '802000',
    handling: '802000',
    wrapping: '802000',
    fee: '802000',
    discounts: '881000',
    'gift-certificates-sold': '209000',
    'gift-certificate': '209000',
    'store-credit': '113900',
    rounding: '888000',
    'order-refund': '881000',
  },
  'tax-codes': taxCodes,
  'profit-centers': { '1': 'ONLINE' },
  'reference-customers': { person: '1000', company: '1000' },
};

/** What shows whether a shop's flows have come to rest. */
export interface ShopRest {
  states: StateCounts;
  /** Not with the store any more, not read yet, or being read. */
  underWay: number;
}

/** Nothing is under way when every delivery arrived, everything it named was read, and no record can move by itself. */
export async function shopRest(landscape: Landscape, store: BigCommerceProcess, shop: Shop): Promise<ShopRest> {
  const { api } = landscape.relay;
  const { open } = await store.webhooks();
  const webhooks = await api.get<{ newEvents: number; waitingKeys: number }>(`${shop.path}/connections/${shop.storeConnectionId}/webhooks`);
  const overview = await api.get<{ records: StateCounts; runs: { running: number } }>(`${shop.path}/overview`);
  const { pending = 0, posting = 0, failed = 0, uncertain = 0 } = overview.records;
  const moving = pending + posting + failed + uncertain;
  return { states: overview.records, underWay: open + webhooks.newEvents + webhooks.waitingKeys + overview.runs.running + moving };
}
