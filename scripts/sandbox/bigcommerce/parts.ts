import type { ApiClient } from './api/index.ts';
import type { FaultBox } from './faults.ts';
import type { CallLimit } from './limits.ts';
import type { Store } from './store.ts';
import type { Webhooks } from './webhooks/webhooks.ts';

/** Answers sent, by `PUT /v2/orders/# 200`; `lost` in place of the status where none was sent. */
export type CallCounter = Record<string, number>;

export interface LoggedCall {
  at: number;
  method: string;
  /** With its query. */
  path: string;
  status: number | 'lost';
  body: string;
}

export interface SimParts {
  store: Store;
  clients: ApiClient[];
  faults: FaultBox;
  limit: CallLimit;
  webhooks: Webhooks;
  calls: CallCounter;
  log: LoggedCall[];
  /** Calls under way, by route. */
  underWay: Map<string, number>;
  settings: { latencyMs: number; gzip: boolean; allowsLoopback: boolean };
}
