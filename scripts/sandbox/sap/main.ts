/**
 * Runs the simulated SAP ECC system until a signal ends it; the first line on stdout says as JSON where it listens.
 * `node scripts/sandbox/sap/main.ts --sysnr 42 --vendors 1000 --also BAPI_VENDOR_GETLIST`
 */
import { parseArgs } from 'node:util';
import { serveControl } from './control/index.ts';
import { loadExtracts, printReport } from './extracts/index.ts';
import { optionalFunctions, type OptionalFunction } from './functions/index.ts';
import { defaultUser, startSapSystem, type SapSystemOptions } from './system.ts';

const { values } = parseArgs({
  options: {
    sysnr: { type: 'string' },
    port: { type: 'string' },
    'control-port': { type: 'string', default: '0' },
    sid: { type: 'string', default: 'ECC' },
    client: { type: 'string', default: '100' },
    user: { type: 'string', default: defaultUser.name },
    password: { type: 'string', default: defaultUser.password },
    vendors: { type: 'string', default: '1000' },
    customers: { type: 'string', default: '300' },
    materials: { type: 'string', default: '500' },
    documents: { type: 'string', default: '0' },
    'documents-until': { type: 'string' },
    seed: { type: 'string', default: '1' },
    'bulk-rows': { type: 'string', default: '0' },
    'utc-offset-minutes': { type: 'string', default: '0' },
    also: { type: 'string', multiple: true, default: [] },
    without: { type: 'string', multiple: true, default: [] },
    'no-sorted-reads': { type: 'boolean', default: false },
    data: { type: 'string' },
  },
});

const extracts = values.data === undefined ? undefined : await loadExtracts(values.data).catch(unreadable);
if (extracts) printReport(extracts.report, (line) => console.error(line));
if (extracts && !extracts.tables) process.exit(1);

const options: SapSystemOptions = {
  sid: values.sid,
  client: values.client,
  users: [{ name: values.user, password: values.password }],
  vendors: whole('vendors'),
  customers: whole('customers'),
  materials: whole('materials'),
  documents: whole('documents'),
  seed: whole('seed'),
  bulkRows: whole('bulk-rows'),
  utcOffsetMinutes: Number(values['utc-offset-minutes']),
  functions: { also: values.also.map(optional), without: values.without, sortedReads: !values['no-sorted-reads'] },
  ...(values['documents-until'] === undefined ? {} : { documentsUntil: values['documents-until'] }),
  ...(values.sysnr === undefined ? {} : { sysnr: values.sysnr }),
  ...(values.port === undefined ? {} : { port: whole('port') }),
  ...(extracts?.tables ? { tables: extracts.tables } : {}),
};

const system = await startSapSystem(options);
const control = await serveControl(system, whole('control-port'));
const { sysnr } = system.identity;
console.log(JSON.stringify({ port: system.port, sysnr, controlUrl: control.url, connectionParameters: system.connectionParameters }));

const stop = (): void => {
  void Promise.all([control[Symbol.asyncDispose](), system[Symbol.asyncDispose]()]).then(() => process.exit(0));
};
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

function unreadable(error: Error): never {
  console.error(`--data: ${error.message}`);
  process.exit(1);
}

function whole(name: 'vendors' | 'customers' | 'materials' | 'documents' | 'seed' | 'bulk-rows' | 'port' | 'control-port'): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a whole number`);
  return value;
}

function optional(name: string): OptionalFunction {
  const found = optionalFunctions.find((one) => one === name);
  if (!found) throw new Error(`--also ${name}: there are ${optionalFunctions.join(', ')}`);
  return found;
}
