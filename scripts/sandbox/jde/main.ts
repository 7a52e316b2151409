/**
 * Runs the simulated AIS server until a signal ends it; the first line on stdout is its address as JSON.
 * `node scripts/sandbox/jde/main.ts --suppliers 200000 --state jde.jsonl`
 */
import { parseArgs } from 'node:util';
import { startJde } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    http: { type: 'boolean', default: false },
    suppliers: { type: 'string', default: '2000' },
    orders: { type: 'string', default: '300' },
    accounts: { type: 'string', default: '800' },
    seed: { type: 'string', default: '1' },
    'zone-minutes': { type: 'string', default: '-300' },
    'latency-ms': { type: 'string', default: '0' },
    state: { type: 'string' },
    certificate: { type: 'string' },
  },
});

const sim = await startJde({
  port: number('port', 0),
  isPlainHttp: values.http,
  seed: { suppliers: number('suppliers', 0), orders: number('orders', 0), accounts: number('accounts', 0), seed: number('seed', 0) },
  clock: { zoneMinutes: number('zone-minutes', -720) },
  site: { latencyMs: number('latency-ms', 0) },
  ...(values.certificate ? { certificateFile: values.certificate } : {}),
  ...(values.state ? { stateFile: values.state } : {}),
});
console.log(JSON.stringify({ origin: sim.origin, baseUrl: sim.baseUrl, caPem: sim.caPem, credentials: sim.credentials }));
const stop = (): void => void sim[Symbol.asyncDispose]().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

function number(name: 'port' | 'suppliers' | 'orders' | 'accounts' | 'seed' | 'zone-minutes' | 'latency-ms', least: number): number {
  const value = Number(values[name]);
  if (!(value >= least)) throw new Error(`--${name} must be a number of at least ${least}`);
  return value;
}
