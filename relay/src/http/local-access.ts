import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Clock } from '@ml-connector/shared';
import type { Store } from '../store/index.ts';
import { findCaller, issueApiToken } from './api-tokens.ts';

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
 * which is also the way back in. Answers whether a new one was written.
 */
export async function ensureAdminToken(deps: { store: Store; clock: Clock; dataDir: string }): Promise<boolean> {
  const file = adminTokenFile(deps.dataDir);
  if (existsSync(file) && (await findCaller(deps, readFileSync(file, 'utf8').trim()))) return false;
  const { token } = await issueApiToken(deps, { name: 'command line of this machine', tenantId: null, role: 'admin', expiresAt: null });
  writeFileSync(`${file}.new`, `${token}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return true;
}

/** Notes where the relay listens; an address that means "all" becomes loopback. */
export function writeUrlFile(dataDir: string, { host, port }: { host: string; port: number }): void {
  const isAll = host === '0.0.0.0' || host === '::';
  writeFileSync(urlFile(dataDir), `http://${isAll ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host}:${port}\n`);
}
