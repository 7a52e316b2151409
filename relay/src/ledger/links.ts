import type { Clock } from '@ml-connector/shared';
import type { LinkRow, Sql, Steps, Store } from '../store/index.ts';
import { addEvent } from './events.ts';
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

/** The same, inside a job of the hot paths. */
export function* linkNow(sql: Sql, { integrationId, flowId }: FlowRef, key: string): Steps<LinkRow | undefined> {
  return yield* sql.get<LinkRow>('select * from link where integration_id = ? and flow_id = ? and key = ?', integrationId, flowId, key);
}

/**
 * The key that holds a target's object in this flow, looked for in every integration with the same target account. A key of another source
 * says of which integration it is: the same number is somebody else there.
 */
export async function ownerOf(store: Store, { integrationId, flowId }: FlowRef, targetId: string): Promise<string | undefined> {
  const links = await store.db
    .selectFrom('integration as own')
    .innerJoin('integration as other', 'other.target_connection_id', 'own.target_connection_id')
    .innerJoin('link', 'link.integration_id', 'other.id')
    .select(['link.key', 'other.id', 'other.name'])
    .select((row) => row('other.source_connection_id', '=', row.ref('own.source_connection_id')).as('is_same_source'))
    .where('own.id', '=', integrationId)
    .where('link.flow_id', '=', flowId)
    .where('link.target_id', '=', targetId)
    .execute();
  const link = links.find(({ id }) => id === integrationId) ?? links.find((one) => one.is_same_source) ?? links[0];
  return link && (link.is_same_source ? link.key : `${link.key} of integration ${link.name}`);
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

/**
 * A person says that a record's target object is not, or no longer, the right one: the next post looks for it anew. Answers what stood in
 * the way: there is no link, or a version of the record is being sent and may need it.
 */
export function removeLink(
  store: Store,
  clock: Clock,
  { tenantId, recordId, actor }: { tenantId: string; recordId: string; actor: string },
): Promise<'removed' | 'none' | 'in use'> {
  return store.transaction(async (transaction) => {
    const record = await transaction
      .selectFrom('record')
      .select(['integration_id', 'flow_id', 'key'])
      .where('tenant_id', '=', tenantId)
      .where('id', '=', recordId)
      .executeTakeFirst();
    if (!record) return 'none';
    const link = await transaction
      .selectFrom('link')
      .selectAll()
      .where('integration_id', '=', record.integration_id)
      .where('flow_id', '=', record.flow_id)
      .where('key', '=', record.key)
      .executeTakeFirst();
    if (!link) return 'none';
    const underWay = await transaction
      .selectFrom('record')
      .select('id')
      .where('integration_id', '=', record.integration_id)
      .where('flow_id', '=', record.flow_id)
      .where('key', '=', record.key)
      .where('state', 'in', ['posting', 'uncertain'])
      .executeTakeFirst();
    if (underWay) return 'in use';
    await transaction
      .deleteFrom('link')
      .where('integration_id', '=', record.integration_id)
      .where('flow_id', '=', record.flow_id)
      .where('key', '=', record.key)
      .execute();
    const data = { targetId: link.target_id, targetLabel: link.target_label, linkedBy: link.record_id };
    await addEvent(transaction, { subjectId: recordId, tenantId, at: clock.now(), actor, kind: 'link removed', data });
    return 'removed';
  });
}
