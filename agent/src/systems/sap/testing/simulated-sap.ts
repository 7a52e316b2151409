import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock, type TableChunk } from '@ml-connector/shared';
import { buildStandIn } from '../../../../../scripts/sandbox/nwrfc-standin/index.ts';
import { startSapSystem, type SapSystem as SimulatedSap, type SapSystemOptions } from '../../../../../scripts/sandbox/sap/index.ts';
import { openSapSystem, type SapSystem } from '../sap-system.ts';
import { sapSystemConfig } from '../settings.ts';

export interface SapBench extends AsyncDisposable {
  sap: SimulatedSap;
  system: SapSystem;
  dataDir: string;
  /** Settings of the system, to open another one on the same data folder. */
  openAgain(more?: Record<string, unknown>): SapSystem;
  password: { now: string | undefined };
}

/** The agent's SAP access through the real node-rfc addon, on the simulated system. */
export async function openSapBench(options: SapSystemOptions = {}, settings: Record<string, unknown> = {}): Promise<SapBench> {
  const sdkHome = await buildStandIn();
  const sap = await startSapSystem({ vendors: 20, port: 0, ...options });
  const dataDir = mkdtempSync(path.join(tmpdir(), 'sap-system-'));
  const { passwd = '', ...connection } = sap.connectionParameters;
  const password = { now: passwd as string | undefined };
  const opened: SapSystem[] = [];
  const openAgain: SapBench['openAgain'] = (more = {}) => {
    const system = openSapSystem({
      name: 'ECC',
      settings: sapSystemConfig.parse({
        type: 'sap-ecc',
        ...connection,
        sdkHome,
        environment: { SAP_SIM_PORT: String(sap.port) },
        maxConnections: 4,
        ...settings,
        ...more,
      }),
      credential: () => Promise.resolve(password.now),
      dataDir,
      clock: systemClock,
      log: silentLog,
    });
    opened.push(system);
    return system;
  };
  const system = openAgain();
  return {
    sap,
    system,
    dataDir,
    openAgain,
    password,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
      await sap[Symbol.asyncDispose]();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

export interface TestCall {
  deadline: number;
  signal: AbortSignal;
  send(chunk: unknown): Promise<void>;
  chunks: Buffer[];
}

/** A call that takes every chunk at once. */
export function testCall(more: Partial<TestCall> = {}): TestCall {
  const chunks: Buffer[] = [];
  return {
    deadline: Date.now() + 20_000,
    signal: new AbortController().signal,
    send: async (chunk) => {
      chunks.push(chunk as Buffer);
    },
    chunks,
    ...more,
  };
}

export function rowsOf({ chunks }: TestCall): string[][] {
  return chunks.flatMap((chunk) => (JSON.parse(chunk.toString('utf8')) as TableChunk).rows);
}
