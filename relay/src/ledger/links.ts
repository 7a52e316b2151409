import type { LinkRow, Store } from '../store/index.ts';
import type { FlowRef } from './intake.ts';

/** What a record's key is known as in the target. */
export function linkOf(store: Store, { integrationId, flowId }: FlowRef, key: string): Promise<LinkRow | undefined> {
  return store.db
    .selectFrom('link')
    .selectAll()
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .where('key', '=', key)
    .executeTakeFirst();
}

/** The key that holds a target's object in this flow. */
export async function ownerOf(store: Store, { integrationId, flowId }: FlowRef, targetId: string): Promise<string | undefined> {
  const link = await store.db
    .selectFrom('link')
    .select('key')
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .where('target_id', '=', targetId)
    .executeTakeFirst();
  return link?.key;
}

/** Every key of this flow that has an object in the target. */
export async function linkedKeys(store: Store, { integrationId, flowId }: FlowRef): Promise<string[]> {
  const links = await store.db
    .selectFrom('link')
    .select('key')
    .where('integration_id', '=', integrationId)
    .where('flow_id', '=', flowId)
    .orderBy('key')
    .execute();
  return links.map(({ key }) => key);
}
