import type { Store } from '../store/index.ts';
import type { FlowRef } from './intake.ts';

/** The newest version of a key, as the ledger has it. */
export interface NewestEntry {
  key: string;
  recordId: string;
  state: string;
  targetId: string | null;
  payload: unknown;
  /** The body of its last attempt, where it succeeded and the retention has not dropped it. */
  posted?: unknown;
}

const keysPerQuery = 200;

/** The newest version of each of these keys of a flow; keys that the ledger does not know are left out. */
export async function newestEntries(store: Store, flow: FlowRef, keys: readonly string[]): Promise<NewestEntry[]> {
  const all: NewestEntry[] = [];
  for (let from = 0; from < keys.length; from += keysPerQuery) {
    const entries = new Map<string, NewestEntry>();
    const rows = await store.db
      .selectFrom('record')
      .select(['id', 'key', 'state', 'target_id', 'payload_json'])
      .where('integration_id', '=', flow.integrationId)
      .where('flow_id', '=', flow.flowId)
      .where('key', 'in', keys.slice(from, from + keysPerQuery))
      .orderBy('key')
      .orderBy('version')
      .execute();
    for (const { id, key, state, target_id: targetId, payload_json: payload } of rows)
      entries.set(key, { key, recordId: id, state, targetId, payload: JSON.parse(payload) as unknown });
    const page = [...entries.values()];
    const bodies = await postedBodies(store, page);
    for (const entry of page) all.push(bodies.has(entry.recordId) ? { ...entry, posted: bodies.get(entry.recordId) } : entry);
  }
  return all;
}

async function postedBodies({ db }: Store, entries: readonly NewestEntry[]): Promise<Map<string, unknown>> {
  const ids = entries.filter(({ state }) => state === 'succeeded').map(({ recordId }) => recordId);
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('attempt').select(['record_id', 'body_json']).where('record_id', 'in', ids).orderBy('number').execute();
  const last = new Map(rows.map(({ record_id: id, body_json: body }) => [id, body]));
  return new Map([...last].filter(([, body]) => body !== 'null').map(([id, body]) => [id, JSON.parse(body) as unknown]));
}
