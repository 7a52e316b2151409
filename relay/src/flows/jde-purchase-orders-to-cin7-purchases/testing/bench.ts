import { canonicalHash, isSystemError, type SystemError } from '@ml-connector/shared';
import { skuOf, startCin7, uomOf, type Cin7Sim, type PurchaseRow } from '../../../../../scripts/sandbox/cin7/index.ts';
import type { JdePurchaseOrder } from '../../../systems/jde/index.ts';
import { cin7Settings, openCin7Session, type OpenCin7Session } from '../../../systems/cin7-core/index.ts';
import { fastClock, testScope } from '../../../systems/testing/index.ts';
import type { EarlierError, PostResult, PostWait, SentVersion } from '../../flow.ts';
import type { PurchasePost } from '../find.ts';
import { mapOrder } from '../map.ts';
import type { OrderPayload } from '../payload.ts';
import { postOrder } from '../post.ts';
import { probeOrder } from '../probe.ts';
import { item, line, mapping, order, payloadOf } from './samples.ts';

/** A simulated Cin7 Core with supplier 6001, and the little of an engine that posting needs: links, errors, probes after lost answers. */
export interface Bench extends AsyncDisposable {
  sim: Cin7Sim;
  session: OpenCin7Session;
  supplierId: string;
  /** Supplier number to the supplier's id in Cin7 Core. */
  suppliers: Map<string, string>;
  links: Map<string, { targetId: string; targetLabel: string; targetHash: string }>;
  /** Errors of the present version's attempts, by key. */
  errors: Map<string, EarlierError[]>;
  /** Versions before the present one that were sent and not taken, by key. */
  sent: Map<string, SentVersion[]>;
  input(of: JdePurchaseOrder | OrderPayload, settings?: Record<string, unknown>): PurchasePost;
  /** One attempt. */
  post(of: JdePurchaseOrder | OrderPayload, settings?: Record<string, unknown>): Promise<PostResult | PostWait>;
  /** As the engine does it: posts, asks after a lost answer, posts again what is absent. Answers what happened. */
  drive(
    of: JdePurchaseOrder | OrderPayload,
    settings?: Record<string, unknown>,
  ): Promise<{ result: PostResult | PostWait; steps: string[] }>;
  /** A newer version was read: errors of the older one, which is given where it was sent and not taken, are its own. */
  newVersion(sent?: JdePurchaseOrder, key?: string): void;
  purchases(): PurchaseRow[];
  /** As a person does in the application: `received: 'FULLY RECEIVED'`. */
  change(purchase: Partial<PurchaseRow>): Promise<void>;
  /** Writes that Cin7 Core was asked for about purchases. */
  writes(): Record<string, number>;
}

/** Two lines of products that exist: 10 pieces for 125.00, and 2 cases of a product kept in pieces for 96.00. */
export function seededOrder(more: Partial<JdePurchaseOrder> = {}): JdePurchaseOrder {
  return order({
    lines: [
      line({ item: item(skuOf(1)) }),
      line({ number: '2.000', item: item(skuOf(2)), unit: 'CS', quantity: '2', extendedAmount: '96.00' }),
    ],
    ...more,
  });
}

export const benchMaps = { units: { EA: uomOf(1), CS: `12 x ${uomOf(1)}` }, charges: { F: 'Freight' } };

