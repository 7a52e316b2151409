import { backoffMs, toSystemError, type Clock, type Log } from '@ml-connector/shared';
import type { AlertChannelRow, AlertDeliveryRow, Store } from '../store/index.ts';
import type { Vault } from '../vault/index.ts';
import { openChannel, send, together, type AddressPolicy } from './channels/index.ts';
import type { Message } from './message.ts';

export interface DeliverDeps {
  store: Store;
  vault: Vault;
  clock: Clock;
  log: Log;
  /** How people reach the relay; links in messages begin with it. */
  publicUrl: string;
  addresses: AddressPolicy;
}

/** Why the last delivery on a channel failed. */
export interface ChannelFailure {
  since: number;
  at: number;
  code: string;
  message: string;
}

const backoff = { firstMs: 30_000, capMs: 3_600_000 };
const givenUpAfterMs = 7 * 86_400_000;
const mostChannelsAtOnce = 8;
// Longer than a message can be under way.
const claimMs = 5 * 60_000;

/** Sends what is in the outbox; one channel never waits for another. Resolves when all that was started has ended. */
export class Deliveries {
  readonly #deps: DeliverDeps;
  readonly #busy = new Map<string, Promise<void>>();

  constructor(deps: DeliverDeps) {
    this.#deps = deps;
  }

  /** Starts what is due; answers at once when it has looked. */
  async start(): Promise<void> {
    const { store, clock, log } = this.#deps;
    const due = await store.db
      .selectFrom('alert_delivery')
      .select('channel_id')
      .distinct()
      .where('state', '=', 'waiting')
      .where('next_attempt_at', '<=', clock.now())
      .execute();
    for (const { channel_id: id } of due) {
      if (this.#busy.has(id) || this.#busy.size >= mostChannelsAtOnce) continue;
      const work = this.#channel(id)
        .catch((error: unknown) =>
          log.error({ err: error, channelId: id }, 'delivering alerts failed inside the relay; next try at the next round'),
        )
        .finally(() => this.#busy.delete(id));
      this.#busy.set(id, work);
    }
  }

  async idle(): Promise<void> {
    while (this.#busy.size > 0) await Promise.all(this.#busy.values());
  }

  async #channel(channelId: string): Promise<void> {
    const { store, clock } = this.#deps;
    const channel = await store.db.selectFrom('alert_channel').selectAll().where('id', '=', channelId).executeTakeFirst();
    for (;;) {
      const due = await store.db
        .selectFrom('alert_delivery')
        .selectAll()
        .where('state', '=', 'waiting')
        .where('channel_id', '=', channelId)
        .where('next_attempt_at', '<=', clock.now())
        .orderBy('next_attempt_at')
        .orderBy('id')
        .limit(channel ? together[channel.kind as keyof typeof together] : 100)
        .execute();
      if (due.length === 0) return;
      if (!channel || channel.enabled === 0) {
        await this.#end(due, 'withdrawn');
        continue;
      }
      const mine = await this.#claim(due);
      if (mine.length > 0 && !(await this.#send(channel, mine))) return;
    }
  }

  /** Those that no other relay on the same database is sending; a relay that dies in it leaves them to be sent again. */
  async #claim(due: readonly AlertDeliveryRow[]): Promise<AlertDeliveryRow[]> {
    const { store, clock } = this.#deps;
    const claimed = await store.db
      .updateTable('alert_delivery')
      .set({ next_attempt_at: clock.now() + claimMs })
      .where(
        'id',
        'in',
        due.map(({ id }) => id),
      )
      .where('state', '=', 'waiting')
      .where('next_attempt_at', '<=', clock.now())
      .returning('id')
      .execute();
    const ids = new Set(claimed.map(({ id }) => id));
    return due.filter(({ id }) => ids.has(id));
  }

  async #send(channel: AlertChannelRow, due: AlertDeliveryRow[]): Promise<boolean> {
    const { store, clock, log, vault } = this.#deps;
    try {
      const outgoing = due.map(({ id, message_json }) => ({ deliveryId: id, message: JSON.parse(message_json) as Message }));
      await send(openChannel(vault, channel), outgoing, this.#deps);
    } catch (error) {
      const { code, message } = toSystemError(error, 'sending an alert');
      log.warn(
        { channelId: channel.id, tenantId: channel.tenant_id, code, reason: message },
        'an alert could not be sent; it is tried again',
      );
      await this.#failed(channel, due, { code, message });
      return false;
    }
    await this.#end(due, 'sent');
    await store.db
      .updateTable('alert_channel')
      .set({ failing_json: null, last_sent_at: clock.now() })
      .where('id', '=', channel.id)
      .execute();
    return true;
  }

  async #end(due: readonly AlertDeliveryRow[], state: 'sent' | 'withdrawn' | 'given up'): Promise<void> {
    const { store, clock } = this.#deps;
    await store.db
      .updateTable('alert_delivery')
      .set({ state, next_attempt_at: null, ended_at: clock.now() })
      .where(
        'id',
        'in',
        due.map(({ id }) => id),
      )
      .execute();
  }

  /** The whole channel waits: what is behind would fail as well. */
  async #failed(
    channel: AlertChannelRow,
    due: readonly AlertDeliveryRow[],
    { code, message }: { code: string; message: string },
  ): Promise<void> {
    const { store, clock } = this.#deps;
    const now = clock.now();
    const attempts = Math.max(...due.map((delivery) => delivery.attempts)) + 1;
    const before = channel.failing_json === null ? undefined : (JSON.parse(channel.failing_json) as ChannelFailure);
    const failure: ChannelFailure = { since: before?.since ?? now, at: now, code, message };
    const tooOld = due.filter(({ created_at }) => now - created_at >= givenUpAfterMs);
    if (tooOld.length > 0) await this.#end(tooOld, 'given up');
    await store.transaction(async (transaction) => {
      await transaction
        .updateTable('alert_delivery')
        .set((row) => ({ attempts: row('attempts', '+', 1), error_json: JSON.stringify({ code, message }) }))
        .where('state', '=', 'waiting')
        .where(
          'id',
          'in',
          due.map(({ id }) => id),
        )
        .execute();
      const nextAttemptAt = now + Math.max(1000, backoffMs(attempts, backoff));
      await transaction
        .updateTable('alert_delivery')
        .set({ next_attempt_at: nextAttemptAt })
        .where('state', '=', 'waiting')
        .where('channel_id', '=', channel.id)
        .where((one) =>
          one.or([
            one('next_attempt_at', '<=', now),
            one(
              'id',
              'in',
              due.map(({ id }) => id),
            ),
          ]),
        )
        .execute();
      await transaction
        .updateTable('alert_channel')
        .set({ failing_json: JSON.stringify(failure) })
        .where('id', '=', channel.id)
        .execute();
    });
  }
}

/** Sends a test message now, past the outbox. Rejects with a SystemError that says why it did not go out. */
export async function testChannel(deps: DeliverDeps, channel: AlertChannelRow): Promise<void> {
  const tenant = await deps.store.db.selectFrom('tenant').select('name').where('id', '=', channel.tenant_id).executeTakeFirstOrThrow();
  const message: Message = {
    kind: 'test',
    tenant: tenant.name,
    at: deps.clock.now(),
    title: `channel ${channel.name} works`,
    fix: 'Nothing: somebody pressed the test button.',
    link: '/alerts',
  };
  await send(openChannel(deps.vault, channel), [{ deliveryId: `test-${deps.clock.now()}`, message }], deps);
}
