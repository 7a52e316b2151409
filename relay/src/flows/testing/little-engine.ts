import { canonicalHash, isSystemError, type Clock } from '@ml-connector/shared';
import type { Exchange } from '../../systems/index.ts';
import { testScope } from '../../systems/testing/index.ts';
import type { ExtractMode, Flow, LedgerEntry, Mapping, PostInput, RecordNews } from '../flow.ts';

interface Parts<Payload, Body, Source, Target> {
  flow: Flow<Payload, Body, Source, Target>;
  source: Source;
  target: Target;
  mapping: Mapping;
  clock: Clock;
}

export interface LittleEngine {
  /** Newest version by key, as a reconciliation sees it. */
  ledger: Map<string, LedgerEntry & { label: string; reason: string }>;
  /** Every call made for a run or a record. */
  exchanges: readonly Exchange[];
  /** Lines for the trails of records, oldest first. */
  news: RecordNews[];
  /** Extracts, maps and posts what changed; answers how often each outcome was seen. */
  run: (mode?: ExtractMode) => Promise<Record<string, number>>;
  /** Maps and posts the newest version of a key once more, as after a replay. */
  replay: (key: string) => Promise<Record<string, number>>;
}

/** What of an engine a flow of master data needs: hashes, links, a cursor, probes after lost answers. */
export function littleEngine<Payload, Body, Source, Target>({
  flow,
  source,
  target,
  mapping,
  clock,
}: Parts<Payload, Body, Source, Target>): LittleEngine {
  const scope = testScope();
  const { settings } = mapping;
  const ledger: LittleEngine['ledger'] = new Map();
  const news: RecordNews[] = [];
  const links = new Map<string, { targetId: string; targetLabel: string }>();
  const posted = new Map<string, Payload>();
  const hashes = new Map<string, string>();
  let cursor: unknown = null;
  let seen: Record<string, number> = {};
  const count = (what: string): void => void (seen[what] = (seen[what] ?? 0) + 1);

  async function handle(key: string, label: string, payload: Payload): Promise<void> {
    const { what, state, reason } = await post(key, label, payload);
    count(what);
    if (state === 'succeeded') posted.set(key, payload);
    const targetId = state === 'succeeded' ? (links.get(key)?.targetId ?? null) : null;
    ledger.set(key, { key, label, recordId: `rec_${key}`, state, targetId, payload, reason });
  }

  async function post(key: string, label: string, payload: Payload): Promise<{ what: string; state: string; reason: string }> {
    const outcome = flow.map(payload, mapping);
    if (outcome.outcome === 'skipped') return { what: 'skipped', state: 'skipped', reason: outcome.reason };
    if (outcome.outcome === 'blocked')
      return { what: 'blocked', state: 'blocked', reason: outcome.reasons.map(({ message }) => message).join('; ') };
    for (let attempt = 1; ; attempt += 1) {
      const targetId = links.get(key)?.targetId;
      const input: PostInput<Payload, Body, Source, Target> = {
        record: { id: `rec_${key}`, key, label, attempt },
        payload,
        body: outcome.body,
        link: targetId === undefined ? undefined : { targetId, targetHash: null },
        settings,
        source,
        target,
        scope,
        ownerOf: (id) => Promise.resolve([...links].find(([, linked]) => linked.targetId === id)?.[0]),
        linkOf: (of) => Promise.resolve(typeof of === 'string' ? links.get(of) : undefined),
        earlierErrors: () => Promise.resolve([]),
        sentVersions: () => Promise.resolve([]),
        lastPosted: () => Promise.resolve(posted.get(key)),
      };
      try {
        const result = await flow.post(input);
        if (result.action === 'waiting') throw new Error('master data waits for nothing');
        const taken = [...links].find(([other, linked]) => other !== key && linked.targetId === result.targetId);
        if (taken) throw new Error(`${result.targetId} belongs to ${taken[0]} already`);
        links.set(key, result);
        news.push(...(result.tells ?? []));
        return { what: result.action, state: 'succeeded', reason: '' };
      } catch (error) {
        if (!isSystemError(error)) throw error;
        if (error.verdict === 'refused') return { what: error.code, state: 'blocked', reason: error.message };
        if (error.verdict === 'halt') throw error;
        const probed = error.verdict === 'uncertain' ? await flow.probe(input) : undefined;
        if (probed?.outcome !== 'applied') continue;
        links.set(key, probed.result);
        return { what: 'found by probe', state: 'succeeded', reason: '' };
      }
    }
  }

  return {
    ledger,
    exchanges: scope.exchanges,
    news,
    async run(mode = 'changes') {
      seen = {};
      const linkedKeys = (known?: (key: string) => unknown) =>
        Promise.resolve([...links.keys()].filter((key) => !known || hashes.get(key) !== canonicalHash(known(key))));
      const batches = flow.extract({ mode, cursor, settings, source, scope, clock, progress: () => undefined, linkedKeys });
      for await (const { records, cursor: next } of batches) {
        const fresh = records.filter(({ key, payload }) => hashes.get(key) !== canonicalHash(payload));
        await Promise.all(fresh.map(({ key, label, payload }) => handle(key, label, payload)));
        for (const { key, payload } of fresh) hashes.set(key, canonicalHash(payload));
        if (next !== undefined) cursor = next;
      }
      return { ...seen };
    },
    async replay(key) {
      seen = {};
      const newest = ledger.get(key);
      if (!newest) throw new Error(`no record has the key ${key}`);
      await handle(key, newest.label, newest.payload as Payload);
      return { ...seen };
    },
  };
}
