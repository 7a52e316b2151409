import { existsSync, globSync, statSync } from 'node:fs';
import path from 'node:path';
import { agentBundle, relayBundle, repository, runChild } from '../landscape/index.ts';

/** Bundles of the present sources. `npm test` has made them already; a test that is run alone makes them when they are missing or older. */
export async function builtBundles(): Promise<void> {
  const bundles = [agentBundle, relayBundle];
  const builtAt = bundles.every((file) => existsSync(file)) ? Math.min(...bundles.map(changedAt)) : -1;
  const sources = globSync(['{agent,relay,shared}/src/**/*.ts', 'proto/**/*.{ts,js}'], { cwd: repository, exclude: ['**/*.test.ts'] });
  if (builtAt > Math.max(...sources.map((file) => changedAt(path.join(repository, file))))) return;
  await runChild({ name: 'build', args: [path.join(repository, 'scripts/build.ts')] });
}

function changedAt(file: string): number {
  return statSync(file).mtimeMs;
}
