import { canonicalHash, isSystemError, type Clock } from '@ml-connector/shared';
import type { Cin7Session } from '../../../systems/cin7-core/index.ts';
import { testScope } from '../../../systems/testing/index.ts';
import type { ExtractMode, Flow, Mapping, PostInput } from '../../flow.ts';
import type { SupplierBody } from '../body.ts';

interface Parts<Payload, Source> {
  flow: Flow<Payload, SupplierBody, Source, Cin7Session>;
  source: Source;
  target: Cin7Session;
  mapping: Mapping;
  clock: Clock;
}

export interface LittleEngine {
  /** Links by key. */
  links: Map<string, string>;
  /** Extracts, maps and posts what changed; answers how often each outcome was seen. */
  run: (mode?: ExtractMode) => Promise<Record<string, number>>;
}

/** What of an engine a flow of suppliers needs: hashes, links, a cursor, probes after lost answers. */
export function littleEngine<Payload, Source>({ flow, source, target, mapping, clock }: Parts<Payload, Source>): LittleEngine {
  const scope = testScope();
  const { settings } = mapping;
  const links = new Map<string, string>();
  const hashes = new Map<string, string>();
  let cursor: unknown = null;
  let seen: Record<string, number> = {};
  const count = (what: string): void => void (seen[what] = (seen[what] ?? 0) + 1);

  async function post(key: string, label: string, payload: Payload): Promise<void> {
    const outcome = flow.map(payload, mapping);
    if (outcome.outcome !== 'mapped') return count(outcome.outcome);
    for (let attempt = 1; ; attempt += 1) {
      const targetId = links.get(key);
      const input: PostInput<Payload, SupplierBody, Source, Cin7Session> = {
        record: { id: key, key, label, attempt },
        payload,
        body: outcome.body,
        link: targetId ? { targetId, targetHash: null } : undefined,
        settings,
        source,
        target,
        scope,
        ownerOf: (id) => Promise.resolve([...links].find(([, linked]) => linked === id)?.[0]),
        linkOf: () => Promise.resolve(undefined),
        earlierErrors: () => Promise.resolve([]),
        lastPosted: () => Promise.resolve(undefined),
      };
      try {
        const result = await flow.post(input);
        if (result.action === 'waiting') throw new Error('suppliers wait for nothing');
        links.set(key, result.targetId);
        return count(result.action);
      } catch (error) {
        if (!isSystemError(error) || (error.verdict !== 'uncertain' && error.verdict !== 'retry')) throw error;
        const probed = error.verdict === 'uncertain' ? await flow.probe(input) : undefined;
        if (probed?.outcome !== 'applied') continue;
        links.set(key, probed.result.targetId);
        return count('found by probe');
      }
    }
  }

  return {
    links,
    async run(mode = 'changes') {
      seen = {};
      const linkedKeys = () => Promise.resolve([...links.keys()]);
      const batches = flow.extract({ mode, cursor, settings, source, scope, clock, progress: () => undefined, linkedKeys });
      for await (const { records, cursor: next } of batches) {
        const fresh = records.filter(({ key, payload }) => hashes.get(key) !== canonicalHash(payload));
        await Promise.all(fresh.map(({ key, label, payload }) => post(key, label, payload)));
        for (const { key, payload } of fresh) hashes.set(key, canonicalHash(payload));
        if (next !== undefined) cursor = next;
      }
      return { ...seen };
    },
  };
}
