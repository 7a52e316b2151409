/**
 * Runs the simulated Cin7 Core until a signal ends it; the first line on stdout is its address as JSON.
 * `node scripts/sandbox/cin7/main.ts --port 8707 --time-scale 60 --state cin7.jsonl`
 */
import { parseArgs } from 'node:util';
import { startCin7, type Cin7SimOptions } from './server.ts';
import { limitStyles, type LimitStyle } from './limits.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    'time-scale': { type: 'string', default: '1' },
    'calls-per-minute': { type: 'string', default: '60' },
    'limit-style': { type: 'string', default: '429' },
    'latency-ms': { type: 'string', default: '0' },
    state: { type: 'string' },
    'account-id': { type: 'string' },
    'application-key': { type: 'string' },
  },
});

const options: Cin7SimOptions = {
  port: positive('port', 0),
  timeScale: positive('time-scale', 0.001),
  callsPerMinute: positive('calls-per-minute', 1),
  limitStyle: limitStyle(),
  latencyMs: positive('latency-ms', 0),
  ...(values.state ? { stateFile: values.state } : {}),
  ...(values['account-id'] ? { accountId: values['account-id'] } : {}),
  ...(values['application-key'] ? { applicationKey: values['application-key'] } : {}),
};

const sim = await startCin7(options);
console.log(JSON.stringify({ origin: sim.origin, baseUrl: sim.baseUrl, connectionSettings: sim.connectionSettings }));
const stop = (): void => void sim[Symbol.asyncDispose]().then(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('SIGINT', stop);

function positive(name: 'port' | 'time-scale' | 'calls-per-minute' | 'latency-ms', least: number): number {
  const value = Number(values[name]);
  if (!(value >= least)) throw new Error(`--${name} must be a number of at least ${least}`);
  return value;
}

function limitStyle(): LimitStyle {
  const style = limitStyles.find((one) => one === values['limit-style']);
  if (!style) throw new Error(`--limit-style must be one of ${limitStyles.join(', ')}`);
  return style;
}
