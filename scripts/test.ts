/**
 * `npm test`: everything the build server asks for, in the order in which it fails fastest. Arguments go to jest.
 * Ends with a plain line `N passed, N failed`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

interface Step {
  name: string;
  command: string;
  args: string[];
  env?: Record<string, string>;
}

const checks: Step[] = [
  { name: 'format', command: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { name: 'types', command: 'tsc', args: ['--noEmit'] },
  { name: 'types of the user interface', command: 'tsc', args: ['--noEmit', '-p', 'relay/src/ui'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--deny-warnings', '--quiet'] },
  { name: 'boundaries', command: 'node', args: ['scripts/boundaries.ts'] },
  { name: 'generated code', command: 'node', args: ['scripts/proto.ts', '--check'] },
  { name: 'types of the API', command: 'node', args: ['scripts/api-types.ts', '--check'] },
  { name: 'bundles', command: 'node', args: ['scripts/build.ts'] },
];

/** Runs a step; its output is shown, success or not. */
function passes({ name, command, args, env }: Step): boolean {
  const started = performance.now();
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } });
  if (error) console.error(error.message);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return status === 0;
}

function jest(args: string[]): { passed: number; failed: number } {
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-connector-test-'));
  try {
    const outputFile = path.join(folder, 'jest.json');
    const nodeOptions = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'].join(' ');
    const ok = passes({
      name: 'tests',
      command: 'jest',
      args: ['--json', `--outputFile=${outputFile}`, ...args],
      env: { NODE_OPTIONS: nodeOptions },
    });
    const summary = JSON.parse(readFileSync(outputFile, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numRuntimeErrorTestSuites: number;
    };
    const failed = summary.numFailedTests + summary.numRuntimeErrorTestSuites;
    return { passed: summary.numPassedTests, failed: ok ? failed : Math.max(failed, 1) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const failedChecks = checks.filter((step) => !passes(step)).length;
const { passed, failed } = jest(process.argv.slice(2));
console.log(`${passed + checks.length - failedChecks} passed, ${failed + failedChecks} failed`);
process.exitCode = failed + failedChecks > 0 ? 1 : 0;
