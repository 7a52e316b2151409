import { compareJde, setUpJde, startJdeFlows, type JdeComparison, type JdeCustomer, type JdeFlow } from '../../landscape/index.ts';
import type { Random } from '../../sandbox/sap/seed/random.ts';
import type { Deviations } from '../deviations.ts';
import type { Lane } from '../lane.ts';
import { untilRest } from '../rest.ts';
import type { FlowInLane } from './flow.ts';

/** JD Edwards of a lane, connected with the lane's Cin7 over its wire. */
export interface JdeInLane {
  lane: Lane;
  customer: JdeCustomer;
}

const ofLanes = new WeakMap<Lane, Promise<JdeInLane>>();

/** Switches flows on and waits for their first load; the first one connects JD Edwards. */
export async function beginWithJde(
  lane: Lane,
  {
    flows,
    happen,
    ofLedger,
    without,
  }: {
    /** The last one is that on trial. */
    flows: readonly JdeFlow[];
    happen: (jde: JdeInLane, random: Random) => Promise<void>;
    /** What the relay's database has to say of each. */
    ofLedger: (jde: JdeInLane) => Promise<string[]>;
    without: ('suppliers' | 'orders')[];
  },
): Promise<FlowInLane> {
  const connected = ofLanes.get(lane) ?? connect(lane);
  ofLanes.set(lane, connected);
  const jde = await connected;
  const { path, integrationId } = jde.customer;
  const compare = async (): Promise<Deviations> => {
    const { duplicates, losses, wrong }: JdeComparison = await compareJde(lane.landscape, jde.customer, {
      without: [...without, 'accounts'],
    });
    return { duplicates, losses: [...losses, ...(await ofLedger(jde))], wrong };
  };
  await startJdeFlows(lane.landscape, jde.customer, flows);
  await untilRest(lane, compare, 60_000);
  return {
    makeWork: (random) => happen(jde, random),
    run: async () => void (await lane.landscape.relay.api.post(`${path}/runs`, { integrationId, flowId: flows.at(-1) })),
    compare,
  };
}

async function connect(lane: Lane): Promise<JdeInLane> {
  const { landscape, customer: site } = lane;
  const cin7 = { process: landscape.cin7, connectionId: site.cin7ConnectionId };
  return { lane, customer: await setUpJde(landscape, site, { cin7 }) };
}
