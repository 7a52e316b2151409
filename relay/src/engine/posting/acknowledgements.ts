import { backoffMs, toSystemError, toWireError, type SystemError } from '@ml-connector/shared';
import type { PostResult } from '../../flows/index.ts';
import { dueAcknowledgements, endAcknowledgement, type Acknowledgement, type AcknowledgementEnd } from '../../ledger/index.ts';
import type { ActiveFlow } from '../active-flow.ts';
import { traceScope, type TracedScope } from '../call-scope.ts';
import { answered } from '../connection-health.ts';
import { withDeadline } from '../deadline.ts';
import { durably } from '../durably.ts';
import { mappingOf } from '../extraction/index.ts';
import type { EngineParts } from '../parts.ts';
import { halt } from './post-record.ts';

/** Sources that are being told at once, per flow, before more are looked for. */
const atOnce = 4;

/** Tells sources what became of their records, until they take it. One key at a time, so that what is older never comes last. */
export class Acknowledgements {
  readonly #parts: EngineParts;
  readonly #inHand = new Map<string, Promise<boolean>>();
  /** As the last round found them, by name: what was paused or given to another relay since is not gone on with. */
  #ready: ReadonlyMap<string, ActiveFlow> = new Map();
  #isStopped = false;

  constructor(parts: EngineParts) {
    this.#parts = parts;
  }

  /** Starts what is due in flows whose source answers; one after the other, as long as it does. */
  async start(ready: readonly ActiveFlow[]): Promise<void> {
    this.#ready = new Map(ready.filter(({ flow }) => flow.acknowledge !== undefined).map((active) => [active.name, active]));
    for (const active of this.#ready.values()) await this.#startDue(active);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await Promise.all(this.#inHand.values());
  }

  async #startDue(active: ActiveFlow): Promise<void> {
    const { store, clock } = this.#parts;
    const own = [...this.#inHand.keys()].filter((name) => name.startsWith(`${active.name} `)).length;
    if (own >= atOnce) return;
    for (const due of await dueAcknowledgements(store, active.ref, clock.now(), 2 * atOnce)) this.#startOne(active, due);
  }

  #startOne(active: ActiveFlow, due: Acknowledgement): void {
    const name = `${active.name} ${due.row.key}`;
    if (this.#isStopped || this.#inHand.has(name)) return;
    const telling = this.#tellOne(active, due).finally(() => this.#inHand.delete(name));
    this.#inHand.set(name, telling);
    // What goes wrong waits for the next round.
    void telling.then((isTold) => (isTold ? this.#goOn(active.name) : undefined)).catch((error: unknown) => this.#failed(error, due));
  }

  async #goOn(name: string): Promise<void> {
    const active = this.#ready.get(name);
    if (active && !this.#isStopped) await this.#startDue(active);
  }

  async #tellOne(active: ActiveFlow, due: Acknowledgement): Promise<boolean> {
    try {
      return await tell(this.#parts, active, due);
    } catch (error) {
      this.#failed(error, due);
      return false;
    }
  }

  #failed(error: unknown, { record }: Acknowledgement): void {
    this.#parts.log.error({ err: error, recordId: record.id }, 'a source was not told; it is told again');
  }
}

/** Answers whether the source took it. */
async function tell(parts: EngineParts, active: ActiveFlow, due: Acknowledgement): Promise<boolean> {
  const { store, clock, sessions, settings, hardSignal } = parts;
  const { record, result } = due;
  const { settings: flowSettings } = await mappingOf(parts, active);
  let traced: TracedScope | undefined;
  let end: AcknowledgementEnd;
  try {
    await sessions.use(active.sourceConnectionId, (source) =>
      withDeadline({ clock, ms: settings.postTimeoutMs, outer: hardSignal }, async (signal) => {
        traced = traceScope(parts, record, { signal, context: { recordId: record.id, runId: record.run_id, flowId: record.flow_id } });
        await active.flow.acknowledge?.({
          record: { id: record.id, key: record.key, label: record.label },
          payload: JSON.parse(record.payload_json) as unknown,
          result: result as PostResult,
          settings: flowSettings,
          source: source.session,
          scope: traced.scope,
        });
      }),
    );
    await answered(parts, active.sourceConnectionId);
    end = { state: 'told' };
  } catch (error) {
    end = await judge(parts, active, { due, fault: toSystemError(error, `telling the source of ${record.key}`) });
  }
  await durably(parts, 'storing what the source was told', async () => {
    await traced?.written();
    await endAcknowledgement(store, clock, due, end);
  });
  return end.state === 'told';
}

async function judge(
  parts: EngineParts,
  { sourceConnectionId }: ActiveFlow,
  { due, fault }: { due: Acknowledgement; fault: SystemError },
): Promise<AcknowledgementEnd> {
  const { clock, settings, gates, store } = parts;
  const error = toWireError(fault);
  if (fault.verdict === 'refused') {
    await answered(parts, sourceConnectionId);
    return { state: 'refused', error };
  }
  const now = clock.now();
  if (fault.verdict === 'halt') {
    const connection = await store.db.selectFrom('connection').selectAll().where('id', '=', sourceConnectionId).executeTakeFirst();
    if (connection) await halt(parts, connection, fault);
  } else gates(sourceConnectionId).failed(now);
  const waitMs = Math.max(fault.retryAfterMs ?? 0, backoffMs(due.row.failures + 1, settings.retry));
  return { state: 'failed', error, nextAttemptAt: now + waitMs };
}
