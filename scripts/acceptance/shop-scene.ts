import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  compareShop,
  orderFlow,
  runShopFlow,
  sapName,
  setUpShop,
  setUpSite,
  shopDeviations,
  shopFlows,
  shopRest,
  startBigCommerceProcess,
  startLandscape,
  startShop,
  waitFor,
  type BigCommerceProcess,
  type Landscape,
  type PostedDocument,
  type Shop,
  type ShopFlow,
  type ShopSettings,
  type StateCounts,
} from '../landscape/index.ts';
import { builtBundles } from './built-bundles.ts';
import type { RecordView, StoryView } from './scene.ts';

export interface ShopSceneSettings extends ShopSettings {
  /** Those that are switched on. */
  flows: readonly ShopFlow[];
  /** Further keys of relay.yaml's `limits`. */
  limits?: Record<string, number>;
}

/** A web shop connected with SAP, everything mapped; what a test asks of it reads as a sentence. */
export interface ShopScene extends AsyncDisposable {
  readonly landscape: Landscape;
  readonly store: BigCommerceProcess;
  readonly shop: Shop;
  /** Until every webhook arrived, what it named was read, and no record can move by itself. */
  settled(): Promise<StateCounts>;
  /** Orders (`101`) and refunds (`R7`) that a person decided to leave out of SAP. */
  readonly leftOut: Set<string>;
  /** Settled, and store and SAP agree to the cent; `explained` orders and refunds may be missing in SAP, too. */
  agreed(...explained: (string | number)[]): Promise<void>;
  /** Asks for a run and waits for it and all that it brings. */
  run(flowId?: ShopFlow, mode?: 'changes' | 'sweep' | 'full'): Promise<StateCounts>;
  /** Newest version of a record. */
  record(key: string | number, flowId?: ShopFlow): Promise<RecordView>;
  story(key: string | number, flowId?: ShopFlow): Promise<StoryView>;
  /** Waits for it. */
  recordIn(state: string, key: string | number, flowId?: ShopFlow): Promise<RecordView>;
  replay(key: string | number, flowId?: ShopFlow): Promise<void>;
  /** Documents in SAP with the reference of an order, those that were reversed too. */
  documents(reference: string): Promise<PostedDocument[]>;
  /** As its metafields say; empty when it was told nothing. */
  toldTheStore(orderId: number): Promise<Record<string, string>>;
}

export async function openShopScene(settings: ShopSceneSettings): Promise<ShopScene> {
  const { flows, limits = {}, ...shopSettings } = settings;
  await using opening = new AsyncDisposableStack();
  await builtBundles();
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-shop-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, 'relay'), { mode: 0o700 });
  // Simulated answers do not linger, and a simulated purchase is over at once.
  const fast = { lostAnswerSeconds: 1, stopSeconds: 5, quietSeconds: 1, ...limits };
  writeFileSync(path.join(folder, 'relay/relay.yaml'), `limits: ${JSON.stringify(fast)}\n`);
  const landscape = opening.use(
    await startLandscape({
      folder,
      sapArgs: ['--vendors', '2', '--customers', '40'],
      timeScale: 400,
      policy: { [sapName]: { presets: [...shopFlows] } },
    }),
  );
  const store = landscape.own(await startBigCommerceProcess({ compression: 600, quota: 1_000_000 }));
  const shop = await setUpShop(landscape, store, await setUpSite(landscape), shopSettings);
  await startShop(landscape, store, shop, flows);
  const open = opening.move();

  const api = () => landscape.relay.api;
  const settled = async (): Promise<StateCounts> => {
    let last: Awaited<ReturnType<typeof shopRest>> | undefined;
    return waitFor(
      'everything to come to rest',
      async () => (last = await shopRest(landscape, store, shop)).underWay === 0 && last.states,
    ).catch((error: unknown) => {
      throw new Error(`${String(error)}: ${JSON.stringify(last)}`);
    });
  };
  const record = async (key: string | number, flowId: ShopFlow = orderFlow): Promise<RecordView> => {
    const all = await api().all<RecordView>(`${shop.path}/records?flowId=${flowId}&q=${encodeURIComponent(key)}`);
    const [newest] = all.filter((one) => one.key === String(key)).toSorted((one, other) => other.version - one.version);
    if (!newest) throw new Error(`there is no record ${key} of ${flowId}`);
    return newest;
  };
  /** Why records stand still, for whoever reads a failed test. */
  const held = async (): Promise<string[]> =>
    (await api().all<RecordView>(`${shop.path}/records?state=blocked,waiting`)).map(
      ({ key, reasons }) => `${key}: ${reasons.map(({ message }) => message).join('; ')}`,
    );
  const leftOut = new Set<string>();
  return {
    landscape,
    store,
    shop,
    leftOut,
    settled,
    record,
    async agreed(...explained) {
      await settled();
      // The number of a document is written to the store after the record succeeded.
      let found: string[] = [];
      await waitFor(
        'store and SAP to agree',
        async () => {
          found = shopDeviations(await compareShop(landscape, store, new Set([...leftOut, ...explained.map(String)])));
          return found.length === 0;
        },
        20_000,
      ).catch(() => undefined);
      expect({ found, held: found.length > 0 ? await held() : [] }).toEqual({ found: [], held: [] });
      const { locks } = await landscape.sap.control.call('units-of-work');
      expect(locks).toEqual([]);
    },
    async run(flowId = orderFlow, mode = 'changes') {
      await runShopFlow(landscape, shop, flowId, mode);
      return settled();
    },
    async story(key, flowId = orderFlow) {
      const { id } = await record(key, flowId);
      return api().get<StoryView>(`${shop.path}/records/${id}`);
    },
    recordIn: (state, key, flowId = orderFlow) =>
      waitFor(`${flowId} ${key} to be ${state}`, async () => {
        const one = await record(key, flowId);
        return one.state === state && one;
      }),
    async replay(key, flowId = orderFlow) {
      const { id } = await record(key, flowId);
      await api().post(`${shop.path}/records/replay`, { recordIds: [id] });
    },
    async documents(reference) {
      return landscape.sap.control.call('postings', { reference, companyCode: '1000' });
    },
    async toldTheStore(orderId) {
      const { metafields } = await store.snapshot();
      const mine = metafields.filter(({ resource_id: id, namespace }) => id === orderId && namespace === 'sap');
      return Object.fromEntries(mine.map(({ key, value }) => [key, value]));
    },
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
