import { createRequire } from 'node:module';
import { realpathSync } from 'node:fs';

/** What we use of node-rfc's Client; any module with this API will do. */
export interface RfcClient {
  open(): Promise<unknown>;
  close(): Promise<unknown>;
  ping(): Promise<unknown>;
  cancel(): Promise<unknown>;
  resetServerContext(): Promise<unknown>;
  call(functionName: string, parameters: Record<string, unknown>): Promise<Record<string, unknown>>;
  /** Changes when the module reconnects by itself (facts/node-rfc.md 4). */
  readonly connectionHandle: number;
  readonly connectionInfo: unknown;
}

export interface RfcModule {
  createClient(parameters: Record<string, string>): RfcClient;
  sdkVersion: string;
  moduleVersion: string;
}

interface NodeRfc {
  Client: (new (parameters: Record<string, string>) => RfcClient) & {
    environment?: { noderfc?: { version?: string; nwrfcsdk?: { major?: number; minor?: number; patchLevel?: number } } };
  };
}

/** Loads the addon, and with it the customer's SDK. Throws the loader's error. */
export function loadRfcModule(name: string): RfcModule {
  // Beside the program that was started, so that it works from the bundle as from the sources.
  const load = createRequire(realpathSync(process.argv[1] ?? process.execPath));
  const { Client } = load(name) as NodeRfc;
  const noderfc = Client.environment?.noderfc;
  const { major, minor, patchLevel } = noderfc?.nwrfcsdk ?? {};
  return {
    createClient: (parameters) => new Client(parameters),
    sdkVersion: major === undefined ? 'unknown' : `${major}.${minor}.${patchLevel}`,
    moduleVersion: noderfc?.version ?? 'unknown',
  };
}
