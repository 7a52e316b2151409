import type { WireError } from '@ml-connector/shared';
import type { Store } from '../store/index.ts';
import type { KeptSubscriptions } from '../systems/index.ts';
import { findEndpoint } from './endpoints.ts';
import { bucketMs } from './tally.ts';

/** How a connection's webhooks are, for people. */
export interface WebhookStatus {
  mode: string;
  /** The person who chose the mode; null: it follows what arrives. */
  modeSetBy: string | null;
  firstGenuineAt: number | null;
  rotatedAt: number | null;
  subscriptions: KeptSubscriptions['subscriptions'];
  keptAt: number | null;
  nextKeepAt: number;
  problem: WireError | null;
  lastEventAt: number | null;
  /** Events that nobody looked at yet. */
  newEvents: number;
  /** Keys that are to be read again, of all flows that read from the connection. */
  waitingKeys: number;
  /** Of the last 24 hours. */
  counts: { outcome: string; count: number }[];
}

const dayMs = 24 * 3_600_000;

/** undefined: the connection has no address for webhooks yet. */
export async function webhookStatus(
  store: Store,
  connectionId: string,
  now: number,
): Promise<(WebhookStatus & { key: string }) | undefined> {
  const row = await findEndpoint(store, connectionId);
  if (!row) return undefined;
  const { db } = store;
  const counts = await db
    .selectFrom('webhook_count')
    .select(({ fn }) => ['outcome', fn.sum<number | string>('count').as('count')])
    .where('connection_id', '=', connectionId)
    .where('bucket_at', '>', now - dayMs - bucketMs)
    .groupBy('outcome')
    .orderBy('outcome')
    .execute();
  const waiting = await db
    .selectFrom('dirty_key')
    .innerJoin('integration', 'integration.id', 'dirty_key.integration_id')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('source_connection_id', '=', connectionId)
    .executeTakeFirst();
  const unread = await db
    .selectFrom('webhook_event')
    .select(({ fn }) => fn.countAll<number | string>().as('count'))
    .where('connection_id', '=', connectionId)
    .where('state', '=', 'new')
    .executeTakeFirst();
  return {
    key: row.key,
    mode: row.mode,
    modeSetBy: row.mode_set_by,
    firstGenuineAt: row.genuine_at,
    rotatedAt: row.rotated_at,
    subscriptions: row.kept_json === null ? [] : (JSON.parse(row.kept_json) as KeptSubscriptions).subscriptions,
    keptAt: row.kept_at,
    nextKeepAt: row.keep_at,
    problem: row.keep_error_json === null ? null : (JSON.parse(row.keep_error_json) as WireError),
    lastEventAt: row.last_event_at,
    newEvents: Number(unread?.count ?? 0),
    waitingKeys: Number(waiting?.count ?? 0),
    counts: counts.map(({ outcome, count }) => ({ outcome, count: Number(count) })),
  };
}
