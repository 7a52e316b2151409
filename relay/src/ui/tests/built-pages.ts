import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

export interface BuiltPages extends Disposable {
  folder: string;
}

/** The user interface as it is in the sources now, built into a folder of its own; disposing removes it. */
export async function buildPages(): Promise<BuiltPages> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-pages-'));
  const ui = path.resolve(import.meta.dirname, '..');
  const vite = path.join(path.dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js');
  // In a process of its own: the bundler's native parts do not load into jest's module registry.
  const given = ['build', ui, '--config', path.join(ui, 'vite.config.ts'), '--outDir', folder, '--logLevel', 'error'];
  await promisify(execFile)(process.execPath, [vite, ...given]);
  return { folder, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
