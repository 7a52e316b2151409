import { canonicalHash, isSystemError, silentLog, type WireError } from '@ml-connector/shared';
import { startBigCommerce, type BigCommerceSim } from '../../../../../scripts/sandbox/bigcommerce/index.ts';
import { bigCommerceSettings, openBigCommerceSession, type BigCommerceSession } from '../../../systems/bigcommerce/index.ts';
import { openSapSession, sapEccSettings, type SapSession } from '../../../systems/sap-ecc/index.ts';
import { fakeSap, type FakeSap } from '../../../systems/sap-ecc/testing/fake-sap.ts';
import { fastClock, testScope } from '../../../systems/testing/index.ts';
import type { ExtractMode } from '../../flow.ts';
import { sapMaterialsToBigCommerceProducts as flow } from '../flow.ts';
import type { MaterialPayload, ProductPost } from '../payload.ts';
import { mapping, ordinarySettings } from './samples.ts';

export interface MaterialsBench extends AsyncDisposable {
  sap: FakeSap;
  store: BigCommerceSim;
  source: SapSession;
  target: BigCommerceSession;
  settings: Record<string, unknown>;
  links: Map<string, string>;
  /** Why records of the last run did not succeed, by key. */
  reasons: Map<string, Pick<WireError, 'code' | 'message'>>;
  /** Extracts and posts what is new, four at a time; answers how often what happened. */
  run(mode?: ExtractMode): Promise<Record<string, number>>;
}

/** Both systems, and the little of an engine that a flow needs: hashes, links, a cursor, retries, probes after lost answers. */
export async function openMaterialsBench(more: Record<string, unknown> = {}): Promise<MaterialsBench> {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(await startBigCommerce({ quota: 100_000 }));
  const clock = fastClock();
  const target = stack.use(
    openBigCommerceSession({ settings: bigCommerceSettings.parse(store.connectionSettings), clock, random: () => 0.5 }),
  );
  const sap = fakeSap({ MARA: [], MAKT: [], MARD: [], A304: [], A004: [], KONP: [], CDHDR: [], T023T: [] });
  const source = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'PRD' }),
    clock,
    log: silentLog,
    agents: sap.agents,
  });
  const settings = { ...ordinarySettings, ...more };
  const links = new Map<string, string>();
  const hashes = new Map<string, string>();
  const reasons: MaterialsBench['reasons'] = new Map();
  let cursor: unknown = null;

  async function post(key: string, label: string, payload: MaterialPayload): Promise<string> {
    const outcome = flow.map(payload, mapping(settings));
    if (outcome.outcome !== 'mapped') return outcome.outcome;
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      const targetId = links.get(key);
      const input: ProductPost = {
        record: { id: key, key, label, attempt },
        payload,
        body: outcome.body,
        link: targetId === undefined ? undefined : { targetId, targetHash: null },
        settings,
        source,
        target,
        scope: testScope(),
        ownerOf: (id) => Promise.resolve([...links].find(([, linked]) => linked === id)?.[0]),
        linkOf: () => Promise.resolve(undefined),
        earlierErrors: () => Promise.resolve([]),
        sentVersions: () => Promise.resolve([]),
        lastPosted: () => Promise.resolve(undefined),
      };
      try {
        const result = await flow.post(input);
        if (result.action === 'waiting') {
          reasons.set(key, result.reason);
          if (result.reason.code !== 'PRODUCT_BUSY') return 'waiting';
          await new Promise((resolve) => setImmediate(resolve));
          continue;
        }
        links.set(key, result.targetId);
        return result.action;
      } catch (error) {
        if (!isSystemError(error)) throw error;
        if (error.verdict === 'refused') {
          reasons.set(key, error);
          return 'refused';
        }
        if (error.verdict === 'halt') throw error;
        const probed = error.verdict === 'uncertain' ? await flow.probe(input) : undefined;
        if (probed?.outcome !== 'applied') continue;
        links.set(key, probed.result.targetId);
        return 'found by probe';
      }
    }
    return 'given up';
  }

  async function run(mode: ExtractMode = 'changes'): Promise<Record<string, number>> {
    const seen: Record<string, number> = {};
    reasons.clear();
    const linkedKeys = () => Promise.resolve([...links.keys()]);
    const reading = { mode, cursor, settings, source, scope: testScope(), clock, progress: () => undefined, linkedKeys };
    for await (const batch of flow.extract(reading)) {
      const fresh = batch.records.filter(({ key, payload }) => hashes.get(key) !== canonicalHash(payload));
      const next = fresh.values();
      const work = async (): Promise<void> => {
        for (const { key, label, payload } of next) {
          const what = await post(key, label, payload);
          seen[what] = (seen[what] ?? 0) + 1;
          // What waits is looked at again.
          if (what !== 'waiting') hashes.set(key, canonicalHash(payload));
        }
      };
      await Promise.all([work(), work(), work(), work()]);
      if (batch.cursor !== undefined) cursor = batch.cursor;
    }
    return seen;
  }
  const up = stack.move();
  return { sap, store, source, target, settings, links, reasons, run, [Symbol.asyncDispose]: () => up.disposeAsync() };
}
