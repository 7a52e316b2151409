import type { Store } from '../store/index.ts';
import type { FlowRef } from './intake.ts';

/** The newest version of a key, as the ledger has it. */
export interface NewestEntry {
  key: string;
  recordId: string;
  state: string;
  targetId: string | null;
  payload: unknown;
}

const keysPerQuery = 200;

/** The newest version of each of these keys of a flow; keys that the ledger does not know are left out. */
export async function newestEntries({ db }: Store, flow: FlowRef, keys: readonly string[]): Promise<NewestEntry[]> {
  const entries = new Map<string, NewestEntry>();
  for (let from = 0; from < keys.length; from += keysPerQuery) {
    const rows = await db
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
  }
  return [...entries.values()];
}
