import type { Readable, Writable } from 'node:stream';
import type { Log } from '@ml-connector/shared';
import type { RelayConfig } from '../config/index.ts';

/** The process as a command sees it. */
export interface CommandLineIo {
  stdin: Readable & { isTTY?: boolean; setRawMode?(isRaw: boolean): unknown };
  stdout: Writable & { columns?: number };
  stderr: Writable;
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** Aborts on SIGINT and SIGTERM. */
  signal: AbortSignal;
  version: string;
  /** Runs the relay itself. */
  serve(relay: { config: RelayConfig; log: Log; announce: (line: string) => void }, signal: AbortSignal): Promise<void>;
}

/** Options of every command. */
export interface GlobalOptions {
  dataDir?: string;
  config?: string;
  url?: string;
  token?: string;
  json?: boolean;
}

/** Of commands about one tenant; it can be left out where there is only one. */
export interface TenantOption {
  tenant?: string;
}
