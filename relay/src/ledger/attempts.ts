import type { WireError } from '@ml-connector/shared';
import type { Store } from '../store/index.ts';
import type { FlowRef } from './intake.ts';

/** The body that was last sent for a record, and when that attempt ended. */
export async function lastAttempt(store: Store, recordId: string): Promise<{ body: unknown; endedAt: number } | undefined> {
  const row = await store.db
    .selectFrom('attempt')
    .select(['body_json', 'started_at', 'ended_at'])
    .where('record_id', '=', recordId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && { body: JSON.parse(row.body_json) as unknown, endedAt: row.ended_at ?? row.started_at };
}

/** The errors that ended this record's attempts, or those before that one, oldest first; without facts where the retention dropped them. */
export async function earlierErrors(store: Store, recordId: string, attempt?: number): Promise<WireError[]> {
  const rows = await store.db
    .selectFrom('attempt')
    .select('error_json')
    .where('record_id', '=', recordId)
    .$if(attempt !== undefined, (query) => query.where('number', '<', attempt ?? 0))
    .where('error_json', 'is not', null)
    .orderBy('number')
    .execute();
  return rows.map(({ error_json: error }) => JSON.parse(error ?? '{}') as WireError);
}

/** The versions of a key up to this one that were sent since the newest one before it that the target took, oldest first, with their errors. */
export async function sentVersions(
  store: Store,
  { integrationId, flowId }: FlowRef,
  { key, version }: { key: string; version: number },
): Promise<{ payload: unknown; readAt: number; errors: WireError[] }[]> {
  const ofKey = store.db
    .selectFrom('record')
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .where('key', '=', key);
  const taken = await ofKey
    .select('version')
    .where('state', '=', 'succeeded')
    .where('version', '<', version)
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  const sent = await ofKey
    .select(['id', 'payload_json', 'created_at'])
    .where('version', '>', taken?.version ?? 0)
    .where('version', '<=', version)
    .where('attempts', '>', 0)
    .orderBy('version')
    .execute();
  return Promise.all(
    sent.map(async ({ id, payload_json: payload, created_at: readAt }) => ({
      payload: JSON.parse(payload) as unknown,
      readAt,
      errors: await earlierErrors(store, id),
    })),
  );
}

/** The payload of the newest version of a key that the target took, of all or of those before that version. */
export async function lastPosted(
  store: Store,
  { integrationId, flowId }: FlowRef,
  { key, before }: { key: string; before?: number },
): Promise<unknown> {
  const row = await store.db
    .selectFrom('record')
    .select('payload_json')
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .where('key', '=', key)
    .$if(before !== undefined, (query) => query.where('version', '<', before ?? 0))
    .where('state', '=', 'succeeded')
    .orderBy('version', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && (JSON.parse(row.payload_json) as unknown);
}
