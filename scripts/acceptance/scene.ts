import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import {
  deviationsOf,
  expectedSuppliers,
  setUpCustomer,
  setValueMap,
  startFlow,
  startLandscape,
  stateCounts,
  usualPayables,
  usualPaymentTerms,
  vendorFlow,
  waitFor,
  type Cin7Supplier,
  type Customer,
  type CustomerSettings,
  type Landscape,
  type StateCounts,
} from '../landscape/index.ts';
import { builtBundles } from './built-bundles.ts';

export interface SceneSettings extends CustomerSettings {
  vendors: number;
  sapArgs?: string[];
  policy?: Record<string, unknown>;
  /** Left out of the value map of payment terms, as if nobody had thought of them. */
  forgottenTerms?: string[];
  relayLogLevel?: 'info' | 'trace';
}

export interface RunView {
  id: string;
  mode: string;
  state: string;
  read: number;
  new: number;
  unchanged: number;
  problem: { code: string; message: string; fix: string } | null;
}

export interface RecordView {
  id: string;
  key: string;
  label: string;
  version: number;
  state: string;
  action: string | null;
  targetId: string | null;
  reasons: { code: string; message: string; fix: string; missing: { valueMapId: string; code: string } | null }[];
}

export interface StoryView extends RecordView {
  attemptList: { number: number; outcome: string | null }[];
  events: { kind: string; data: Record<string, unknown> }[];
}

/** One customer's landscape with everything mapped, ready for its first load; what a test asks of it reads as a sentence. */
export interface Scene extends AsyncDisposable {
  readonly landscape: Landscape;
  readonly customer: Customer;
  readonly folder: string;
  /** Every line that any relay process of this scene printed. */
  readonly relayLines: readonly string[];
  /** Switches the flow on; resolves when the load is complete and nothing can move by itself any more. */
  load(): Promise<StateCounts>;
  start(): Promise<void>;
  /** Until the newest run has succeeded and no record is pending, posting, failed or uncertain. */
  settled(): Promise<StateCounts>;
  /** Asks for a run and waits until it, and every record it brought, has come to rest. */
  run(mode?: 'changes' | 'sweep' | 'full'): Promise<RunView>;
  runs(): Promise<RunView[]>;
  records(filter?: string): Promise<RecordView[]>;
  story(recordId: string): Promise<StoryView>;
  suppliers(): Promise<Map<string, Cin7Supplier>>;
  /** Answers Cin7 gave since the last `forgetCalls`, by method and path whatever the status. */
  cin7Calls(what: string): Promise<number>;
  /** Differences between SAP and Cin7, worked out from their own tables; empty when all is exact. */
  deviations(): Promise<string[]>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** 400 times the real 60 calls a minute. */
const timeScale = 400;

export async function openScene(settings: SceneSettings): Promise<Scene> {
  const { vendors, sapArgs = [], policy, forgottenTerms = [], relayLogLevel = 'info', ...customerSettings } = settings;
  await using opening = new AsyncDisposableStack();
  await builtBundles();
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-acceptance-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  // Simulated answers do not linger: a second after a lost one, what is not there will not come.
  mkdirSync(path.join(folder, 'relay'), { mode: 0o700 });
  const limits = 'limits: { lostAnswerSeconds: 1, stopSeconds: 5 }';
  writeFileSync(
    path.join(folder, 'relay/relay.yaml'),
    `${limits}
logs: { level: ${relayLogLevel} }
`,
  );
  const relayLines: string[] = [];
  const landscape = opening.use(
    await startLandscape({
      folder,
      sapArgs: ['--vendors', String(vendors), ...sapArgs],
      timeScale,
      onRelayLine: (line) => relayLines.push(line),
      ...(policy ? { policy } : {}),
    }),
  );
  await landscape.cin7.enableCurrencies(['KWD']);
  const customer = await setUpCustomer(landscape, customerSettings);
  const terms = Object.entries(usualPaymentTerms).filter(([code]) => !forgottenTerms.includes(code));
  await setValueMap(landscape, customer, 'payment-terms', Object.fromEntries(terms));
  await setValueMap(landscape, customer, 'reconciliation-accounts', usualPayables);
  const open = opening.move();

  const { path: tenant, integrationId } = customer;
  const api = () => landscape.relay.api;
  const runs = (): Promise<RunView[]> => api().all<RunView>(`${tenant}/runs?integrationId=${integrationId}`);
  const settled = (): Promise<StateCounts> =>
    waitFor(
      'all records to come to rest',
      async () => {
        const [newest] = await runs();
        const counts = await stateCounts(landscape, customer);
        const open = (counts.pending ?? 0) + (counts.posting ?? 0) + (counts.failed ?? 0) + (counts.uncertain ?? 0);
        return open === 0 && newest?.state === 'succeeded' && counts;
      },
      25_000,
    ).catch(async (error: unknown) => {
      const [newest] = await runs();
      const last = { counts: await stateCounts(landscape, customer), newest };
      throw new Error(`${String(error)}: ${JSON.stringify(last)}\n${relayLines.slice(-5).join('\n')}`);
    });
  const scene: Scene = {
    landscape,
    customer,
    folder,
    relayLines,
    start: () => startFlow(landscape, customer),
    async load() {
      await startFlow(landscape, customer);
      return settled();
    },
    settled,
    async run(mode = 'changes') {
      const [before] = await runs();
      await api().post(`${tenant}/runs`, { integrationId, flowId: vendorFlow, mode });
      const run = await waitFor(`a run of ${mode}`, async () => {
        const [newest] = await runs();
        return newest && newest.id !== before?.id && newest.state !== 'running' && newest;
      });
      await settled();
      return run;
    },
    runs,
    records: (filter = '') => api().all<RecordView>(`${tenant}/records${filter && `?${filter}`}`),
    story: (recordId) => api().get<StoryView>(`${tenant}/records/${recordId}`),
    async suppliers() {
      const suppliers = await landscape.cin7.suppliers();
      return new Map(suppliers.map((supplier) => [supplier.AdditionalAttribute1, supplier]));
    },
    cin7Calls: async (what) => (await landscape.cin7.calls())[what] ?? 0,
    deviations: async () => deviationsOf(await expectedSuppliers(landscape), await landscape.cin7.suppliers()),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
  return scene;
}

/** Asks without a pause until the answer is yes: for moments that last milliseconds. */
export async function moment(what: string, has: () => Promise<boolean>, timeoutMs = 20_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await has())) {
    if (Date.now() > end) throw new Error(`waited ${timeoutMs / 1000} s for ${what}`);
    await delay(2);
  }
}
