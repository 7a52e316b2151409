import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { buildStandIn } from '../sandbox/nwrfc-standin/index.ts';
import { startSapProcess, type SapProcess } from '../sandbox/sap/index.ts';
import { prepareAgent, type AgentMachine } from './agent-process.ts';
import { startCin7Process, type Cin7Process } from './cin7-process.ts';
import { openLink, type CuttableLink } from './cuttable-link.ts';
import { freePort } from './free-port.ts';
import { jdeFlows, jdeName } from './jde-flows.ts';
import { startJdeProcess, type JdeProcess, type JdeProcessOptions } from './jde-process.ts';
import { startRelay, type RelayProcess, type RelaySettings } from './relay-process.ts';

export const vendorFlow = 'sap-vendors-to-cin7-suppliers';
/** Name of the SAP system in agent.yaml. */
export const sapName = 'PRD';

export interface LandscapeSettings {
  /** A folder of its own: data of relay and agent. */
  folder: string;
  /** Arguments of the simulated SAP system: `['--vendors', '200']`. */
  sapArgs: string[];
  timeScale: number;
  policy?: Record<string, unknown>;
  /** A simulated JD Edwards of this size beside SAP, in agent.yaml with the policy of its flows; default: none. */
  jde?: JdeProcessOptions;
  onRelayLine?: (line: string) => void;
  /** Default: where the build leaves them. */
  bundles?: { agent: string; relay: string };
  env?: { agent?: Record<string, string>; relay?: Record<string, string> };
  /** Puts something of the caller's between agent and SAP, relay and Cin7, and before the relay's HTTP port; answers how they are reached then. */
  between?: (simulated: {
    sapPort: number;
    cin7BaseUrl: string;
    relayUrl: string;
    /** Undefined without JD Edwards. */
    jdeBaseUrl: string | undefined;
  }) => Promise<{
    sapEnvironment: Record<string, string>;
    cin7Settings: Record<string, unknown>;
    relayPublicUrl: string;
    /** Further settings of the JD Edwards system in agent.yaml. */
    jdeSettings?: Record<string, unknown>;
  }>;
}

/** Everything of one customer: the simulated systems, a relay, a prepared agent, and the link between them that can be cut. */
export interface Landscape extends AsyncDisposable {
  readonly sap: SapProcess;
  readonly cin7: Cin7Process;
  /** Throws when the landscape was started without. */
  readonly jde: JdeProcess;
  readonly agent: AgentMachine;
  readonly link: CuttableLink;
  /** The running relay; another one after `restartRelay`. */
  relay: RelayProcess;
  /** Starts the relay again on the same data folder and ports. Stop or kill the running one first. */
  restartRelay(): Promise<void>;
  /** Keeps something open until the landscape is closed, newest first. */
  own<Held extends AsyncDisposable>(held: Held): Held;
}

export async function startLandscape(landscapeSettings: LandscapeSettings): Promise<Landscape> {
  const { folder, sapArgs, timeScale, policy, jde: jdeOptions, onRelayLine, bundles, env, between } = landscapeSettings;
  await using starting = new AsyncDisposableStack();
  const sdkHome = await buildStandIn();
  const sap = starting.use(await startSapProcess(sapArgs));
  const simulated = starting.use(await startCin7Process({ timeScale }));
  const jde = jdeOptions && starting.use(await startJdeProcess(jdeOptions));
  const cin7BaseUrl = String(simulated.connectionSettings['baseUrl']);
  const httpPort = await freePort();
  const relayUrl = `http://127.0.0.1:${httpPort}`;
  const reached = between && (await between({ sapPort: sap.port, cin7BaseUrl, relayUrl, jdeBaseUrl: jde?.baseUrl }));
  const cin7 = reached ? { ...simulated, connectionSettings: { ...simulated.connectionSettings, ...reached.cin7Settings } } : simulated;

  const tunnelPort = await freePort();
  const link = starting.use(await openLink({ host: '127.0.0.1', port: tunnelPort }));
  const relayDir = path.join(folder, 'relay');
  mkdirSync(relayDir, { recursive: true, mode: 0o700 });
  const settings: RelaySettings = {
    dataDir: relayDir,
    httpPort,
    tunnelPort,
    publicAddress: `localhost:${link.port}`,
    publicUrl: reached?.relayPublicUrl,
    onLine: onRelayLine,
    bundle: bundles?.relay,
    env: env?.relay,
  };
  let relay = await startRelay(settings);
  starting.defer(() => relay.child.stop());

  const { ashost, sysnr, client, user, lang } = sap.connectionParameters;
  const workerEnvironment = reached ? { environment: reached.sapEnvironment } : {};
  const agent = prepareAgent({
    dataDir: path.join(folder, 'agent'),
    systems: {
      [sapName]: { type: 'sap-ecc', ashost, sysnr, client, user, lang, sdkHome, maxConnections: 4, ...workerEnvironment },
      ...(jde ? { [jdeName]: { ...agentSettingsOf(jde, folder), ...reached?.jdeSettings } } : {}),
    },
    bundle: bundles?.agent,
    env: env?.agent,
    policy: { ...(policy ?? { [sapName]: { presets: [vendorFlow] } }), ...(jde ? { [jdeName]: { presets: [...jdeFlows] } } : {}) },
  });
  const open = starting.move();
  return {
    sap,
    cin7,
    get jde() {
      if (!jde) throw new Error('this landscape was started without JD Edwards');
      return jde;
    },
    agent,
    link,
    get relay() {
      return relay;
    },
    async restartRelay() {
      relay = await startRelay(settings);
    },
    own: (held) => open.use(held),
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** The system in agent.yaml, with the authority that signed its certificate in a file. */
function agentSettingsOf({ baseUrl, caPem, credentials }: JdeProcess, folder: string): Record<string, unknown> {
  const { user, environment, role } = credentials;
  const caFile = path.join(folder, 'jde-ca.pem');
  if (caPem !== '') writeFileSync(caFile, caPem);
  return { type: 'jde', baseUrl, user, environment, role, ...(caPem === '' ? {} : { caFile }) };
}
