import { timingSafeEqual } from 'node:crypto';
import type { Clock, Log } from '@ml-connector/shared';
import type { ConnectionRow, Store, WebhookEndpointRow } from '../store/index.ts';
import type { SystemManifest, Webhooks } from '../systems/index.ts';
import type { Vault } from '../vault/index.ts';
import { openSecrets, previousSecretMs } from './endpoints.ts';

/** An address that deliveries come to, with all that is needed to check them. */
export interface KnownEndpoint {
  connectionId: string;
  tenantId: string;
  system: string;
  isSignatureRequired: boolean;
  /** A person said whether signatures are required. */
  isModeChosen: boolean;
  /** Whether a right signature was ever seen. */
  isProven: boolean;
  /** Left out when the connection's settings cannot be read. */
  check?: EndpointCheck;
}

export interface EndpointCheck {
  webhooks: Webhooks<Record<string, unknown>, unknown>;
  /** With secrets in clear. */
  settings: Record<string, unknown>;
  /** In constant time. */
  isHeaderSecret(given: string, now: number): boolean;
}

export interface KnownEndpointsDeps {
  store: Store;
  vault: Vault;
  clock: Clock;
  log: Log;
  systems: readonly SystemManifest[];
  /** A connection's settings with its secrets in clear; throws when they do not fit. */
  readSettings(manifest: SystemManifest, connection: ConnectionRow): Record<string, unknown>;
}

/** All endpoints, in memory; read again when something about a connection changed, and now and then. */
export interface KnownEndpoints extends Disposable {
  /** By the last part of the address. */
  find(key: string): KnownEndpoint | undefined;
  /** Reads them again if that was not just done: for a key that is not known, which another relay may have made. */
  refresh(): Promise<void>;
}

/** A lost notification costs no more than that. */
const oldAfterMs = 30_000;
const shortestPauseMs = 1000;

/** Resolves when all are read. */
export async function knowEndpoints(deps: KnownEndpointsDeps): Promise<KnownEndpoints> {
  const { store, clock, log } = deps;
  let known = new Map<string, Read>();
  let readAt = -Infinity;
  let isOutdated = false;
  let reading: Promise<void> | undefined;

  async function read(): Promise<void> {
    isOutdated = false;
    const rows = await endpointRows(store);
    const before = known;
    known = new Map(rows.map((row) => [row.key, before.get(row.key)?.stamp === stampOf(row) ? before.get(row.key)! : open(deps, row)]));
    readAt = clock.now();
  }
  function readOnce(): Promise<void> {
    reading ??= read().finally(() => {
      reading = undefined;
      if (isOutdated) readQuietly();
    });
    return reading;
  }
  function readQuietly(): void {
    readOnce().catch((error: unknown) =>
      log.warn({ err: error }, 'the addresses of webhooks could not be read again; those known stay in use'),
    );
  }

  const listening = store.listen((change) => {
    if (change.about !== 'connection') return;
    isOutdated = true;
    readQuietly();
  });
  try {
    await readOnce();
  } catch (error) {
    listening[Symbol.dispose]();
    throw error;
  }
  return {
    find(key) {
      if (Math.abs(clock.now() - readAt) > oldAfterMs) {
        readAt = clock.now();
        readQuietly();
      }
      return known.get(key)?.endpoint;
    },
    async refresh() {
      if (reading || Math.abs(clock.now() - readAt) >= shortestPauseMs) await readOnce();
    },
    [Symbol.dispose]: () => listening[Symbol.dispose](),
  };
}

interface Read {
  stamp: string;
  endpoint: KnownEndpoint;
}

type Row = ConnectionRow &
  Pick<WebhookEndpointRow, 'key' | 'mode' | 'mode_set_by' | 'genuine_at' | 'rotated_at'> & { header_secrets: string };

function endpointRows(store: Store): Promise<Row[]> {
  return store.db
    .selectFrom('webhook_endpoint')
    .innerJoin('connection', 'connection.id', 'webhook_endpoint.connection_id')
    .selectAll('connection')
    .select(['webhook_endpoint.key', 'mode', 'mode_set_by', 'genuine_at', 'rotated_at', 'webhook_endpoint.secrets as header_secrets'])
    .execute();
}

/** Opening secrets costs; it is done again only when something of this changed. */
function stampOf({ id, version, settings_json, secrets, header_secrets, mode, mode_set_by, genuine_at, rotated_at }: Row): string {
  return JSON.stringify([id, version, settings_json, secrets, header_secrets, mode, mode_set_by, genuine_at, rotated_at]);
}

function open(deps: KnownEndpointsDeps, row: Row): Read {
  const endpoint: KnownEndpoint = {
    connectionId: row.id,
    tenantId: row.tenant_id,
    system: row.system,
    isSignatureRequired: row.mode === 'required',
    isModeChosen: row.mode_set_by !== null,
    isProven: row.genuine_at !== null,
  };
  const manifest = deps.systems.find(({ id }) => id === row.system);
  if (!manifest?.webhooks) return { stamp: stampOf(row), endpoint };
  try {
    const settings = deps.readSettings(manifest, row);
    const secrets = openSecrets(deps.vault, { connection_id: row.id, secrets: row.header_secrets });
    return {
      stamp: stampOf(row),
      endpoint: {
        ...endpoint,
        check: { webhooks: manifest.webhooks, settings, isHeaderSecret: secretCheck(secrets, row.rotated_at ?? 0) },
      },
    };
  } catch (error) {
    deps.log.warn({ err: error, connectionId: row.id }, 'webhooks of this connection are put off: its settings cannot be read');
    return { stamp: '', endpoint };
  }
}

function secretCheck({ current, previous }: { current: string; previous?: string }, rotatedAt: number): EndpointCheck['isHeaderSecret'] {
  const [now, before] = [Buffer.from(current), Buffer.from(previous ?? '')];
  const until = rotatedAt + previousSecretMs;
  return (given, at) => {
    const bytes = Buffer.from(given);
    return isSame(bytes, now) || (previous !== undefined && at < until && isSame(bytes, before));
  };
}

function isSame(given: Buffer, secret: Buffer): boolean {
  return given.length === secret.length && timingSafeEqual(given, secret);
}
