import { ensureEndpoint, findEndpoint, isKeepDue, keepSubscriptions } from '../webhooks/index.ts';
import type { Listener } from './extraction/index.ts';
import type { EngineParts } from './parts.ts';

const keepTimeoutMs = 2 * 60_000;
/** A connection that could not even be opened. */
const pauseMs = 60_000;

/** Keeps the subscriptions of connections that flows listen to: at the start, hourly, and after a change of the connection. */
export class Subscriptions {
  readonly #parts: EngineParts;
  readonly #running = new Map<string, Promise<void>>();
  /** Those that were looked at since the start. */
  readonly #seen = new Set<string>();
  /** Their systems send no webhooks. */
  readonly #silent = new Set<string>();
  /** When those failed that could not be opened. */
  readonly #failedAt = new Map<string, number>();
  readonly #stop = new AbortController();

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Begins what is due for the connections of these listeners; they are reachable, and worked by this relay. */
  async start(listeners: readonly Listener[]): Promise<void> {
    if (this.#parts.webhooks?.publicUrl === undefined) return;
    for (const connectionId of new Set(listeners.map((one) => one.sourceConnectionId))) {
      if (this.#running.has(connectionId) || this.#silent.has(connectionId)) continue;
      if (await this.#isDue(connectionId)) this.#startOne(connectionId);
    }
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await Promise.all(this.#running.values());
  }

  async stop(): Promise<void> {
    this.#stop.abort(new Error('the relay stops'));
    await Promise.all(this.#running.values());
  }

  async #isDue(connectionId: string): Promise<boolean> {
    const { store, clock } = this.#parts;
    if (Math.abs(clock.now() - (this.#failedAt.get(connectionId) ?? -Infinity)) < pauseMs) return false;
    const row = await findEndpoint(store, connectionId);
    if (!row || !this.#seen.has(connectionId)) return true;
    const connection = await store.db.selectFrom('connection').select('version').where('id', '=', connectionId).executeTakeFirst();
    return connection !== undefined && isKeepDue(row, connection, clock.now());
  }

  #startOne(connectionId: string): void {
    const running = this.#keep(connectionId)
      .catch((error: unknown) => {
        this.#failedAt.set(connectionId, this.#parts.clock.now());
        this.#parts.log.warn({ err: error, connectionId }, 'webhooks could not be looked after; next try in a minute');
      })
      .finally(() => this.#running.delete(connectionId));
    this.#running.set(connectionId, running);
  }

  async #keep(connectionId: string): Promise<void> {
    const { store, clock, sessions, webhooks, log } = this.#parts;
    if (!webhooks) return;
    const deps = { ...webhooks, store, clock };
    await sessions.use(connectionId, async (open) => {
      if (!open.manifest.webhooks) return void this.#silent.add(connectionId);
      const row = await ensureEndpoint(deps, open.connection);
      await keepSubscriptions(deps, open, row, AbortSignal.any([this.#stop.signal, AbortSignal.timeout(keepTimeoutMs)]));
      this.#seen.add(connectionId);
      const after = await findEndpoint(store, connectionId);
      if (after?.keep_error_json && row.keep_failures === 0)
        log.warn(
          { connectionId, problem: JSON.parse(after.keep_error_json) as unknown },
          'the system does not send webhooks as it should; tried again by itself',
        );
    });
  }
}
