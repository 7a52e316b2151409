/**
 * Checks what the linter cannot say: a folder is entered through its index.ts only, and dependencies point down (DESIGN.md section 3).
 * Prints each offence and exits 1.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');

/** Folders from the bottom up; a folder may import itself and whatever stands on an earlier line. */
const layers: Record<string, string[][]> = {
  relay: [
    // The user interface knows the API only.
    ['ui'],
    ['config', 'vault', 'store', 'addresses'],
    ['ledger'],
    ['gateway', 'mapping', 'audit', 'people'],
    ['systems'],
    ['flows', 'webhooks'],
    ['engine'],
    ['trials'],
    ['alerts'],
    ['http'],
    ['operations', 'cli'],
  ],
  // Each part declares its own settings; config composes agent.yaml from them.
  agent: [
    ['logs', 'control', 'checks'],
    ['identity', 'credentials', 'policy', 'audit', 'journal'],
    ['systems'],
    ['config'],
    ['calls', 'tunnel'],
    ['diagnostics'],
    ['commands'],
  ],
};

interface Import {
  file: string;
  target: string;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => ({
    file,
    target: path.join(path.dirname(file), match[1] ?? ''),
  }));
}

/** `relay/src/systems/cin7-core/client.ts` is in unit `relay`, folders `['systems', 'cin7-core']`. */
function place(file: string): { unit: string; folders: string[] } | undefined {
  const parts = file.split(path.sep);
  const [unit, src] = parts;
  if (!unit || src !== 'src') return undefined;
  return { unit, folders: parts.slice(2, -1) };
}

function offence({ file, target }: Import): string | undefined {
  const from = place(file);
  const to = place(target);
  if (!from || !to) return undefined;
  if (from.unit !== to.unit) return `${file} reaches into ${to.unit}; import its package instead`;
  const entersFolder = to.folders.some((folder, depth) => from.folders[depth] !== folder);
  if (entersFolder && path.basename(target) !== 'index.ts' && !isTest(file))
    return `${file} imports ${target}; import the folder's index.ts`;
  const lines = layers[from.unit];
  const [fromFolder, toFolder] = [from.folders[0], to.folders[0]];
  if (!lines || !fromFolder || !toFolder || fromFolder === toFolder || isTest(file)) return undefined;
  const height = (folder: string): number => lines.findIndex((line) => line.includes(folder));
  if (height(fromFolder) < 0) return `${file}: folder ${fromFolder} has no layer; add it to scripts/boundaries.ts`;
  if (height(toFolder) >= height(fromFolder)) return `${file} imports ${toFolder}, which is not below ${fromFolder}`;
  return undefined;
}

function isTest(file: string): boolean {
  return file.endsWith('.test.ts') || /[\\/](testing|ui[\\/]tests)[\\/]/.test(file);
}

const files = globSync('{agent,relay,shared}/src/**/*.{ts,tsx}', { cwd: root });
const offences = files.flatMap(importsOf).flatMap((one) => offence(one) ?? []);
for (const line of offences) console.error(line);
process.exitCode = offences.length > 0 ? 1 : 0;
