import { closeSync, existsSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { SystemError } from '@ml-connector/shared';

/** What stands in the place where the SAP NW RFC SDK is expected. */
export interface SdkInspection {
  /** Folder that was chosen; undefined when none of the usual ones exists. */
  home: string | undefined;
  lookedAt: string[];
  /** File names in home/lib. */
  files: string[];
  architecture: 'x64' | '32-bit' | 'other' | 'unknown';
  /** What keeps it from loading, as far as the files show. */
  problem: SystemError | undefined;
}

export interface SdkPlace {
  sdkHome: string | undefined;
  installDir: string | undefined;
  platform?: NodeJS.Platform;
  environment?: Record<string, string | undefined>;
}

/** Looks at the SDK's files without loading them: place, names, processor type (facts/node-rfc.md 1.4, 10). */
export function inspectSdk(place: SdkPlace): SdkInspection {
  const { platform = process.platform } = place;
  const lookedAt = sdkPlaces(place);
  const home = place.sdkHome ?? lookedAt.find((folder) => existsSync(path.join(folder, 'lib')));
  const files = home ? filesIn(path.join(home, 'lib')) : [];
  const needed = neededFiles(platform);
  const missing = needed.filter((name) => !files.some((file) => file.toLowerCase() === name.toLowerCase()));
  const found: SdkInspection = { home, lookedAt, files, architecture: 'unknown', problem: undefined };
  if (!home || missing.length > 0) return { ...found, problem: missingSdk(found, missing, platform) };
  found.architecture = architectureOf(path.join(home, 'lib', needed[0] as string));
  if (found.architecture !== 'x64')
    found.problem = wrongSdk(
      `${path.join(home, 'lib')} holds an SDK for another processor (${found.architecture}); the 64-bit one is needed`,
    );
  return found;
}

/** Folder with the SDK's libraries, for the library path of the RFC process; undefined leaves it to the system's own path. */
export function sdkLibraryFolder(place: SdkPlace): string | undefined {
  const home = place.sdkHome ?? sdkPlaces(place).find((folder) => existsSync(path.join(folder, 'lib')));
  return home && path.join(home, 'lib');
}

export interface LoadFailure {
  code: string | undefined;
  message: string;
}

/** Why `require('node-rfc')` failed (facts/node-rfc.md 1.5), with what to do. Nothing of this system works until then. */
export function sdkLoadError(failure: LoadFailure, inspection: SdkInspection, rfcModule: string, platform = process.platform): SystemError {
  const line = failure.message.split('\n')[0] ?? '';
  if (failure.code === 'MODULE_NOT_FOUND' || failure.code === 'ERR_MODULE_NOT_FOUND')
    return halt(
      'SAP_RFC_MODULE_MISSING',
      `module ${rfcModule} is not installed: ${line}`,
      `Install the agent completely, or correct rfcModule in agent.yaml.`,
      {},
    );
  if (/GLIBCXX_|CXXABI_|libstdc\+\+/.test(line))
    return halt(
      'SAP_LIBSTDCXX_OLD',
      `the C++ runtime of this machine is too old for node-rfc: ${line}`,
      'Use a distribution with GCC 12 or newer (Debian 12, Ubuntu 22.04), put a newer libstdc++.so.6 into <sdkHome>/lib, or build node-rfc on this machine.',
      { line },
    );
  if (/GLIBC_/.test(line))
    return halt('SAP_SDK_WRONG', `the C library of this machine is too old: ${line}`, 'Use a newer distribution.', { line });
  if (/not a valid Win32 application|wrong ELF class|ELFCLASS32/.test(line)) return wrongSdk(`the SDK is not the 64-bit one: ${line}`);
  if (/undefined symbol|procedure could not be found|version .* not found/i.test(line))
    return wrongSdk(`the SDK is too old for node-rfc: ${line}`);
  if (/No native build was found/.test(line))
    return halt(
      'SAP_PLATFORM_UNSUPPORTED',
      `node-rfc has no binary for ${platform}/${process.arch}`,
      'Run the agent on Windows x64 or Linux x64.',
      { line },
    );
  if (inspection.problem) return inspection.problem;
  if (platform === 'win32' && /specified module could not be found/i.test(line)) return missingRuntime(inspection);
  const missing = /^(\S+\.so[.\d]*): cannot open/.exec(line)?.[1];
  return missingSdk(inspection, missing ? [missing] : [], platform, line);
}

function sdkPlaces({ installDir, platform = process.platform, environment = process.env, sdkHome }: SdkPlace): string[] {
  if (sdkHome) return [sdkHome];
  const usual = platform === 'win32' ? 'C:\\nwrfcsdk' : '/usr/local/sap/nwrfcsdk';
  return [environment['SAPNWRFC_HOME'], installDir && path.join(installDir, 'nwrfcsdk'), usual].filter(
    (folder) => folder !== undefined && folder !== '',
  ) as string[];
}

function neededFiles(platform: NodeJS.Platform): string[] {
  return platform === 'win32' ? ['sapnwrfc.dll', 'libsapucum.dll'] : ['libsapnwrfc.so', 'libsapucum.so'];
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** From the PE or ELF header. */
function architectureOf(file: string): SdkInspection['architecture'] {
  const head = Buffer.alloc(4096);
  try {
    const handle = openSync(file, 'r');
    try {
      readSync(handle, head, 0, head.length, 0);
    } finally {
      closeSync(handle);
    }
  } catch {
    return 'unknown';
  }
  if (head.readUInt32BE(0) === 0x7f454c46) {
    if (head[4] === 1) return '32-bit';
    return head.readUInt16LE(18) === 0x3e ? 'x64' : 'other';
  }
  const header = head.readUInt32LE(0x3c);
  if (head.toString('latin1', 0, 2) !== 'MZ' || header > head.length - 6) return 'unknown';
  const machine = head.readUInt16LE(header + 4);
  return machine === 0x8664 ? 'x64' : machine === 0x14c ? '32-bit' : 'other';
}

const download =
  'Download "SAP NW RFC SDK 7.50" (patch level 12 or newer, 64-bit) from the SAP Software Center with your S-user, unpack it, and name the folder in agent.yaml: sdkHome.';

function missingSdk(inspection: SdkInspection, missing: string[], platform: NodeJS.Platform, line = ''): SystemError {
  const where = inspection.home ? path.join(inspection.home, 'lib') : inspection.lookedAt.join(', ');
  const found = inspection.files.length > 0 ? `found there: ${inspection.files.slice(0, 12).join(', ')}` : 'nothing is there';
  const what = missing.length > 0 ? `${missing.join(' and ')} missing` : line;
  return halt('SAP_SDK_MISSING', `the SAP NW RFC SDK cannot be loaded (looked in ${where}; ${found}): ${what}`, download, {
    where,
    files: inspection.files,
    missing,
    platform,
  });
}

function wrongSdk(message: string): SystemError {
  return halt('SAP_SDK_WRONG', message, download, {});
}

function missingRuntime(inspection: SdkInspection): SystemError {
  const root = process.env['SystemRoot'] ?? 'C:\\Windows';
  const hasRuntime = existsSync(path.join(root, 'System32', 'msvcr120.dll'));
  const message = `Windows cannot load the SDK in ${inspection.home}: a DLL it needs is missing${hasRuntime ? '' : ' (the Visual C++ 2013 runtime is not installed)'}`;
  return halt(
    hasRuntime ? 'SAP_SDK_WRONG' : 'SAP_VC_RUNTIME_MISSING',
    message,
    hasRuntime
      ? 'Copy the whole lib folder of the SDK, with its ICU files (icuuc50.dll and others).'
      : 'Install the Visual C++ 2013 Redistributable (x64) from Microsoft, see SAP note 2573790.',
    { files: inspection.files },
  );
}

function halt(code: string, message: string, fix: string, facts: Record<string, unknown>): SystemError {
  return new SystemError(code, 'halt', message, { fix, facts });
}
