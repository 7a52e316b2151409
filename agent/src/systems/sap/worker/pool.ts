import { isSystemError } from '@ml-connector/shared';
import { judge, showsCongestion } from '../judge.ts';
import { openConnectionLimit } from './connection-limit.ts';
import { openConnections, type Connection, type ConnectionDeps } from './connections.ts';
import { openSession, withLimit, type OpenSession, type Session } from './session.ts';
import { openTurns, type Turn } from './turns.ts';

export interface PoolDeps extends ConnectionDeps {
  maxConnections: number;
  callTimeoutMs: number;
}

export interface Lease {
  deadline: number;
  signal: AbortSignal;
  /** The unit leaves something behind in the ABAP session: it is reset before anyone else gets it. */
  leavesState: boolean;
}

export interface RfcPool {
  /** Runs `use` on a connection of its own; nobody else calls on it meanwhile. */
  lease<Result>(lease: Lease, use: (session: Session) => Promise<Result>): Promise<Result>;
  /** Pings connections that were idle for so long, one after the other, and closes old ones. */
  keepAlive(idleMs: number): Promise<void>;
  status(): { open: number; limit: number; waiting: number; stuck: number };
  close(): Promise<void>;
}

/** Connections for units: so many at once, first come first served, fewer while SAP is overloaded. */
export function openRfcPool(deps: PoolDeps): RfcPool {
  const { clock } = deps;
  const limit = openConnectionLimit(deps.maxConnections);
  const turns = openTurns(() => limit.now, clock);
  const connections = openConnections(deps);
  let stuckCalls = 0;

  const note = (error: unknown, startedAt: number): void => {
    if (!isSystemError(error)) return;
    if (showsCongestion(error)) limit.congested(startedAt, clock.now());
    connections.note(error);
  };

  const acquire = async ({ deadline, signal }: Lease): Promise<{ connection: Connection; turn: Turn }> => {
    const turn = await turns.take({ deadline, signal });
    const fresh = connections.takeFresh();
    if (fresh) return { connection: fresh, turn };
    const started = clock.now();
    const obtained = connections.obtain();
    try {
      return { connection: await withLimit(obtained, { ms: Math.max(1, deadline - started), signal }), turn };
    } catch (error) {
      // When the caller gave up first, the connection is kept for the next one.
      obtained.then(connections.putBack, ignore).finally(() => turn.giveBack());
      if (isSystemError(error) && showsCongestion(error)) limit.congested(started, clock.now());
      throw judge(error, { writes: false, sent: false, doing: 'logging on' });
    }
  };

  const lease: RfcPool['lease'] = async (wish, use) => {
    const { connection, turn } = await acquire(wish);
    const started = clock.now();
    const session = openSession(connection.client, { ...wish, callTimeoutMs: deps.callTimeoutMs, clock });
    try {
      const result = await use(session);
      limit.succeeded();
      return result;
    } catch (error) {
      note(error, started);
      throw error;
    } finally {
      void giveBack(connection, session, wish.leavesState).finally(() => turn.giveBack());
    }
  };

  const giveBack = async (connection: Connection, session: OpenSession, leavesState: boolean): Promise<void> => {
    const { client } = connection;
    if (!session.isSound) {
      // The cancelled call may still run; node-rfc then reconnects by itself, and that connection has to be closed too.
      stuckCalls++;
      await session.quiet;
      stuckCalls--;
      await client.close().catch(ignore);
      return;
    }
    try {
      if (leavesState) await withLimit(client.resetServerContext(), { ms: deps.openTimeoutMs });
      connections.putBack(connection);
    } catch {
      client.close().catch(ignore);
    }
  };

  return {
    lease,
    keepAlive: (idleMs) => connections.keepAlive(idleMs),
    status: () => ({
      open: connections.idle + turns.taken,
      limit: limit.now,
      waiting: turns.waiting,
      stuck: stuckCalls + connections.stuck,
    }),
    close: () => connections.close(),
  };
}

function ignore(): void {}
