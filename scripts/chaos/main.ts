/**
 * `npm run chaos`: breaks the real agent and relay at every step of every flow, lets them recover, and compares source, ledger and target.
 * `-- --seed 7 --faults 300 --duration 15m`; `--flow`, `--step`, `--fault` (part of a name) choose cells; `--only 42` repeats one experiment
 * of a seed; `--lanes 4`; `--list` shows the matrix; `--no-build` takes the bundles as they are. Exits 1 when anything was posted twice, lost, wrong or stuck.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { buildAll } from '../build.ts';
import { repository } from '../landscape/index.ts';
import { runCampaign } from './campaign.ts';
import { faultKinds } from './faults.ts';
import { chaosFlows } from './flows/index.ts';
import { ownBundles } from './lane.ts';
import { hasFailed, printMatrix, type Finished } from './matrix.ts';
import { plan } from './plan.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string' },
    faults: { type: 'string', default: '300' },
    duration: { type: 'string', default: '60m' },
    lanes: { type: 'string', default: '5' },
    flow: { type: 'string' },
    step: { type: 'string' },
    fault: { type: 'string' },
    only: { type: 'string' },
    list: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
    evidence: { type: 'string', default: path.join(repository, 'scripts/.build/chaos-failures') },
  },
});

// Nothing is left to do. Node's own clean-up at this point can wait for ever for a request that was broken off, on a whole processor.
process.once('beforeExit', () => process.exit());
if (values.list) list();
else process.exitCode = (await chaos()) ? 0 : 1;

/** True when nothing was posted twice, lost, wrong or stuck. */
async function chaos(): Promise<boolean> {
  const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : whole('seed', values.seed);
  const only = values.only === undefined ? undefined : whole('only', values.only);
  const { flow, step, fault } = values;
  const count = Math.max(whole('faults', values.faults), only ?? 0);
  const planned = plan({ seed, count, flows: chaosFlows, flow, step, fault });
  if (planned.length === 0) throw new Error('no cell of the matrix has such a name; --list shows them');
  const experiments = planned.filter(({ number }) => only === undefined || number === only);
  console.log(`seed ${seed}: ${experiments.length} faults`);
  if (!values['no-build']) await buildAll();
  using bundles = ownBundles();
  const begun = performance.now();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  const finished = await runCampaign({
    experiments,
    bundles,
    lanes: whole('lanes', values.lanes),
    durationMs: milliseconds(values.duration),
    evidence: values.evidence,
    report: say,
    signal: stop.signal,
  });
  printMatrix(finished, (line) => console.log(line));
  const failed = finished.filter(hasFailed);
  for (const one of failed) sayFailure(one);
  const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
  console.log(`\nseed ${seed}: ${finished.length} faults in ${minutes} minutes, ${failed.length} with a deviation`);
  return failed.length === 0 && finished.length > 0;
}

function say({ experiment: { number, flow, step }, outcome: { fault, deviations, stuck, recoveryMs } }: Finished): void {
  const { duplicates, losses, wrong } = deviations;
  const bad = [stuck && `STUCK: ${stuck}`, ...duplicates.map((one) => `DUPLICATE ${one}`), ...losses.map((one) => `LOST ${one}`), ...wrong];
  const verdict = bad.filter(Boolean).slice(0, 3).join('; ') || `right again after ${(recoveryMs / 1000).toFixed(1)} s`;
  console.log(`${String(number).padStart(4)} ${flow.id} | ${step.name} | ${fault} | ${verdict}`);
}

function sayFailure({ experiment: { seed, number }, kept }: Finished): void {
  const chosen = (['flow', 'step', 'fault'] as const).flatMap((name) =>
    values[name] === undefined ? [] : [`--${name} '${values[name]}'`],
  );
  console.log(`\nrepeat it: npm run chaos -- ${[`--seed ${seed}`, `--only ${number}`, ...chosen].join(' ')}\nlogs and databases: ${kept}`);
}

function list(): void {
  for (const { id, steps } of chaosFlows) console.log(`${id}\n${steps.map(({ name }) => `  step  ${name}`).join('\n')}`);
  console.log(faultKinds.map(({ name }) => `  fault ${name}`).join('\n'));
}

function whole(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} must be a whole number`);
  return value;
}

function milliseconds(text: string): number {
  const [, number = '', unit = ''] = /^(\d+)(s|m|h)$/.exec(text) ?? [];
  const factor = { s: 1000, m: 60_000, h: 3_600_000 }[unit];
  if (!factor) throw new Error('--duration is written like 90s, 10m or 1h');
  return Number(number) * factor;
}
