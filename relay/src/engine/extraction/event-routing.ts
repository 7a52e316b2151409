import type { FlowRef } from '../../ledger/index.ts';
import { connectionsWithNewEvents, newWebhookEvents, routeWebhookEvents } from '../../ledger/index.ts';
import type { WebhookEventRow } from '../../store/index.ts';
import type { Listener } from './listeners.ts';
import type { EngineParts } from '../parts.ts';

const eventsPerStep = 500;
/** Then the flows are looked at again: one may have been switched on. */
const mostTurns = 20;

/** Turns events into keys that are to be read again. Two relays that do it for the same event cost a read, no more: so it needs no lease. */
export class EventRouting {
  readonly #parts: EngineParts;
  #running: Promise<void> | undefined;
  #isStopped = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Begins to look at what is new, unless it is at it. */
  start(listeners: readonly Listener[]): void {
    this.#running ??= this.#route(listeners)
      .catch((error: unknown) =>
        this.#parts.log.error({ err: error }, 'events could not be handed to the flows; next try at the next round'),
      )
      .finally(() => {
        this.#running = undefined;
      });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  // A step of each source in turn: neither a storm nor a fault of one holds up the others.
  async #route(listeners: readonly Listener[]): Promise<void> {
    const byConnection = Map.groupBy(listeners, ({ sourceConnectionId }) => sourceConnectionId);
    const failing = new Set<string>();
    for (let turn = 0; turn < mostTurns; turn++) {
      let mayBeMore = false;
      for (const connectionId of await connectionsWithNewEvents(this.#parts.store)) {
        if (this.#isStopped) return;
        if (failing.has(connectionId)) continue;
        const count = await this.#tryStep(connectionId, byConnection.get(connectionId) ?? []);
        if (count === undefined) failing.add(connectionId);
        else mayBeMore ||= count >= eventsPerStep;
      }
      if (!mayBeMore) return;
    }
  }

  /** Undefined when it failed. */
  async #tryStep(connectionId: string, listeners: readonly Listener[]): Promise<number | undefined> {
    try {
      return await this.#step(connectionId, listeners);
    } catch (error) {
      this.#parts.log.error({ err: error, connectionId }, 'events could not be handed to the flows; next try at the next round');
      return undefined;
    }
  }

  async #step(connectionId: string, listeners: readonly Listener[]): Promise<number> {
    const { store, clock, settings } = this.#parts;
    const events = await newWebhookEvents(store, connectionId, eventsPerStep);
    if (events.length === 0) return 0;
    const [routedIds, ignoredIds, keys] = [[], [], []] as [string[], string[], { flow: FlowRef; key: string }[]];
    for (const event of events) {
      const wanted = listeners.flatMap((listener) => this.#keysOf(listener, event).map((key) => ({ flow: listener.ref, key })));
      keys.push(...wanted);
      (wanted.length > 0 ? routedIds : ignoredIds).push(event.id);
    }
    await routeWebhookEvents(store, clock, { routedIds, ignoredIds, keys, debounce: settings.webhooks.debounce });
    return events.length;
  }

  // The safety poll finds what a flow cannot read out of an event.
  #keysOf({ flow }: Listener, { id, topic, body }: WebhookEventRow): string[] {
    try {
      return flow.keysOfEvent({ topic, body: JSON.parse(body) as unknown });
    } catch (error) {
      this.#parts.log.warn({ err: error, flowId: flow.id, eventId: id, topic }, 'a flow could not read an event; it is left out');
      return [];
    }
  }
}
