import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import path from 'node:path';
import type { Clock } from '@ml-connector/shared';
import { addEvent } from '../ledger/index.ts';
import type { Store } from '../store/index.ts';
import { findCaller, issueApiToken } from './api-tokens.ts';
import { relaySubject } from './audit.ts';

/** Where the command line on the relay's own machine finds its token. */
export function adminTokenFile(dataDir: string): string {
  return path.join(dataDir, 'admin.token');
}

/** Where it finds the address of the relay that runs. */
export function urlFile(dataDir: string): string {
  return path.join(dataDir, 'http.url');
}

/**
 * Makes sure that the file holds a good administrator's token, readable by the relay's user only. A missing or revoked one is replaced,
 * which is also the way back in; the audit trail of the relay says so. Answers whether a new one was written.
 */
export async function ensureAdminToken(deps: { store: Store; clock: Clock; dataDir: string }): Promise<boolean> {
  const file = adminTokenFile(deps.dataDir);
  if (existsSync(file) && (await findCaller(deps, readFileSync(file, 'utf8').trim()))) return false;
  const { store, clock } = deps;
  const wanted = { name: 'command line of this machine', tenantId: null, role: 'admin' as const, expiresAt: null };
  const token = await store.transaction(async (transaction) => {
    const issued = await issueApiToken({ store: { db: transaction }, clock }, wanted);
    const { name, role } = wanted;
    const { actor, ...who } = whoRunsThis();
    const data = { ...who, id: issued.row.id, name, role, file };
    await addEvent(transaction, { ...relayTrail, at: clock.now(), actor, kind: 'api-tokens.first', data });
    return issued.token;
  });
  writeFileSync(`${file}.new`, `${token}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return true;
}

/** Writes to the relay's audit trail what somebody does on its machine, past the API: before it is done, and how it ended. */
export async function auditLocally<Result extends object>(
  { store, clock }: { store: Store; clock: Clock },
  kind: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { actor, ...who } = whoRunsThis();
  const write = (data: object): Promise<void> =>
    store.transaction((transaction) => addEvent(transaction, { ...relayTrail, at: clock.now(), actor, kind, data: { ...who, ...data } }));
  await write({});
  try {
    const result = await work();
    await write({ outcome: 'done', ...result });
    return result;
  } catch (error) {
    await write({ outcome: 'failed' }).catch(() => undefined);
    throw error;
  }
}

const relayTrail = { subjectId: relaySubject, tenantId: relaySubject };

function whoRunsThis(): { actor: string; by: string; from: string } {
  const by = userName();
  return { actor: `local:${by}`, by, from: hostname() };
}

// A container's user may have a number and no name.
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'unknown');
  }
}

/** Notes where the relay listens; an address that means "all" becomes loopback. */
export function writeUrlFile(dataDir: string, { host, port }: { host: string; port: number }): void {
  const isAll = host === '0.0.0.0' || host === '::';
  writeFileSync(urlFile(dataDir), `http://${isAll ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}\n`);
}
