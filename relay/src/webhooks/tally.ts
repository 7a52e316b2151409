import type { Clock, Log } from '@ml-connector/shared';
import type { Store } from '../store/index.ts';

/** What became of deliveries; those from `genuine` to `duplicate` were answered 200. */
export const webhookOutcomes = [
  'genuine',
  'stale',
  'unsigned',
  'duplicate',
  'forged',
  'signature_missing',
  'wrong_header',
  'unreadable',
  'too_large',
  'too_slow',
  'unknown_address',
  'wrong_method',
  'unavailable',
] as const;
export type WebhookOutcome = (typeof webhookOutcomes)[number];

/** Outcomes that say that somebody sends what is not right. */
export const refusedOutcomes = [
  'forged',
  'signature_missing',
  'wrong_header',
  'unreadable',
  'too_large',
  'too_slow',
] as const satisfies WebhookOutcome[];

export const bucketMs = 5 * 60_000;
/** Counts older than that are dropped. */
const keptMs = 8 * 24 * 3_600_000;
const flushEveryMs = 5000;

/** Counts deliveries per connection, and writes the counts down every few seconds; a relay that dies takes the last ones with it. */
export interface Tally extends AsyncDisposable {
  add(connectionId: string, outcome: WebhookOutcome): void;
  /** Resolves when all is written that was counted so far. */
  flush(): Promise<void>;
}

export function openTally({ store, clock, log }: { store: Store; clock: Clock; log: Log }): Tally {
  let counts: Counts = new Map();
  let kept: Kept = new Map();
  const stop = new AbortController();
  let droppedAt = clock.now();

  async function flush(): Promise<void> {
    if (counts.size === 0) return;
    const [written, heard] = [counts, kept];
    [counts, kept] = [new Map(), new Map()];
    try {
      await write(store, clock.now(), written, heard);
      if (clock.now() - droppedAt < 3_600_000) return;
      droppedAt = clock.now();
      await store.db
        .deleteFrom('webhook_count')
        .where('bucket_at', '<', droppedAt - keptMs)
        .execute();
    } catch (error) {
      log.warn({ err: error }, 'counts of webhooks could not be written; they are lost');
    }
  }
  async function run(): Promise<void> {
    while (!stop.signal.aborted) {
      await clock.wait(flushEveryMs, stop.signal).catch(() => undefined);
      await flush();
    }
  }
  const running = run();
  return {
    add(connectionId, outcome) {
      const of = counts.get(connectionId) ?? new Map<WebhookOutcome, number>();
      of.set(outcome, (of.get(outcome) ?? 0) + 1);
      counts.set(connectionId, of);
      if (isKept(outcome)) kept.set(connectionId, clock.now());
    },
    flush,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

type Counts = Map<string, Map<WebhookOutcome, number>>;
/** When the last delivery of each connection was taken. */
type Kept = Map<string, number>;

function isKept(outcome: WebhookOutcome): boolean {
  return outcome === 'genuine' || outcome === 'stale' || outcome === 'unsigned' || outcome === 'duplicate';
}

/** Of connections that are still there. */
async function write(store: Store, now: number, counts: Counts, kept: Kept): Promise<void> {
  const rows = await store.db
    .selectFrom('connection')
    .select('id')
    .where('id', 'in', [...counts.keys()])
    .execute();
  const bucketAt = now - (now % bucketMs);
  const inputs = rows.flatMap(({ id }) => [...(counts.get(id) ?? [])].map(([outcome, count]) => [id, bucketAt, outcome, count]));
  await store.commit(function* (sql) {
    yield* sql.insertEach(
      `insert into webhook_count (connection_id, bucket_at, outcome, count) values (?, ?, ?, ?)
       on conflict (connection_id, bucket_at, outcome) do update set count = webhook_count.count + excluded.count`,
      inputs,
    );
    for (const [id, at] of kept) yield* sql.run('update webhook_endpoint set last_event_at = ? where connection_id = ?', at, id);
  });
}
