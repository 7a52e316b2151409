/**
 * `npm run demo`: vendors of a simulated SAP ECC become suppliers of a simulated Cin7 Core, its posted documents become journals, suppliers,
 * purchase orders and accounts of a simulated JD Edwards go to another Cin7 Core, and orders of a simulated BigCommerce store become documents in
 * SAP, through the real agent, tunnel and relay.
 * `-- --once` exits when done, with 1 when anything deviates; `-- --vendors N`, `-- --orders N`; `-- --sap-data <folder>` uses SE16 extracts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from '../build.ts';
import { customerFlow, glFlow, orderFlow, refundFlow, sapName, setUpCustomer, startLandscape, vendorFlow } from '../landscape/index.ts';
import { loadExtracts, printReport } from '../sandbox/sap/index.ts';
import { beginJdeStory } from './jde-story.ts';
import { runLedgerStory } from './ledger-story.ts';
import { runShopStory } from './shop-story.ts';
import { runStory } from './story.ts';
import { Stage } from './stage.ts';
import { waitForStop } from './wait-for-stop.ts';

/** 200 times 60 calls a minute. */
const cin7TimeScale = 200;
/** One in ten is a requisition or a quote: 300 are purchase orders. */
const jdeSizes = { suppliers: 2000, orders: 332, accounts: 800 };
const options = readOptions();
// Whoever reads along may stop reading (`| head`); what was started is still stopped in order.
process.stdout.on('error', () => undefined);
// Nothing is left to do. Node's own clean-up at this point can wait for ever for a request that was broken off, on a whole processor.
process.once('beforeExit', () => process.exit());
const folder = mkdtempSync(path.join(tmpdir(), 'ml-connector-demo-'));
const stage = new Stage();
try {
  process.exitCode = (await demo()) === 0 ? 0 : 1;
} catch (error) {
  stage.failed(error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Answers how many deviations it found. */
async function demo(): Promise<number> {
  if (options.sapData !== undefined && !(await checkExtracts(options.sapData))) return 1;
  stage.begin('Building agent, relay and the stand-in for the SAP SDK');
  await buildAll();

  stage.begin('Starting simulated SAP ECC, JD Edwards and Cin7 Core, relay and agent');
  await using landscape = await startLandscape({
    folder,
    sapArgs: options.sapData === undefined ? ['--vendors', options.vendors, '--documents', '400'] : ['--data', options.sapData],
    policy: { [sapName]: { presets: [vendorFlow, glFlow, customerFlow, orderFlow, refundFlow] } },
    timeScale: cin7TimeScale,
    ...(options.sapData === undefined ? { jde: jdeSizes } : {}),
    // Nobody waits here for a shopper who is still at the checkout.
    env: { relay: { ML_RELAY_LIMITS_QUIET_SECONDS: '1' } },
  });
  const customer = await setUpCustomer(landscape, { everySeconds: 3 });
  stage.say(`relay ${landscape.relay.url}, agent ${customer.agentId} enrolled, tunnel up, SAP password sealed to the agent`);
  stage.say(
    `Cin7's minute lasts ${((60 / cin7TimeScale) * 1000).toFixed(0)} ms here, so that its limit of 60 calls a minute costs seconds`,
  );

  const deviations = await runStory(landscape, customer, stage, { ownData: options.sapData !== undefined });
  // Extracts hold vendors only.
  if (options.sapData === undefined) {
    deviations.push(...(await runLedgerStory(landscape, customer, stage)));
    const endJdeStory = await beginJdeStory(landscape, customer, stage);
    deviations.push(...(await runShopStory(landscape, customer, stage, { orders: Number(options.orders) })));
    deviations.push(...(await endJdeStory()));
  }
  stage.close(deviations);
  if (!options.once) await stayOpen(landscape.relay.url, customer.path);
  return deviations.length;
}

/** Shows what the extracts hold and what is odd about them; false when they cannot be used. */
async function checkExtracts(sapData: string): Promise<boolean> {
  stage.begin(`Reading the extracts in ${sapData}`);
  try {
    const { report, tables } = await loadExtracts(sapData);
    printReport(report, (line) => stage.say(line));
    return tables !== undefined;
  } catch (error) {
    stage.say(`the folder cannot be read: ${(error as Error).message}`);
    return false;
  }
}

async function stayOpen(url: string, tenantPath: string): Promise<void> {
  const dataDir = path.join(folder, 'relay');
  console.log(`
Everything stays up until Ctrl-C. To look around, in another terminal:
  export ML_RELAY_DATA_DIR=${dataDir}
  node_modules/.bin/node relay/dist/relay.cjs --help
  node_modules/.bin/node relay/dist/relay.cjs records list --help
  node_modules/.bin/node agent/dist/agent.cjs --data-dir ${path.join(folder, 'agent')} --config ${path.join(folder, 'agent/agent.yaml')} status
  curl -H "Authorization: Bearer $(cat ${path.join(dataDir, 'admin.token')})" ${url}/api/v1${tenantPath}/overview`);
  await waitForStop();
}

function readOptions(): { once: boolean; vendors: string; orders: string; sapData: string | undefined } {
  try {
    const { values } = parseArgs({
      options: {
        once: { type: 'boolean', default: false },
        vendors: { type: 'string', default: '1000' },
        orders: { type: 'string', default: '500' },
        'sap-data': { type: 'string' },
      },
    });
    if (!/^[1-9]\d{0,5}$/.test(values.vendors)) throw new Error('--vendors takes a number from 1 to 999999');
    // Fewer are not of all kinds.
    if (!/^\d{2,5}$/.test(values.orders) || Number(values.orders) < 40) throw new Error('--orders takes a number from 40 to 99999');
    const sapData = values['sap-data'];
    return {
      once: values.once,
      vendors: values.vendors,
      orders: values.orders,
      sapData: sapData && path.resolve(process.env['INIT_CWD'] ?? '.', sapData),
    };
  } catch (error) {
    console.error(`${(error as Error).message}\nUse: npm run demo -- [--once] [--vendors 1000] [--orders 500] [--sap-data folder]`);
    process.exit(2);
  }
}
