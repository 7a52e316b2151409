import { isSystemError, type SystemError } from '@ml-connector/shared';
import type { CallScope, CheckResult } from '../system.ts';
import type { StoreClient } from './client.ts';
import { nameOfScope, type OAuthScope } from './scopes.ts';
import type { StoreInformation } from './types.ts';

interface Probe {
  what: string;
  path: string;
  needs: OAuthScope;
}

/** The cheapest reading call of each area; whether an area may be written shows only when it is. */
const probes: readonly Probe[] = [
  { what: 'Orders, shipments', path: 'v2/orders', needs: 'store_v2_orders_read_only' },
  { what: 'Refunds', path: 'v3/orders/payment_actions/refunds', needs: 'store_v2_orders_read_only' },
  { what: 'Customers', path: 'v3/customers', needs: 'store_v2_customers_read_only' },
  { what: 'Products, price lists', path: 'v3/catalog/products', needs: 'store_v2_products_read_only' },
  { what: 'Stock locations', path: 'v3/inventory/locations', needs: 'store_locations_read_only' },
  { what: 'Webhooks', path: 'v3/hooks', needs: 'store_v2_default' },
];

interface CheckParts {
  client: StoreClient;
  storeHash: string;
  store: (scope: CallScope) => Promise<StoreInformation>;
}

/**
 * Who answers, and for each area whether the API account may read it. A missing scope is told, not a failure: a connection needs only those
 * of its flows. Nothing allowed at all is a failure.
 */
export async function checkStore({ client, storeHash, store }: CheckParts, scope: CallScope): Promise<CheckResult> {
  const details: Record<string, string> = {};
  const missing: SystemError[] = [];
  const told = await orMissing(store(scope), missing);
  if (told) Object.assign(details, { Currency: told.currency, 'Time zone': told.timezone, Plan: told.planName });
  else details['Store information'] = missingText('store_v2_information_read_only');
  for (const { what, path, needs } of probes) {
    const call = { path, needs, doing: `checking the access to ${what.toLowerCase()}`, conceal: () => '(not kept)' };
    const answer = await orMissing(client({ ...call, method: 'GET', query: { limit: '1' } }, scope), missing);
    details[what] = answer ? 'may be read' : missingText(needs);
  }
  const [first] = missing;
  if (first && missing.length === probes.length + 1) throw first;
  return { account: told?.name || storeHash, details };
}

function missingText(scope: OAuthScope): string {
  return `not allowed: the API account needs the OAuth scope ${nameOfScope(scope)}`;
}

async function orMissing<Answer>(answer: Promise<Answer>, missing: SystemError[]): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (!isSystemError(error) || error.code !== 'BIGCOMMERCE_SCOPE_MISSING') throw error;
    missing.push(error);
    return undefined;
  }
}
