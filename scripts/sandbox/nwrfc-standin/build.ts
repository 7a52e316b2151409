/**
 * Compiles the stand-in for SAP's NW RFC SDK, so that the unmodified node-rfc addon can talk to the simulated SAP system.
 * Test and demo only.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const sourceFolder = path.join(import.meta.dirname, 'src');
const buildFolder = path.resolve(import.meta.dirname, '../../.build/nwrfc-standin');
const compilerFlags = [
  '-std=c++17',
  '-O3',
  '-Wall',
  '-Wextra',
  '-Werror',
  '-fPIC',
  '-shared',
  '-fvisibility=hidden',
  '-Wl,--default-symver',
];

interface Library {
  file: string;
  sources: string[];
}

/**
 * The SDK home whose `lib` folder holds libsapnwrfc.so and libsapucum.so; compiled once per version of the sources. Put that folder into
 * LD_LIBRARY_PATH of the process that loads node-rfc, before it starts. Rejects with what to install when there is no compiler.
 */
export async function buildStandIn(): Promise<string> {
  const sources = (await readdir(sourceFolder)).sort();
  const home = path.join(buildFolder, await fingerprint(sources));
  if (existsSync(home)) return home;

  await mkdir(buildFolder, { recursive: true });
  const workplace = await mkdtemp(path.join(buildFolder, 'compiling-'));
  try {
    await mkdir(path.join(workplace, 'lib'));
    await Promise.all(librariesOf(sources).map((library) => compile(library, path.join(workplace, 'lib'))));
    await moveInto(workplace, home);
  } finally {
    await rm(workplace, { recursive: true, force: true });
  }
  return home;
}

async function fingerprint(sources: string[]): Promise<string> {
  const hash = createHash('sha256').update(compilerFlags.join(' '));
  for (const source of sources) hash.update(source).update(await readFile(path.join(sourceFolder, source)));
  return hash.digest('hex').slice(0, 16);
}

function librariesOf(sources: string[]): Library[] {
  const code = sources.filter((source) => source.endsWith('.cpp'));
  return [
    { file: 'libsapucum.so', sources: code.filter((source) => source === 'sapucum.cpp') },
    { file: 'libsapnwrfc.so', sources: code.filter((source) => source !== 'sapucum.cpp') },
  ];
}

async function compile({ file, sources }: Library, folder: string): Promise<void> {
  const files = sources.map((source) => path.join(sourceFolder, source));
  try {
    await run('g++', [...compilerFlags, `-Wl,-soname,${file}`, '-o', path.join(folder, file), ...files]);
  } catch (error) {
    throw explained(error, file);
  }
}

function explained(error: unknown, file: string): Error {
  const code = error instanceof Object && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') {
    return new Error('The simulated SAP system needs a C++ compiler for its SDK stand-in: apt-get install g++', { cause: error });
  }
  const output = error instanceof Object && 'stderr' in error ? String(error.stderr) : String(error);
  return new Error(`Compiling the SDK stand-in ${file} failed: ${output}`, { cause: error });
}

/** Another process may have finished the same build first; its result is as good as ours. */
async function moveInto(workplace: string, home: string): Promise<void> {
  try {
    await rename(workplace, home);
  } catch (error) {
    if (!existsSync(home)) throw error;
  }
}
