import { createHash } from 'node:crypto';
import type { Clock } from '@ml-connector/shared';
import type { AddressPolicy } from '../../addresses/index.ts';
import type { CallScope } from '../system.ts';
import { openHttp, sharedPace } from '../http/index.ts';
import { openClient } from './client.ts';
import type { Cin7Settings } from './manifest.ts';
import { openJournals } from './journals.ts';
import { openProducts } from './products.ts';
import { openPurchases } from './purchases.ts';
import { openReference } from './reference.ts';
import { openSuppliers } from './suppliers.ts';
import type { Cin7Journals, Cin7Location, Cin7Products, Cin7Purchases, Cin7Session } from './types.ts';

interface SessionParts {
  settings: Cin7Settings;
  clock: Clock;
  addresses?: AddressPolicy | undefined;
  random?: () => number;
}

/** Everything the account offers; a flow asks for the part it uses. */
export interface OpenCin7Session extends Cin7Session, AsyncDisposable {
  readonly journals: Cin7Journals;
  readonly purchases: Cin7Purchases;
  readonly products: Cin7Products;
  /** Deprecated ones too. Remembered for minutes. */
  locations(scope: CallScope): Promise<Cin7Location[]>;
}

const burst = 5;

/** Makes no call. Disposing cuts what is in flight; sessions of one account and key share their pace. */
export function openCin7Session({ settings, clock, addresses, random }: SessionParts): OpenCin7Session {
  const { baseUrl, accountId, applicationKey, callsPerMinute, limitWindowSeconds, timeoutSeconds } = settings;
  const sender = openHttp({
    baseUrl,
    headers: { 'api-auth-accountid': accountId, 'api-auth-applicationkey': applicationKey },
    timeoutMs: Math.round(timeoutSeconds * 1000),
    ...(addresses && { addresses }),
  });
  const parts = { clock, ...(random ? { random } : {}) };
  const pace = sharedPace(paceKey(settings), { calls: callsPerMinute, perMs: 60_000, burst }, clock);
  const client = openClient({ sender, pace, limitWindowMs: limitWindowSeconds * 1000, ...parts });
  const { invalidate, ...lists } = openReference(client, clock);
  return {
    ...lists,
    suppliers: openSuppliers({ client, reference: { ...lists, invalidate }, ...parts }),
    journals: openJournals({ client, reference: { ...lists, invalidate }, ...parts }),
    purchases: openPurchases({ client, reference: { ...lists, invalidate }, ...parts }),
    products: openProducts(client, clock),
    [Symbol.asyncDispose]: () => sender[Symbol.asyncDispose](),
  };
}

/** A hash, for the map of paces outlives the session and must not hold the key in clear. */
function paceKey({ baseUrl, accountId, applicationKey }: Cin7Settings): string {
  return createHash('sha256')
    .update(`${new URL(baseUrl).origin} ${accountId} ${applicationKey}`.toLowerCase())
    .digest('hex');
}
