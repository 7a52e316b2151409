import { SystemError, toSystemError, type Clock, type Log } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import type { AddressPolicy } from '../addresses/index.ts';
import { connectionSecret, type ConnectionRow, type Store } from '../store/index.ts';
import type { SystemManifest } from '../systems/index.ts';
import type { Vault } from '../vault/index.ts';

/** Open sessions on connections, shared by everybody who works with one; opened anew when the connection's settings change. */
export interface Sessions extends AsyncDisposable {
  /**
   * Lends the session of a connection for as long as `work` takes. Rejects with verdict `halt` when it cannot be opened (settings that do
   * not fit, secrets that do not open), and `CONNECTION_UNKNOWN` when there is none.
   */
  use<Result>(connectionId: string, work: (opened: OpenedConnection) => Promise<Result>, options?: SessionOptions): Promise<Result>;
  /** Opens a session on a connection as it would be, for as long as `work` takes: to try it before it is stored. */
  useUnsaved<Result>(connection: ConnectionRow, work: (opened: OpenedConnection) => Promise<Result>): Promise<Result>;
  /** A connection was changed: the next one to use it gets it as it is now. */
  forget(connectionId: string): void;
}

export interface SessionOptions {
  /** As the connection was when last read: for who looks in the transaction that begins the work whether it still is that one. */
  lastRead?: boolean;
}

export interface OpenedConnection {
  connection: ConnectionRow;
  manifest: SystemManifest;
  session: unknown;
}

export interface SessionDeps {
  store: Store;
  vault: Vault;
  systems: readonly SystemManifest[];
  agents: AgentCalls;
  /** Where connections may lead to. */
  addresses: AddressPolicy;
  clock: Clock;
  log: Log;
}

export function openSessions(deps: SessionDeps): Sessions {
  const open = new Map<string, Shared>();
  const forgotten = new Set<string>();

  async function borrow(connectionId: string, { lastRead = false }: SessionOptions = {}): Promise<Shared> {
    const known = lastRead && !forgotten.has(connectionId) ? open.get(connectionId) : undefined;
    if (known) return known.hold();
    forgotten.delete(connectionId);
    const connection = await deps.store.db.selectFrom('connection').selectAll().where('id', '=', connectionId).executeTakeFirst();
    if (!connection) throw new SystemError('CONNECTION_UNKNOWN', 'halt', `there is no connection ${connectionId}`);
    const present = open.get(connectionId);
    if (present?.opened.connection.version === connection.version) return present.hold();
    const fresh = new Shared(openConnection(deps, connection));
    open.set(connectionId, fresh);
    fresh.hold();
    await present?.retire();
    return fresh;
  }

  return {
    async use(connectionId, work, options) {
      const shared = await borrow(connectionId, options);
      try {
        return await work(shared.opened);
      } finally {
        await shared.release();
      }
    },
    async useUnsaved(connection, work) {
      const alone = new Shared(openConnection(deps, connection)).hold();
      try {
        return await work(alone.opened);
      } finally {
        await alone.release();
        await alone.retire();
      }
    },
    forget: (connectionId) => void forgotten.add(connectionId),
    async [Symbol.asyncDispose]() {
      const all = [...open.values()];
      open.clear();
      await Promise.all(all.map((shared) => shared.retire()));
    },
  };
}

/** Settings of a connection with its secrets in clear, checked. Throws with verdict `halt`. */
export function readSettings(
  deps: Pick<SessionDeps, 'vault'>,
  manifest: SystemManifest,
  connection: ConnectionRow,
): Record<string, unknown> {
  const owner = connectionSecret(connection.id);
  const secrets = connection.secrets === null ? {} : (JSON.parse(deps.vault.decrypt(connection.secrets, owner)) as object);
  const site = connection.site_id !== null && 'siteId' in manifest.settings.shape ? { siteId: connection.site_id } : {};
  const checked = manifest.settings.safeParse({ ...(JSON.parse(connection.settings_json) as object), ...secrets, ...site });
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw new SystemError(
    'SETTINGS_INVALID',
    'halt',
    `the settings of connection ${connection.name} do not fit ${manifest.label}: ${faults}`,
    {
      fix: 'Open the connection and enter the settings again.',
    },
  );
}

function openConnection(deps: SessionDeps, connection: ConnectionRow): OpenedConnection {
  const manifest = deps.systems.find((system) => system.id === connection.system);
  if (!manifest) throw new SystemError('SYSTEM_UNKNOWN', 'halt', `this build has no system ${connection.system} (${connection.name})`);
  const { clock, agents, addresses } = deps;
  const log = deps.log.child({ system: connection.system, connectionId: connection.id, tenantId: connection.tenant_id });
  const settings = readSettings(deps, manifest, connection);
  try {
    const session = manifest.open({ tenantId: connection.tenant_id, connectionId: connection.id, settings, clock, log, agents, addresses });
    return { connection, manifest, session };
  } catch (error) {
    const { code, message } = toSystemError(error, `opening connection ${connection.name}`);
    throw new SystemError(code, 'halt', message, { cause: error });
  }
}

// A session that was replaced may still be posting; it is closed when its last user returns.
class Shared {
  readonly opened: OpenedConnection;
  #users = 0;
  #isRetired = false;

  constructor(opened: OpenedConnection) {
    this.opened = opened;
  }

  hold(): this {
    this.#users++;
    return this;
  }

  async release(): Promise<void> {
    this.#users--;
    await this.#closeWhenDone();
  }

  async retire(): Promise<void> {
    this.#isRetired = true;
    await this.#closeWhenDone();
  }

  async #closeWhenDone(): Promise<void> {
    if (!this.#isRetired || this.#users > 0) return;
    const session = this.opened.session as Partial<AsyncDisposable & Disposable> | undefined;
    await session?.[Symbol.asyncDispose]?.();
    session?.[Symbol.dispose]?.();
  }
}
