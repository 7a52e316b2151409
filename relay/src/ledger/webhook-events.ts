import { newId, type Store, type WebhookEventRow } from '../store/index.ts';

/** An event as it was told, before it is stored. */
export interface NewWebhookEvent {
  tenantId: string;
  connectionId: string;
  deduplicationKey: string;
  topic: string;
  verdict: 'genuine' | 'stale' | 'unsigned';
  /** As sent. */
  body: string;
  receivedAt: number;
}

/**
 * Stores events in one transaction; resolves when they are on disk. Answers for each whether it is new, rather than one that is there already.
 * `provenConnectionIds`: their first right signature is among these; from now on each delivery needs one, unless a person chose otherwise.
 */
export async function storeWebhookEvents(
  store: Store,
  events: readonly NewWebhookEvent[],
  provenConnectionIds: readonly string[],
): Promise<boolean[]> {
  const rows = events.map((event) => [
    newId('webhookEvent', event.receivedAt),
    event.tenantId,
    event.connectionId,
    event.deduplicationKey,
    event.topic,
    event.verdict,
    event.body,
    event.receivedAt,
  ]);
  const stored = await store.commit(function* (sql) {
    const { changes } = yield* sql.insertEach(
      `insert into webhook_event (id, tenant_id, connection_id, deduplication_key, topic, verdict, body, state, received_at)
       values (?, ?, ?, ?, ?, ?, ?, 'new', ?) on conflict (connection_id, deduplication_key) do nothing`,
      rows,
    );
    if (provenConnectionIds.length > 0)
      yield* sql.run(
        `update webhook_endpoint set genuine_at = ?, mode = case when mode_set_by is null then 'required' else mode end
         where genuine_at is null and connection_id in ?*`,
        events[0]?.receivedAt ?? 0,
        provenConnectionIds,
      );
    if (changes === rows.length) return 'all' as const;
    const ids = rows.map(([id]) => id as string);
    return (yield* sql.all<{ id: string }>('select id from webhook_event where id in ?*', ids)).map(({ id }) => id);
  });
  if (stored === 'all') return rows.map(() => true);
  const isStored = new Set<unknown>(stored);
  return rows.map(([id]) => isStored.has(id));
}

/** Connections with events that nobody has looked at yet. */
export async function connectionsWithNewEvents(store: Store): Promise<string[]> {
  const rows = await store.db.selectFrom('webhook_event').select('connection_id').distinct().where('state', '=', 'new').execute();
  return rows.map((row) => row.connection_id);
}

/** The oldest of them. */
export function newWebhookEvents(store: Store, connectionId: string, limit: number): Promise<WebhookEventRow[]> {
  return store.commit(function* (sql) {
    return yield* sql.all<WebhookEventRow>(
      `select * from webhook_event where connection_id = ? and state = 'new' order by id limit ?`,
      connectionId,
      limit,
    );
  });
}

/** Removes events that were looked at and were received before. Answers how many. */
export async function removeWebhookEvents(
  store: Store,
  { tenantId, before, limit = 1000 }: { tenantId: string; before: number; limit?: number },
): Promise<number> {
  const old = await store.db
    .selectFrom('webhook_event')
    .select('id')
    .where('tenant_id', '=', tenantId)
    .where('id', '<', newId('webhookEvent', Math.max(0, before)).slice(0, 14))
    .where('state', '<>', 'new')
    .limit(limit)
    .execute();
  if (old.length === 0) return 0;
  const ids = old.map(({ id }) => id);
  await store.db.deleteFrom('webhook_event').where('id', 'in', ids).execute();
  return ids.length;
}
