import { SystemError, type Clock } from '@ml-connector/shared';
import { z } from 'zod';
import type { DayRange, Flow } from '../../flows/index.ts';
import type { CallScope, SystemManifest } from '../../systems/index.ts';

export interface FakePayload {
  name: string;
  terms?: string;
  /** Keys that have to be through before. */
  after?: string[];
  /** Business day. */
  day?: string;
  /** Whether posting asks the source again. */
  asksSource?: boolean;
}

/** How the next write of a key ends; without one it works. */
export type Fault =
  | 'retry'
  | 'refused'
  | 'halt'
  | 'lost before'
  | 'lost after'
  /** Applied a while after the answer was lost. */
  | 'late'
  /** Never answers. */
  | 'hangs'
  | 'hangs after'
  | 'throws'
  | { retryAfterMs: number }
  | { source: 'retry' | 'halt' };

interface Write {
  key: string;
  id: string | undefined;
  body: unknown;
}

/** A target without any protection of its own against duplicates: what it is told to create, it creates. */
export class FakeTarget {
  readonly objects: { id: string; key: string; body: unknown }[] = [];
  /** `create 1`, `update 1`, `probe 1` in the order they were asked for. */
  readonly calls: string[] = [];
  readonly bodies: unknown[] = [];
  /** Faults by key, used up one per write. */
  readonly faults = new Map<string, Fault[]>();
  readonly probeFaults = new Map<string, ('retry' | 'halt' | 'unknown')[]>();
  lateMs = 200;
  atOnce = 0;
  mostAtOnce = 0;
  takenId: string | undefined;
  readonly #clock: Clock;
  readonly #late: { at: number; write: Write }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  creations(key: string): number {
    return this.objects.filter((object) => object.key === key).length;
  }

  async write(input: Write, scope: CallScope): Promise<{ id: string }> {
    const { key, id, body } = input;
    this.#applyLate();
    const what = `${id ? 'update' : 'create'} ${key}`;
    this.calls.push(what);
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce);
    const at = this.#clock.now();
    const exchange = { system: 'cin7-core' as const, what, at, ms: 1, request: body };
    try {
      const fault = this.faults.get(key)?.shift();
      const answer = await this.#apply(fault, { key, id, body }, scope);
      scope.trace({ ...exchange, status: 200, answer });
      return answer;
    } catch (error) {
      const { code, verdict, message } = error as SystemError;
      const isSource = code?.startsWith('SOURCE');
      scope.trace({ ...exchange, system: isSource ? 'sap-ecc' : 'cin7-core', error: { code, verdict, message } });
      throw error;
    } finally {
      this.atOnce--;
    }
  }

  async probe(key: string): Promise<{ id: string } | undefined> {
    this.#applyLate();
    this.calls.push(`probe ${key}`);
    const fault = this.probeFaults.get(key)?.shift();
    if (fault === 'unknown') throw new Error('cannot tell');
    if (fault) throw new SystemError(fault.toUpperCase(), fault, 'probe failed');
    return this.objects.find((object) => object.key === key);
  }

  async #apply(fault: Fault | undefined, write: Write, scope: CallScope): Promise<{ id: string }> {
    const lost = new SystemError('TUNNEL_LOST', 'uncertain', 'the answer was lost');
    if (typeof fault === 'object') {
      if ('source' in fault) throw new SystemError('SOURCE_TROUBLE', fault.source, 'the source did not answer');
      throw new SystemError('RATE_LIMITED', 'retry', 'too many calls', fault);
    }
    switch (fault) {
      case 'retry':
        throw new SystemError('BUSY', 'retry', 'try later');
      case 'refused':
        throw new SystemError('REFUSED', 'refused', 'the name is too long', { fix: 'Shorten the name.' });
      case 'halt':
        throw new SystemError('UNAUTHORIZED', 'halt', 'the application key is not valid', { fix: 'Enter a new key.' });
      case 'throws':
        throw new TypeError('undefined is not a supplier');
      case 'lost before':
        throw lost;
      case 'lost after':
        this.#store(write);
        throw lost;
      case 'late':
        this.#late.push({ at: this.#clock.now() + this.lateMs, write });
        throw lost;
      case 'hangs':
        return never(scope);
      case 'hangs after':
        this.#store(write);
        return never(scope);
      case undefined:
        return this.#store(write);
    }
  }

  // Looked at whenever somebody asks, so that it is exactly as late as it should be.
  #applyLate(): void {
    const now = this.#clock.now();
    const due = this.#late.filter(({ at }) => at <= now);
    for (const one of due) {
      this.#late.splice(this.#late.indexOf(one), 1);
      this.#store(one.write);
    }
  }

  #store({ key, id, body }: Write): { id: string } {
    this.bodies.push(body);
    const present = this.objects.find((object) => object.id === id);
    if (present) {
      present.body = body;
      return present;
    }
    const created = { id: this.takenId ?? `target-${this.objects.length + 1}`, key, body };
    this.objects.push(created);
    return created;
  }
}

