import type { Clock } from '@ml-connector/shared';
import type { Kysely } from 'kysely';
import type { AnchorExport } from '../audit/index.ts';
import { newId, type Db, type Store } from '../store/index.ts';
import type { Message } from './message.ts';

/** A message for some channels of a tenant, in the transaction that makes it necessary. */
export async function enqueue(
  db: Kysely<Db>,
  clock: Clock,
  { tenantId, channelIds, message, notBefore }: { tenantId: string; channelIds: readonly string[]; message: Message; notBefore: number },
): Promise<void> {
  if (channelIds.length === 0) return;
  const now = clock.now();
  await db
    .insertInto('alert_delivery')
    .values(
      channelIds.map((channelId) => ({
        id: newId('alertDelivery', now),
        tenant_id: tenantId,
        channel_id: channelId,
        alert_id: message.alertId ?? null,
        kind: message.kind,
        message_json: JSON.stringify(message),
        state: 'waiting',
        attempts: 0,
        next_attempt_at: notBefore,
        error_json: null,
        created_at: now,
        ended_at: null,
      })),
    )
    .execute();
}

/** A day was anchored: the channels that keep anchors get it. What belongs to no tenant stays in the relay's own file. */
export async function sendAnchor({ store, clock }: { store: Store; clock: Clock }, anchor: AnchorExport): Promise<void> {
  const { tenantId, day, number, hash } = anchor;
  const tenant = await store.db.selectFrom('tenant').select('name').where('id', '=', tenantId).executeTakeFirst();
  if (!tenant) return;
  const channels = await store.db
    .selectFrom('alert_channel')
    .select(['id', 'kind', 'settings_json'])
    .where('tenant_id', '=', tenantId)
    .where('enabled', '=', 1)
    .execute();
  const wanting = channels.filter(({ settings_json: json }) => (JSON.parse(json) as { anchors?: boolean }).anchors === true);
  const title = `audit anchor ${number} of ${day}: ${hash}`;
  const message: Message = { kind: 'anchor', tenant: tenant.name, at: clock.now(), title, anchor };
  await enqueue(store.db, clock, { tenantId, channelIds: wanting.map(({ id }) => id), message, notBefore: clock.now() });
}

/** Ids of the channels that are told, of those that are switched on. */
export async function channelsFor(db: Kysely<Db>, tenantId: string, wanted: readonly string[] | null): Promise<string[]> {
  const rows = await db.selectFrom('alert_channel').select('id').where('tenant_id', '=', tenantId).where('enabled', '=', 1).execute();
  const ids = rows.map(({ id }) => id);
  return wanted === null ? ids : ids.filter((id) => wanted.includes(id));
}
