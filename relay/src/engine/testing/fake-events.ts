import type { FakeFlow, FakePayload } from './fake-systems.ts';

/** The objects that a source tells of by webhook, and what goes wrong when they are read. */
export class FakeEvents {
  readonly objects = new Map<string, FakePayload>();
  /** Keys of each call of `readKeys`. */
  readonly reads: string[][] = [];
  /** Thrown when one of these keys is read, in this order. */
  readonly faults = new Map<string, Error[]>();
  /** Keys that `readKeys` says nothing of. */
  readonly untold = new Set<string>();
  /** Called before the objects of a batch are looked at, and after. */
  beforeRead: (keys: readonly string[], signal: AbortSignal) => Promise<void> = () => Promise.resolve();
  afterRead: (keys: readonly string[], signal: AbortSignal) => Promise<void> = () => Promise.resolve();

  /** What a flow has that listens: events of topic `object/…` name the key in `id`; keys are read in batches of two. */
  readonly flow: Pick<FakeFlow, 'keysOfEvent' | 'readKeys'> = {
    keysOfEvent: ({ topic, body }) => {
      if (topic === 'object/odd') throw new TypeError('cannot read id of undefined');
      return topic.startsWith('object/') ? [(body as { id: string }).id] : [];
    },
    readKeys: ({ keys, scope }) => this.#read(keys, scope.signal),
  };

  async *#read(keys: readonly string[], signal: AbortSignal) {
    this.reads.push([...keys]);
    for (let from = 0; from < keys.length; from += 2) {
      const some = keys.slice(from, from + 2);
      await this.beforeRead(some, signal);
      signal.throwIfAborted();
      for (const key of some) {
        const fault = this.faults.get(key)?.shift();
        if (fault) throw fault;
      }
      const records = some.flatMap((key) => {
        const payload = this.objects.get(key);
        return payload ? [{ key, label: payload.name, payload }] : [];
      });
      await this.afterRead(some, signal);
      yield { records, doneKeys: some.filter((key) => !this.untold.has(key)) };
    }
  }
}
