import type { Answer } from '../answers.ts';
import type { ApiRequest } from '../request.ts';
import type { Store } from '../store.ts';

export interface Call {
  store: Store;
  request: ApiRequest;
  /** Numbers in the path, in order. */
  ids: number[];
  client: ApiClient;
  /** Whether hooks may point to the machine itself. */
  allowsLoopback: boolean;
  /** Domains to which the client's deliveries are suspended. */
  blockedDomains(clientId: string): unknown[];
}

/** An API account: its hooks and metafields are its own. */
export interface ApiClient {
  clientId: string;
  clientSecret: string;
  accessToken: string;
  /** OAuth parameters; each modify scope contains its `_read_only`. */
  scopes: string[];
}

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/v2/orders/#/products`, # being a number. */
  path: string;
  /** Any of these lets the call in; none: every account may. */
  scopes?: string[];
  /** Calls at the same time, above which the answer is a 429 without headers (facts/bigcommerce.md 2). */
  atOnce?: number;
  answer: (call: Call) => Answer;
}

export const ordersRead = ['store_v2_orders_read_only'];
export const ordersWrite = ['store_v2_orders'];
export const customersRead = ['store_v2_customers_read_only'];
export const customersWrite = ['store_v2_customers'];
export const productsRead = ['store_v2_products_read_only'];
export const productsWrite = ['store_v2_products'];
