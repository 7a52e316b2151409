import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  compareJde,
  isJdeAtRest,
  jdeDeviations,
  jdeFlows,
  newestJdeRun,
  runJdeFlows,
  setUpJde,
  setUpSite,
  startLandscape,
  waitFor,
  type JdeCustomer,
  type JdeFlow,
  type JdeProcess,
  type JdeProcessOptions,
  type JdeRun,
  type JdeSettings,
  type Landscape,
  type Site,
} from '../landscape/index.ts';
import { builtBundles } from './built-bundles.ts';

/** A customer with SAP and JD Edwards behind one agent, of which JD Edwards is mapped to Cin7 Core and ready for its first load. */
export interface JdeScene extends AsyncDisposable {
  readonly landscape: Landscape;
  readonly site: Site;
  readonly customer: JdeCustomer;
  readonly jde: JdeProcess;
  readonly relayLines: readonly string[];
  /** Asks for a run of each flow; resolves when it, and every record it brought, has come to rest. */
  run(options?: { flows?: readonly JdeFlow[]; mode?: 'changes' | 'sweep' | 'full'; heldUp?: ReadonlySet<string> }): Promise<void>;
  /** Asks for a run and does not wait for it. */
  ask(flowId: JdeFlow, mode?: string): Promise<void>;
  /** Until the newest runs have succeeded and nothing can move by itself. */
  rest(options?: { flows?: readonly JdeFlow[]; heldUp?: ReadonlySet<string> }): Promise<void>;
  newestRun(flowId: JdeFlow): Promise<JdeRun | undefined>;
  /** Writes that Cin7 took or refused while `work` went on: `POST /supplier`. */
  writes(work: () => Promise<void>): Promise<Record<string, number>>;
  /** Differences between JD Edwards and Cin7, worked out from their own tables; empty when all is exact. */
  deviations(explained?: ReadonlySet<string>): Promise<string[]>;
}

/** 400 times the real 60 calls a minute. */
const timeScale = 400;

export async function openJdeScene(sizes: JdeProcessOptions, settings: JdeSettings = {}): Promise<JdeScene> {
  await using opening = new AsyncDisposableStack();
  await builtBundles();
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-jde-'));
  opening.defer(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(path.join(folder, 'relay'), { mode: 0o700 });
  writeFileSync(path.join(folder, 'relay/relay.yaml'), 'limits: { lostAnswerSeconds: 1, stopSeconds: 5 }\n');
  const relayLines: string[] = [];
  const landscape = opening.use(
    await startLandscape({
      folder,
      sapArgs: ['--vendors', '5'],
      timeScale,
      jde: sizes,
      onRelayLine: (line) => relayLines.push(line),
    }),
  );
  const site = await setUpSite(landscape);
  const customer = await setUpJde(landscape, site, settings);
  const { jde } = landscape;
  const open = opening.move();
  return {
    landscape,
    site,
    customer,
    jde,
    relayLines,
    run: (options = {}) => runJdeFlows(landscape, customer, options),
    async ask(flowId, mode = 'changes') {
      const { path: tenant, integrationId } = customer;
      await landscape.relay.api.post(`${tenant}/runs`, { integrationId, flowId, mode });
    },
    rest: (options = {}) =>
      waitFor('all of JD Edwards to come to rest', () => isJdeAtRest(landscape, customer, options), 40_000).then(
        () => undefined,
        async (error: unknown) => {
          const runs = await Promise.all(jdeFlows.map((flowId) => newestJdeRun(landscape, customer, flowId)));
          throw new Error(`${String(error)}: ${JSON.stringify(runs)}\n${relayLines.slice(-5).join('\n')}`);
        },
      ),
    newestRun: (flowId) => newestJdeRun(landscape, customer, flowId),
    async writes(work) {
      await customer.cin7.forgetCalls();
      await work();
      const calls = await customer.cin7.calls();
      return Object.fromEntries(Object.entries(calls).filter(([call]) => !call.startsWith('GET ')));
    },
    deviations: async (explained = new Set()) => jdeDeviations(await compareJde(landscape, customer, { explained })),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}