function never({ signal }: CallScope): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
}

/** What the fake flow reads: batches, the cursor being the number of batches read. */
export class FakeSource {
  batches: ({ key: string } & FakePayload)[][] = [];
  readonly extractions: { mode: string; cursor: unknown; range?: DayRange }[] = [];
  /** What each sweep was told about keys that have a link. */
  readonly linkedKeys: string[][] = [];
  /** How often a post asked the source. */
  asked = 0;
  /** Thrown after so many batches, once. */
  failAfter: { batches: number; error: Error } | undefined;
  /** Called before each batch. */
  beforeBatch: (number: number, signal: AbortSignal) => Promise<void> = () => Promise.resolve();
}

export type FakeFlow = Flow<FakePayload, unknown, FakeSource, FakeTarget>;

export function fakeFlow(kind: 'master' | 'document' = 'master'): FakeFlow {
  return {
    id: 'fake-vendors-to-suppliers',
    title: 'Vendors to suppliers',
    from: 'sap-ecc',
    to: 'cin7-core',
    kind,
    settings: z.object({ prefix: z.string().default(''), skip: z.string().default('-') }),
    schedule: { everyMs: 3_600_000, sweepEveryMs: 86_400_000 },
    valueMaps: [{ id: 'terms', title: 'Payment terms', from: 'SAP', to: 'Cin7', missing: 'block' }],
    async *extract(input) {
      const { mode, cursor, source, scope, clock, range } = input;
      source.extractions.push({ mode, cursor, ...(range && { range }) });
      if (mode === 'sweep') source.linkedKeys.push(await input.linkedKeys());
      const start = mode === 'changes' ? ((cursor as number | null) ?? 0) : 0;
      for (let number = start; number < source.batches.length; number++) {
        await source.beforeBatch(number, scope.signal);
        scope.signal.throwIfAborted();
        if (source.failAfter?.batches === number) {
          const { error } = source.failAfter;
          source.failAfter = undefined;
          throw error;
        }
        scope.trace({ system: 'sap-ecc', what: 'RFC_READ_TABLE LFA1', at: clock.now(), ms: 3, answer: source.batches[number] });
        input.progress(`batch ${number + 1}`);
        const records = (source.batches[number] ?? []).map(({ key, ...payload }) => ({ key, label: payload.name, payload }));
        yield { records, cursor: number + 1 };
      }
    },
    map({ name, terms }, mapping) {
      const { prefix, skip } = mapping.settings as { prefix: string; skip: string };
      if (name === 'POISON') throw new TypeError('cannot read name of undefined');
      if (name.startsWith(skip)) return { outcome: 'skipped', reason: `names with ${skip} are left out` };
      const term = terms === undefined ? 'none' : mapping.lookup('terms', terms);
      if (term !== undefined) return { outcome: 'mapped', body: { name: prefix + name, term }, notes: [] };
      const missing = { valueMapId: 'terms', code: terms ?? '' };
      return { outcome: 'blocked', reasons: [{ code: 'VALUE_MAP_MISSING', message: `no payment term for ${terms}`, missing }] };
    },
    canBackfill: true,
    predecessors: ({ after }) => after ?? [],
    businessDate: ({ day }) => day ?? '2030-03-17',
    async post(input) {
      const { record, payload, body, link, target, scope } = input;
      if (payload.asksSource) input.source.asked++;
      const { id } = await target.write({ key: record.key, id: link?.targetId, body }, scope);
      return { targetId: id, targetLabel: record.label, action: link ? 'updated' : 'created' };
    },
    async probe({ record, body, link, target }) {
      const found = await target.probe(record.key);
      if (!found) return { outcome: 'absent' };
      // An update is there when the object looks like it.
      const isCurrent = JSON.stringify(target.objects.find(({ id }) => id === found.id)?.body) === JSON.stringify(body);
      if (link && !isCurrent) return { outcome: 'absent' };
      return { outcome: 'applied', result: { targetId: found.id, targetLabel: record.label, action: link ? 'updated' : 'created' } };
    },
    codes: () =>
      Promise.resolve([
        {
          valueMapId: 'terms',
          from: [{ code: 'Z030', name: '30 Tage netto' }],
          to: [{ code: '30 days', name: '30 days' }],
          proposals: [{ from: 'Z030', to: '30 days', why: 'both are 30 days net' }],
        },
      ]),
  };
}

/** Manifests whose sessions are the given objects. */
export function fakeSystems(source: FakeSource, target: FakeTarget): SystemManifest[] {
  const settings = z.object({ key: z.string().meta({ secret: true }).default('') });
  const check = () => Promise.resolve({ account: 'test', details: {} });
  return [
    { id: 'sap-ecc', label: 'SAP ECC', runsOn: 'agent', settings, open: () => source, check },
    { id: 'cin7-core', label: 'Cin7 Core', runsOn: 'relay', settings, open: () => target, check },
  ];
}
