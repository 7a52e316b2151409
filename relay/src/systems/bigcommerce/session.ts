import type { Clock } from '@ml-connector/shared';
import type { AddressPolicy } from '../../addresses/index.ts';
import { openHttp } from '../http/index.ts';
import type { CallScope, CheckResult } from '../system.ts';
import { checkStore } from './check.ts';
import { openClient } from './client.ts';
import { openCustomers } from './customers.ts';
import { openHooks, type BigCommerceHooks } from './hooks.ts';
import { openOrders } from './orders.ts';
import { openProducts } from './products.ts';
import { rateHeaders } from './rate-headers.ts';
import { openRefunds } from './refunds.ts';
import { storeAddress, type BigCommerceSettings } from './settings.ts';
import { openStoreInformation, readStoreTime } from './store-information.ts';
import { sharedStorePace } from './store-pace.ts';
import type { BigCommerceSession } from './types.ts';

interface SessionParts {
  settings: BigCommerceSettings;
  clock: Clock;
  /** Whose sessions share the pace of the store: what one tenant does to it slows no other one down. */
  tenantId?: string;
  addresses?: AddressPolicy | undefined;
  random?: () => number;
}

/** Everything the store offers; a flow asks for the part it uses. */
export interface OpenBigCommerceSession extends BigCommerceSession {
  /** Its webhooks. */
  readonly hooks: BigCommerceHooks;
  check(scope: CallScope): Promise<CheckResult>;
}

const mostConnections = 4;

/** Makes no call. Disposing cuts what is in flight; a tenant's sessions of one store share their pace. */
export function openBigCommerceSession({ settings, clock, tenantId = '', addresses, random }: SessionParts): OpenBigCommerceSession {
  const { storeHash, accessToken, reservedRequests, timeoutSeconds } = settings;
  const baseUrl = storeAddress(settings);
  const sender = openHttp({
    baseUrl,
    headers: { 'x-auth-token': accessToken, 'user-agent': 'ml-connector', 'accept-encoding': 'identity' },
    timeoutMs: Math.round(timeoutSeconds * 1000),
    connections: mostConnections,
    readsHeaders: rateHeaders,
    ...(addresses && { addresses }),
  });
  const pace = sharedStorePace(`${tenantId} ${baseUrl.toLowerCase()}`, reservedRequests, clock);
  const client = openClient({ sender, pace, clock, ...(random ? { random } : {}) });
  const store = openStoreInformation(client, clock);
  return {
    storeHash,
    store,
    now: (scope) => readStoreTime(client, scope),
    check: (scope) => checkStore({ client, storeHash, store }, scope),
    orders: openOrders(client, clock),
    refunds: openRefunds(client),
    customers: openCustomers(client, clock),
    products: openProducts(client, clock),
    hooks: openHooks(client),
    [Symbol.asyncDispose]: () => sender[Symbol.asyncDispose](),
  };
}