export async function openBench(): Promise<Bench> {
  const sim = await startCin7({ callsPerMinute: 100_000 });
  const session = openCin7Session({ settings: cin7Settings.parse(sim.connectionSettings), clock: fastClock(), random: () => 0.5 });
  const supplier = await session.suppliers.create(
    {
      Name: "O'Brien & Söhne 上海",
      Currency: 'USD',
      PaymentTerm: '30 days',
      AccountPayable: '800',
      TaxRule: 'Tax on Purchases',
      Status: 'Active',
      Addresses: [],
      Contacts: [],
    },
    testScope(),
  );
  const bench: Bench = {
    sim,
    session,
    supplierId: supplier.ID,
    suppliers: new Map([['6001', supplier.ID]]),
    links: new Map(),
    errors: new Map(),
    sent: new Map(),
    input(of, settings = {}) {
      const payload: OrderPayload = 'kind' in of ? of : payloadOf(of);
      const all = { roundingCharge: 'Handling', ...settings };
      const outcome = mapOrder(payload, mapping(all, benchMaps));
      if (outcome.outcome !== 'mapped') throw new Error(`the order is ${JSON.stringify(outcome)}`);
      const { body } = outcome;
      const link = bench.links.get(body.key);
      const errors = bench.errors.get(body.key) ?? [];
      return {
        record: { id: body.key, key: body.key, label: body.key, attempt: errors.length + 1 },
        payload,
        body,
        link: link && { targetId: link.targetId, targetHash: link.targetHash },
        settings: mapping(all).settings,
        source: undefined as never,
        target: session,
        scope: testScope(),
        ownerOf: () => Promise.resolve(undefined),
        linkOf: (key) => {
          const id = typeof key === 'string' ? undefined : bench.suppliers.get(key.key);
          return Promise.resolve(id === undefined ? undefined : { targetId: id, targetLabel: 'supplier' });
        },
        earlierErrors: () => Promise.resolve([...errors]),
        sentVersions: () => Promise.resolve([...(bench.sent.get(body.key) ?? []), { payload, readAt: Date.now(), errors: [...errors] }]),
        lastPosted: () => Promise.resolve(undefined),
      };
    },
    async post(of, settings = {}) {
      const input = bench.input(of, settings);
      const { key } = input.body;
      const result = await postOrder(input).catch((error: SystemError) => {
        bench.errors.set(key, [...(bench.errors.get(key) ?? []), error]);
        throw error;
      });
      if (result.action !== 'waiting') bench.sent.delete(key);
      if (result.action !== 'waiting') bench.links.set(key, { ...result, targetHash: canonicalHash(input.body) });
      return result;
    },
    async drive(of, settings = {}) {
      const steps: string[] = [];
      for (let attempt = 1; attempt <= 20; attempt += 1) {
        try {
          const result = await bench.post(of, settings);
          return { result, steps: [...steps, result.action] };
        } catch (error) {
          if (!isSystemError(error) || (error.verdict !== 'uncertain' && error.verdict !== 'retry')) throw error;
          steps.push(error.verdict);
          if (error.verdict !== 'uncertain') continue;
          const input = bench.input(of, settings);
          const probed = await probeOrder(input).catch(() => undefined);
          steps.push(probed?.outcome ?? 'unknown');
          if (probed?.outcome !== 'applied') continue;
          bench.links.set(input.body.key, { ...probed.result, targetHash: canonicalHash(input.body) });
          return { result: probed.result, steps };
        }
      }
      throw new Error(`never came to an end: ${steps.join(', ')}`);
    },
    newVersion(of, key = '00200-OP-12345-000') {
      if (of)
        bench.sent.set(key, [
          ...(bench.sent.get(key) ?? []),
          { payload: payloadOf(of), readAt: Date.now(), errors: bench.errors.get(key) ?? [] },
        ]);
      bench.errors.delete(key);
    },
    purchases: () => sim.purchases(),
    async change(purchase) {
      const answer = await fetch(`${sim.origin}/__control/purchases`, { method: 'POST', body: JSON.stringify(purchase) });
      if (!answer.ok) throw new Error(await answer.text());
    },
    writes: () => Object.fromEntries(Object.entries(sim.calls).filter(([what]) => /^(POST|PUT|DELETE) \/(advanced-)?purchase/i.test(what))),
    [Symbol.asyncDispose]: async () => {
      await session[Symbol.asyncDispose]();
      await sim[Symbol.asyncDispose]();
    },
  };
  return bench;
}
