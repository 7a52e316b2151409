import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  agentBundle,
  relayBundle,
  repository,
  sapName,
  setUpCustomer,
  setValueMap,
  shopFlows,
  startLandscape,
  usualPayables,
  usualPaymentTerms,
  vendorFlow,
  type Customer,
  type Landscape,
} from '../landscape/index.ts';
import { LedgerView } from './ledger-view.ts';
import { marginMs, timeoutMs } from './timeouts.ts';
import { openHttpWire, openRfcWire, type HttpWire, type RfcWire } from './wires/index.ts';

/** A customer's landscape in which things can be broken on purpose; several run beside each other. */
export interface Lane extends AsyncDisposable {
  /** Everything it writes: data of relay and agent. */
  readonly folder: string;
  readonly landscape: Landscape;
  readonly customer: Customer;
  /** The SaaS system of the flow that is on trial; faults of the target strike there. */
  saas: SaasAccess;
  /** Its wire. */
  readonly target: HttpWire;
  /** Cin7's. */
  readonly cin7: SaasAccess;
  /** Between those who send webhooks and the relay. */
  readonly webhooks: HttpWire;
  /** Between RFC process and SAP. */
  readonly sap: RfcWire;
  /** Between agent and AIS. */
  readonly ais: HttpWire;
  readonly ledger: LedgerView;
  readonly relayLines: readonly string[];
  readonly agentLines: readonly string[];
  startAgent(): void;
  /** Sets the clock of a process so many milliseconds forwards, or back. */
  moveClock(whose: 'relay' | 'agent', ms: number): void;
  /** What is applied later than this after its call began comes too late to be believed in (lostAnswerSeconds). */
  readonly latestApplyMs: number;
}

/** How relay and chaos reach a SaaS system. */
export interface SaasAccess {
  /** Between the relay and it. */
  wire: HttpWire;
  connectionId: string;
}

/** Function module of the customer that notes shipments. */
const noteShipment = 'Z_SHIPMENT_NOTE';

/** 400 times the real 60 calls a minute. */
const timeScale = 400;

export async function openLane(folder: string, bundles: { agent: string; relay: string }): Promise<Lane> {
  await using opening = new AsyncDisposableStack();
  const [relayDir, clockDir] = [path.join(folder, 'relay'), path.join(folder, 'clocks')];
  mkdirSync(relayDir, { recursive: true, mode: 0o700 });
  mkdirSync(clockDir);
  writeFileSync(
    path.join(relayDir, 'relay.yaml'),
    `limits: { lostAnswerSeconds: ${marginMs / 1000}, stopSeconds: 5, quietSeconds: 0 }\ntunnel: { heartbeatSeconds: 1 }\n`,
  );
  const clocks = { relay: clockFile(clockDir, 'relay'), agent: clockFile(clockDir, 'agent') };
  const relayLines: string[] = [];
  const agentLines: string[] = [];
  let wires: { cin7: HttpWire; sap: RfcWire; webhooks: HttpWire; ais: HttpWire } | undefined;
  const landscape = opening.use(
    await startLandscape({
      folder,
      sapArgs: ['--vendors', '30', '--seed', '7', '--also', noteShipment],
      timeScale,
      // What goes over the wire is held and read here, so it is plain.
      jde: { suppliers: 40, orders: 25, accounts: 30, isPlainHttp: true },
      policy: { [sapName]: { presets: [vendorFlow, 'sap-gl-documents-to-cin7-journals', ...shopFlows], writes: [noteShipment] } },
      bundles,
      env: { relay: clocks.relay.env, agent: clocks.agent.env },
      onRelayLine: (line) => relayLines.push(line),
      async between({ sapPort, cin7BaseUrl, relayUrl, jdeBaseUrl = '' }) {
        wires = {
          cin7: opening.use(await openHttpWire(cin7BaseUrl)),
          sap: opening.use(await openRfcWire(sapPort)),
          webhooks: opening.use(await openHttpWire(`${relayUrl}/`)),
          ais: opening.use(await openHttpWire(jdeBaseUrl)),
        };
        // The RFC process lives on the agent's machine, and by its clock.
        const sapEnvironment = { SAP_SIM_PORT: String(wires.sap.port), ...clocks.agent.env };
        const cin7Settings = { baseUrl: wires.cin7.baseUrl, timeoutSeconds: timeoutMs / 1000 };
        const jdeSettings = { baseUrl: wires.ais.baseUrl, timeoutSeconds: timeoutMs / 1000 };
        return { sapEnvironment, cin7Settings, relayPublicUrl: wires.webhooks.baseUrl, jdeSettings };
      },
    }),
  );
  if (!wires) throw new Error('the landscape did not ask for the wires');
  await landscape.cin7.enableCurrencies(['KWD']);
  const customer = await setUpCustomer(landscape, { sapSettings: { changeOverlapMinutes: 1 } });
  await setValueMap(landscape, customer, 'payment-terms', usualPaymentTerms);
  await setValueMap(landscape, customer, 'reconciliation-accounts', usualPayables);
  const cin7 = { wire: wires.cin7, connectionId: customer.cin7ConnectionId };
  const { sap, webhooks, ais } = wires;
  const open = opening.move();
  const lane: Lane = {
    folder,
    landscape,
    customer,
    saas: cin7,
    get target() {
      return lane.saas.wire;
    },
    cin7,
    sap,
    ais,
    webhooks,
    ledger: new LedgerView(path.join(relayDir, 'relay.sqlite')),
    relayLines,
    agentLines,
    startAgent: () => void landscape.own(landscape.agent.start((line) => agentLines.push(line))),
    moveClock: (whose, ms) => clocks[whose].move(ms),
    latestApplyMs: timeoutMs + marginMs * 0.6,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
  return lane;
}

function clockFile(folder: string, name: string): { env: Record<string, string>; move(ms: number): void } {
  const file = path.join(folder, name);
  let offsetMs = 0;
  writeFileSync(file, '0');
  const preload = pathToFileURL(path.join(import.meta.dirname, 'clock-shift.ts')).href;
  return {
    env: { CHAOS_CLOCK: file, NODE_OPTIONS: `--import=${preload}` },
    move(ms) {
      offsetMs += ms;
      writeFileSync(file, String(offsetMs));
    },
  };
}

/** The bundles as they are now, so that a build beside a long run changes nothing under it. Dispose removes them. */
export function ownBundles(): { agent: string; relay: string } & Disposable {
  // Inside the repository: the native packages are found from there.
  const folder = path.join(repository, 'scripts/.build', `chaos-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const [agent, relay] = [path.join(folder, 'agent.cjs'), path.join(folder, 'relay.cjs')];
  copyFileSync(agentBundle, agent);
  copyFileSync(path.join(path.dirname(agentBundle), 'rfc-worker.cjs'), path.join(folder, 'rfc-worker.cjs'));
  copyFileSync(relayBundle, relay);
  copyFileSync(path.join(path.dirname(relayBundle), 'override-worker.cjs'), path.join(folder, 'override-worker.cjs'));
  return { agent, relay, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
