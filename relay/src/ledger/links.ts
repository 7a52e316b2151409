import { canonicalHash, type Clock } from '@ml-connector/shared';
import type { LinkRow, Sql, Steps, Store } from '../store/index.ts';
import { appendEvent } from './events.ts';
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

/** The same, inside a job of the hot paths; it stays so until the job's end. */
export function* linkNow(sql: Sql, { integrationId, flowId }: FlowRef, key: string): Steps<LinkRow | undefined> {
  return yield* sql.get<LinkRow>(
    `select * from link where integration_id = ? and flow_id = ? and key = ?${sql.forShare}`,
    integrationId,
    flowId,
    key,
  );
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

/** Every key of this flow that has an object in the target; without those whose newest version is what `known` says of them. */
export async function linkedKeys(store: Store, { integrationId, flowId }: FlowRef, known?: (key: string) => unknown): Promise<string[]> {
  const links = await store.db
    .selectFrom('link')
    .select('link.key')
    .$if(known !== undefined, (query) =>
      query.select((link) =>
        link
          .selectFrom('record')
          .select('record.payload_hash')
          .whereRef('record.integration_id', '=', 'link.integration_id')
          .whereRef('record.flow_id', '=', 'link.flow_id')
          .whereRef('record.key', '=', 'link.key')
          .orderBy('record.version', 'desc')
          .limit(1)
          .as('newest_hash'),
      ),
    )
    .where('link.integration_id', '=', integrationId)
    .where('link.flow_id', '=', flowId)
    .orderBy('link.key')
    .execute();
  return links.filter(({ key, newest_hash: newest }) => !known || newest !== canonicalHash(known(key))).map(({ key }) => key);
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
  return store.commit(function* (sql) {
    const record = yield* sql.get<{ integration_id: string; flow_id: string; key: string }>(
      'select integration_id, flow_id, key from record where tenant_id = ? and id = ?',
      tenantId,
      recordId,
    );
    if (!record) return 'none';
    const place = [record.integration_id, record.flow_id, record.key] as const;
    // Written to, so that a post which reads it is waited for, and the next one waits for this.
    const link = yield* sql.get<LinkRow>(
      'update link set changed_at = changed_at where integration_id = ? and flow_id = ? and key = ? returning *',
      ...place,
    );
    if (!link) return 'none';
    const underWay = yield* sql.get(
      `select id from record where integration_id = ? and flow_id = ? and key = ? and state in ('posting', 'uncertain') limit 1`,
      ...place,
    );
    if (underWay) return 'in use';
    yield* sql.run('delete from link where integration_id = ? and flow_id = ? and key = ?', ...place);
    const data = { targetId: link.target_id, targetLabel: link.target_label, linkedBy: link.record_id };
    yield* appendEvent(sql, { subjectId: recordId, tenantId, at: clock.now(), actor, kind: 'link removed', data });
    return 'removed';
  });
}
