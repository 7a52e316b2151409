import { dueLookups, dueRecords } from '../../ledger/index.ts';
import { keepVersion, type LoadedMapping } from '../../mapping/index.ts';
import type { RecordRow } from '../../store/index.ts';
import type { ActiveFlow } from '../active-flow.ts';
import { mappingOf } from '../extraction/index.ts';
import { lookUp } from './look-up.ts';
import { isShut } from '../gates.ts';
import type { EngineParts } from '../parts.ts';
import { postRecord } from './post-record.ts';

const batchSize = 100;

/** Hands out a flow's due records one by one: look-ups first, then pending ones in key order. */
export class FlowWorker {
  active: ActiveFlow;
  readonly #parts: EngineParts;
  readonly #inHand = new Set<string>();
  #mapping: LoadedMapping | undefined;
  #waiting: RecordRow[] = [];
  #mayHaveRecords = true;
  #mayHaveLookups = true;
  #needsSource = false;
  #reportedStamp = -1;

  constructor(parts: EngineParts, active: ActiveFlow) {
    this.#parts = parts;
    this.active = active;
  }

  /** Something may be due that was not there before. */
  refresh(active: ActiveFlow): void {
    // What was fetched under other rules of posting is fetched anew.
    if (active.posting.readUpTo !== this.active.posting.readUpTo) this.#waiting = [];
    this.active = active;
    this.#mayHaveRecords = true;
    this.#mayHaveLookups = true;
  }

  /** Work on the next due record, ready to be started; undefined when there is none. */
  async next(): Promise<(() => Promise<void>) | undefined> {
    if (this.#needsSource && isShut(this.#parts.gates(this.active.sourceConnectionId), this.#parts.clock)) return undefined;
    if (this.#waiting.length === 0) await this.#fetch();
    const record = this.#waiting.shift();
    const mapping = this.#mapping;
    if (!record || !mapping) return undefined;
    this.#inHand.add(record.id);
    return () => this.#work(record, mapping);
  }

  async #work(record: RecordRow, mapping: LoadedMapping): Promise<void> {
    try {
      const work = record.state === 'uncertain' ? lookUp : postRecord;
      const handled = await work(this.#parts, { active: this.active, record, mapping });
      if (handled === 'source failed') this.#needsSource = true;
      if (handled === 'unopened') return this.#rest();
      // The next version of the same key may be free to go.
      this.#mayHaveRecords = true;
    } catch (error) {
      this.#rest();
      throw error;
    } finally {
      this.#inHand.delete(record.id);
    }
  }

  // Until the engine's next round: trying again at once would only spin.
  #rest(): void {
    this.#waiting = [];
    this.#mayHaveRecords = false;
    this.#mayHaveLookups = false;
  }

  async #fetch(): Promise<void> {
    const { store, clock } = this.#parts;
    const { ref, posting } = this.active;
    const limit = batchSize + this.#inHand.size;
    const isFree = (record: RecordRow): boolean => !this.#inHand.has(record.id);
    if (this.#mayHaveLookups) {
      this.#mayHaveLookups = false;
      this.#waiting = (await dueLookups(store, ref, clock.now(), limit)).filter(isFree);
    }
    if (this.#waiting.length === 0 && this.#mayHaveRecords) {
      this.#mayHaveRecords = false;
      this.#waiting = (await dueRecords(store, ref, clock.now(), limit, posting.readUpTo)).filter(isFree);
      if (this.#waiting.length > 0) this.#mayHaveRecords = true;
    }
    // Loaded after the records were, so that it is never older than what woke them.
    if (this.#waiting.length > 0) await this.#loadMapping();
  }

  async #loadMapping(): Promise<void> {
    try {
      this.#mapping = await mappingOf(this.#parts, this.active);
      await keepVersion(this.#parts.store, this.#parts.clock, this.active.ref, this.#mapping);
    } catch (error) {
      this.#rest();
      const { changed_at: stamp, flow_id: flowId } = this.active.row;
      if (stamp === this.#reportedStamp) return;
      this.#reportedStamp = stamp;
      this.#parts.log.warn({ err: error, flowId }, 'the settings of the flow do not fit; its records wait until they are saved again');
    }
  }
}
