/**
 * Runs the simulated BigCommerce store until a signal ends it; the first line on stdout is its address as JSON.
 * `node scripts/sandbox/bigcommerce/main.ts --orders 500 --compression 600`
 */
import { parseArgs } from 'node:util';
import { startBigCommerce } from './server.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'store-hash': { type: 'string', default: 'nl4711' },
    currency: { type: 'string', default: 'EUR' },
    orders: { type: 'string', default: '0' },
    customers: { type: 'string', default: '24' },
    products: { type: 'string', default: '30' },
    seed: { type: 'string', default: '1' },
    quota: { type: 'string', default: '450' },
    'window-ms': { type: 'string', default: '30000' },
    'latency-ms': { type: 'string', default: '0' },
    compression: { type: 'string', default: '1' },
    'https-hooks-only': { type: 'boolean', default: false },
  },
});

const sim = await startBigCommerce({
  port: number('port', 0),
  storeHash: values['store-hash'],
  currency: values.currency,
  quota: number('quota', 1),
  windowMs: number('window-ms', 1),
  latencyMs: number('latency-ms', 0),
  allowsLoopback: !values['https-hooks-only'],
  seed: { orders: number('orders', 0), customers: number('customers', 0), products: number('products', 1), seed: number('seed', 0) },
  webhooks: { compression: number('compression', 0.001) },
});
console.log(JSON.stringify({ origin: sim.origin, connectionSettings: sim.connectionSettings }));
const stop = (): void => void sim[Symbol.asyncDispose]().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

function number(
  name: 'port' | 'orders' | 'customers' | 'products' | 'seed' | 'quota' | 'window-ms' | 'latency-ms' | 'compression',
  least: number,
): number {
  const value = Number(values[name]);
  if (!(value >= least)) throw new Error(`--${name} must be a number of at least ${least}`);
  return value;
}
