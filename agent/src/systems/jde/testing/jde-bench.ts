import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock, type JdeChunk, type JdeQuery } from '@ml-connector/shared';
import { startJde, type JdeSim, type JdeSimOptions } from '../../../../../scripts/sandbox/jde/index.ts';
import { openJdeSystem, type JdeSystem } from '../jde-system.ts';
import { jdeSystemConfig } from '../settings.ts';

export interface JdeBench extends AsyncDisposable {
  jde: JdeSim;
  system: JdeSystem;
  dataDir: string;
  password: { now: string | undefined };
  /** Another one on the same data folder, as after a restart of the agent. */
  openAgain(more?: Record<string, unknown>): JdeSystem;
}

/** The agent's JD Edwards access on the simulated AIS server. */
export async function openJdeBench(options: JdeSimOptions = {}, settings: Record<string, unknown> = {}): Promise<JdeBench> {
  const jde = await startJde({ port: 0, seed: { suppliers: 60, orders: 20, accounts: 40 }, ...options });
  const dataDir = mkdtempSync(path.join(tmpdir(), 'jde-system-'));
  const caFile = path.join(dataDir, 'ca.pem');
  if (jde.caPem) writeFileSync(caFile, jde.caPem);
  const { user, environment, role } = jde.credentials;
  const password = { now: jde.credentials.password as string | undefined };
  const opened: JdeSystem[] = [];
  const openAgain: JdeBench['openAgain'] = (more = {}) => {
    const own = jde.caPem ? { caFile } : {};
    const system = openJdeSystem({
      name: 'JPD',
      settings: jdeSystemConfig.parse({ type: 'jde', baseUrl: jde.baseUrl, user, environment, role, ...own, ...settings, ...more }),
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
    jde,
    system,
    dataDir,
    password,
    openAgain,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(opened.map((one) => one[Symbol.asyncDispose]()));
      await jde[Symbol.asyncDispose]();
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

export function chunksOf({ chunks }: TestCall): JdeChunk[] {
  return chunks.map((chunk) => JSON.parse(chunk.toString('utf8')) as JdeChunk);
}

/** Rows as objects by field. */
export function recordsOf(call: TestCall): Record<string, string>[] {
  return chunksOf(call).flatMap(({ fields, rows }) =>
    rows.map((row) => Object.fromEntries(fields.map((field, index) => [field, row[index] ?? '']))),
  );
}

export function query(table: string, fields: string, more: Partial<JdeQuery> = {}): JdeQuery {
  const names = fields.split(' ');
  return { system: 'JPD', table, fields: names, key: [names[0] ?? ''], where: [], ...more };
}
