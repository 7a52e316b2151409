import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '@ml-connector/shared';
import { newId, type ApiTokenRow, type Store } from '../store/index.ts';
import type { Role } from '../people/index.ts';
import type { Identity } from './caller.ts';

export interface NewApiToken {
  name: string;
  /** null: all tenants. */
  tenantId: string | null;
  role: Role;
  /** Milliseconds since 1970; null: does not expire. */
  expiresAt: number | null;
}

/** Makes a token and answers it once: only its hash is kept. */
export async function issueApiToken(deps: TokenDeps, wanted: NewApiToken): Promise<{ token: string; row: ApiTokenRow }> {
  const { store, clock } = deps;
  const token = `mlr_${randomBytes(32).toString('base64url')}`;
  const row: ApiTokenRow = {
    id: newId('apiToken', clock.now()),
    tenant_id: wanted.tenantId,
    name: wanted.name,
    token_hash: hashOf(token),
    role: wanted.role,
    created_at: clock.now(),
    expires_at: wanted.expiresAt,
    revoked_at: null,
    last_used_at: null,
  };
  await store.db.insertInto('api_token').values(row).execute();
  return { token, row };
}

/** Whose token this is, or undefined when it is unknown, expired or revoked. Notes its use, to the minute. */
export async function findCaller({ store, clock }: TokenDeps, token: string): Promise<Identity | undefined> {
  // 256 random bits need no slow hash, and looking a hash up tells nothing by its timing.
  const row = await store.db.selectFrom('api_token').selectAll().where('token_hash', '=', hashOf(token)).executeTakeFirst();
  const now = clock.now();
  if (!row || row.revoked_at !== null || (row.expires_at !== null && row.expires_at <= now)) return undefined;
  if (row.last_used_at === null || now - row.last_used_at >= 60_000)
    await store.db.updateTable('api_token').set({ last_used_at: now }).where('id', '=', row.id).execute();
  const role = row.role as Role;
  const grants =
    row.tenant_id === null ? { everywhere: role, tenants: new Map() } : { everywhere: null, tenants: new Map([[row.tenant_id, role]]) };
  return { actor: `token:${row.id}`, name: row.name, grants };
}

interface TokenDeps {
  store: Pick<Store, 'db'>;
  clock: Clock;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
