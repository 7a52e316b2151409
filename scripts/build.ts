/**
 * Bundles agent and relay: one CommonJS file per entry, source map beside it. Native packages stay outside (facts/packaging.md 6).
 * `buildAll()` leaves `agent/dist/{agent,rfc-worker}.cjs`, `relay/dist/{relay,override-worker}.cjs` and the user interface in `relay/dist/ui`.
 */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build, type Options } from 'tsup';
import { build as buildPages } from 'vite';

const root = path.resolve(import.meta.dirname, '..');
const native = ['node-rfc', 'better-sqlite3'];

const bundles: Options[] = [
  { entry: { agent: 'agent/src/main.ts', 'rfc-worker': 'agent/src/systems/sap/worker/rfc-worker.ts' }, outDir: 'agent/dist' },
  { entry: { relay: 'relay/src/main.ts', 'override-worker': 'relay/src/mapping/overrides/override-worker.ts' }, outDir: 'relay/dist' },
];

export async function buildAll(): Promise<void> {
  for (const bundle of bundles) await buildBeside(bundle, path.join(root, bundle.outDir ?? ''));
  await buildInterface(path.join(root, 'relay/dist/ui'));
}

/** Built beside its place and moved there file by file, so that what runs from there, or starts meanwhile, finds whole files. */
async function buildBeside(bundle: Options, outDir: string): Promise<void> {
  const fresh = mkdtempSync(path.join(path.dirname(outDir), '.build-'));
  try {
    await build({ ...common, ...bundle, outDir: fresh });
    mkdirSync(outDir, { recursive: true });
    for (const file of readdirSync(fresh)) renameSync(path.join(fresh, file), path.join(outDir, file));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Its files are named by their content, so those of an older build do no harm until they are gone. */
async function buildInterface(outDir: string): Promise<void> {
  const folder = path.join(root, 'relay/src/ui');
  const fresh = mkdtempSync(path.join(root, 'relay/.build-'));
  try {
    await buildPages({ root: folder, configFile: path.join(folder, 'vite.config.ts'), logLevel: 'error', build: { outDir: fresh } });
    cpSync(path.join(fresh, 'assets'), path.join(outDir, 'assets'), { recursive: true });
    renameSync(path.join(fresh, 'index.html'), path.join(outDir, 'index.html'));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

const common: Options = {
  config: false,
  format: ['cjs'],
  platform: 'node',
  target: 'node24',
  splitting: false,
  sourcemap: true,
  clean: true,
  silent: true,
  // Without this `node:sqlite` becomes `sqlite`, which does not exist.
  removeNodeProtocol: false,
  // Both are needed: a pattern that matches everything would bundle the native packages' JavaScript and lose their binaries.
  noExternal: [new RegExp(`^(?!(${native.join('|')})(/|$))`)],
  external: native,
  outExtension: () => ({ js: '.cjs' }),
  esbuildOptions(options) {
    options.absWorkingDir = root;
    options.define = {
      ...options.define,
      'import.meta.dirname': '__dirname',
      'import.meta.filename': '__filename',
      'import.meta.main': 'bundleIsMain',
    };
    options.banner = { js: 'const bundleIsMain = require.main === module;' };
    options.logLevel = 'error';
  },
};

if (import.meta.main) await buildAll();
