import { startCin7, type Cin7Sim } from '../../../../../scripts/sandbox/cin7/index.ts';
import { isSystemError } from '@ml-connector/shared';
import { cin7Settings, openCin7Session, type OpenCin7Session } from '../../../systems/cin7-core/index.ts';
import type { SapDocument } from '../../../systems/sap-ecc/index.ts';
import { fastClock, testScope, type FastClock } from '../../../systems/testing/index.ts';
import type { EarlierError, PostResult, PostWait } from '../../flow.ts';
import type { JournalPost } from '../holdings.ts';
import { postDocument } from '../post.ts';
import { probeDocument } from '../probe.ts';
import { bodyOf, requiredSettings } from './samples.ts';

/** A simulated Cin7 Core, and the little of an engine that posting needs: links, and probes after lost answers. */
export interface Bench extends AsyncDisposable {
  sim: Cin7Sim;
  session: OpenCin7Session;
  clock: FastClock;
  /** Key to journal. */
  links: Map<string, { targetId: string; targetLabel: string }>;
  /** Key to the errors of its earlier attempts. */
  errors: Map<string, EarlierError[]>;
  input(document: SapDocument, settings?: Record<string, unknown>): JournalPost;
  post(document: SapDocument, settings?: Record<string, unknown>): Promise<PostResult | PostWait>;
  /** As the engine does it: posts, asks after a lost answer, posts again what is absent. Answers what happened. */
  drive(document: SapDocument, settings?: Record<string, unknown>): Promise<{ result: PostResult | PostWait; steps: string[] }>;
  journals(): { Status: string; Narration: string; Lines: unknown[]; EffectiveDate: string; Notes: string; TaskID: string }[];
}

export async function openBench(): Promise<Bench> {
  const sim = await startCin7({ callsPerMinute: 100_000 });
  const clock = fastClock();
  const session = openCin7Session({ settings: cin7Settings.parse(sim.connectionSettings), clock, random: () => 0.5 });
  const bench: Bench = {
    sim,
    session,
    clock,
    links: new Map(),
    errors: new Map(),
    input(document, settings = {}) {
      const body = bodyOf(document, settings);
      const link = bench.links.get(body.key);
      return {
        record: { id: body.key, key: body.key, label: document.number, attempt: 1 },
        payload: document,
        body,
        link: link && { targetId: link.targetId, targetHash: null },
        settings: { ...requiredSettings, ...settings },
        source: undefined as never,
        target: session,
        scope: testScope(),
        ownerOf: () => Promise.resolve(undefined),
        linkOf: (of) => Promise.resolve(bench.links.get(typeof of === 'string' ? of : of.key)),
        earlierErrors: () => Promise.resolve(bench.errors.get(body.key) ?? []),
        sentVersions: () => Promise.resolve([]),
        lastPosted: () => Promise.resolve(undefined),
      };
    },
    async post(document, settings = {}) {
      const input = bench.input(document, settings);
      const result = await postDocument(input).catch((error: EarlierError) => {
        bench.errors.set(input.body.key, [...(bench.errors.get(input.body.key) ?? []), error]);
        throw error;
      });
      if (result.action !== 'waiting') bench.links.set(input.body.key, result);
      return result;
    },
    async drive(document, settings = {}) {
      const steps: string[] = [];
      for (let attempt = 1; attempt <= 20; attempt += 1) {
        try {
          const result = await bench.post(document, settings);
          return { result, steps: [...steps, result.action] };
        } catch (error) {
          if (!isSystemError(error) || (error.verdict !== 'uncertain' && error.verdict !== 'retry')) throw error;
          steps.push(error.verdict);
          if (error.verdict !== 'uncertain') continue;
          const probed = await probeDocument(bench.input(document, settings));
          steps.push(probed.outcome);
          if (probed.outcome !== 'applied') continue;
          bench.links.set(bench.input(document, settings).body.key, probed.result);
          return { result: probed.result, steps };
        }
      }
      throw new Error(`never came to an end: ${steps.join(', ')}`);
    },
    journals: () => [...sim.state.journals.values()],
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
  return bench;
}
