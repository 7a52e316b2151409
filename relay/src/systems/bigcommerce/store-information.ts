import type { Clock } from '@ml-connector/shared';
import { z } from 'zod';
import type { CallScope } from '../system.ts';
import type { StoreClient } from './client.ts';
import { essentialText, flag, idOrNull, isRow, readRow, text } from './fields.ts';
import { unreadable } from './judge.ts';
import type { StoreInformation } from './types.ts';

const rememberedMs = 3_600_000;

const row = z.object({
  name: text,
  currency: essentialText,
  timezone: z
    .unknown()
    .optional()
    .transform((zone) => (isRow(zone) && typeof zone['name'] === 'string' ? zone['name'] : '')),
  plan_name: text,
  weight_units: text,
  is_price_entered_with_tax: flag,
  default_channel_id: idOrNull,
});

const storeTime = z.object({ time: idOrNull });

/** Reads it once an hour, whoever asks; a failure is not remembered. */
export function openStoreInformation(client: StoreClient, clock: Clock): (scope: CallScope) => Promise<StoreInformation> {
  let known: { store: StoreInformation; readAt: number } | undefined;
  return async (scope) => {
    if (known && clock.now() - known.readAt < rememberedMs) return known.store;
    const call = { doing: 'reading the store', needs: 'store_v2_information_read_only' } as const;
    const { json } = await client({ ...call, method: 'GET', path: 'v2/store' }, scope);
    if (!isRow(json)) throw unreadable({ effect: 'read', doing: call.doing }, 'the answer is no store');
    known = { store: toStore(json), readAt: clock.now() };
    return known.store;
  };
}

/** `GET /v2/time` answers whole seconds (facts/bigcommerce.md 1). */
export async function readStoreTime(client: StoreClient, scope: CallScope): Promise<number> {
  const doing = "reading the store's time";
  const { json } = await client({ doing, needs: 'store_v2_default', method: 'GET', path: 'v2/time' }, scope);
  const { time } = isRow(json) ? readRow(storeTime, json, doing) : { time: null };
  if (time === null || time < 0) throw unreadable({ effect: 'read', doing }, 'the answer is no time');
  return time * 1000;
}

function toStore(json: unknown): StoreInformation {
  const { name, currency, timezone, plan_name, weight_units, is_price_entered_with_tax, default_channel_id } = readRow(
    row,
    json,
    'the store',
  );
  return {
    name,
    currency,
    timezone,
    planName: plan_name,
    weightUnits: weight_units,
    isPriceEnteredWithTax: is_price_entered_with_tax,
    defaultChannelId: default_channel_id,
  };
}
