/**
 * `npm run bench [-- name ...]`: each benchmark beside its limit, measured in the same run, with its spread and the machine.
 * Figures are for reading; nothing here passes or fails.
 */
import { buildAll } from '../build.ts';
import { consoleReport, machineFacts, type Report } from './report.ts';

const benchmarks: Record<string, () => Promise<{ run(report: Report): Promise<void> }>> = {
  tunnel: () => import('./tunnel.ts'),
  bulk: () => import('./bulk.ts'),
  jde: () => import('./jde.ts'),
  ledger: () => import('./ledger.ts'),
  pipeline: () => import('./pipeline.ts'),
  backlog: () => import('./backlog.ts'),
  mapping: () => import('./mapping.ts'),
  webhooks: () => import('./webhooks.ts'),
  footprint: () => import('./footprint.ts'),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in benchmarks));
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. Choose from: ${Object.keys(benchmarks).join(', ')}.`);
  process.exit(2);
}

await buildAll();
const report = consoleReport();
report.table('Machine', [machineFacts()]);
for (const [name, load] of Object.entries(benchmarks)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n=== ${name} ===`);
  const benchmark = await load();
  await benchmark.run(report);
}
console.log(report.unmet() === 0 ? '\nEvery target was met in this run.' : `\n${report.unmet()} targets were not met in this run.`);
