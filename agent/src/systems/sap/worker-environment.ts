import path from 'node:path';

export interface WorkerEnvironmentRequest {
  libraryFolder: string | undefined;
  maxConnections: number;
  /** From agent.yaml. */
  extra: Record<string, string>;
  platform?: NodeJS.Platform;
  own?: Record<string, string | undefined>;
}

/** Passed on to the RFC process where set; everything else of the agent's environment stays with the agent. */
const passedOn = [
  'SystemRoot', 'SystemDrive', 'windir', 'TEMP', 'TMP', 'TMPDIR', 'HOME', 'USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA',
  'COMPUTERNAME', 'USERNAME', 'USERDOMAIN', 'LANG', 'LC_ALL', 'TZ', 'SECUDIR', 'SNC_LIB', 'SNC_LIB_64', 'KRB5CCNAME', 'RFC_INI',
  'SAPNWRFC_HOME', 'NODE_RFC_PREBUILD', 'NODE_EXTRA_CA_CERTS',
]; // prettier-ignore

/** The loader reads the library path when a process starts, and libuv its number of threads: both must be set before. */
export function workerEnvironment(request: WorkerEnvironmentRequest): Record<string, string> {
  const { libraryFolder, maxConnections, extra, platform = process.platform, own = process.env } = request;
  const environment: Record<string, string> = {};
  for (const name of passedOn) {
    const value = own[name];
    if (value !== undefined) environment[name] = value;
  }
  const isWindows = platform === 'win32';
  const variable = isWindows ? 'PATH' : 'LD_LIBRARY_PATH';
  const before = isWindows ? (own['PATH'] ?? own['Path']) : own['LD_LIBRARY_PATH'];
  const folders = [libraryFolder, before].filter((folder) => folder !== undefined && folder !== '');
  const delimiter = isWindows ? path.win32.delimiter : path.posix.delimiter;
  return {
    ...environment,
    ...(isWindows ? {} : { PATH: own['PATH'] ?? '/usr/bin:/bin' }),
    ...(folders.length > 0 ? { [variable]: folders.join(delimiter) } : {}),
    // Without it every thread of the pool keeps a heap of its own (glibc).
    MALLOC_ARENA_MAX: '2',
    ...extra,
    UV_THREADPOOL_SIZE: String(maxConnections + 4),
  };
}
