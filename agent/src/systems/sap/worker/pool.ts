import { isSystemError, type Clock, type SystemError } from '@ml-connector/shared';
import { judge, showsCongestion } from '../judge.ts';
import { openConnectionLimit } from './connection-limit.ts';
import type { LogonGrant, LogonOutcome } from './protocol.ts';
import type { RfcClient } from './rfc-module.ts';
import { openSession, withLimit, type Session } from './session.ts';
import { openTurns, type Turn } from './turns.ts';

export interface PoolDeps {
  maxConnections: number;
  callTimeoutMs: number;
  openTimeoutMs: number;
  maxAgeMs: number;
  clock: Clock;
  createClient(password: string | undefined): RfcClient;
  /** Asks leave for one logon; rejects with a SystemError when none may be tried. */
  mayLogOn(): Promise<LogonGrant>;
  logonEnded(outcome: LogonOutcome): void;
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

interface Connection {
  client: RfcClient;
  openedAt: number;
  usedAt: number;
}

export function openRfcPool(deps: PoolDeps): RfcPool {
  const { clock } = deps;
  const limit = openConnectionLimit(deps.maxConnections);
  const turns = openTurns(() => limit.now, clock);
  const idle: Connection[] = [];
  let opening: Promise<unknown> = Promise.resolve();
  let stuck = 0;

  /** One logon at a time, always: with a wrong password a second one under way would count against the user. */
  const inOrder = <Value>(open: () => Promise<Value>): Promise<Value> => {
    const next = opening.then(open, open);
    opening = next.catch(ignore);
    return next;
  };

  const logOn = async (): Promise<Connection> => {
    const free = takeIdle(); // one may have come back while this logon waited for its turn
    if (free) return free;
    const { password } = await deps.mayLogOn();
    const started = clock.now();
    const client = deps.createClient(password);
    const opened = client.open();
    try {
      await withLimit(opened, { ms: deps.openTimeoutMs });
    } catch (error) {
      const verdict = judge(error, { writes: false, sent: false, doing: 'logging on' });
      deps.logonEnded({ outcome: verdict.code === 'SAP_LOGON_REFUSED' ? 'refused' : 'unclear', message: verdict.message });
      if (showsCongestion(verdict)) limit.congested(started, clock.now());
      if (verdict.code === 'SAP_TIMEOUT') await settleStuck(opened.then(() => client.close()));
      throw verdict;
    }
    deps.logonEnded({ outcome: 'accepted', message: '' });
    return { client, openedAt: clock.now(), usedAt: clock.now() };
  };

  const noteFailure = (error: SystemError, startedAt: number): void => {
    if (showsCongestion(error)) limit.congested(startedAt, clock.now());
    // node-rfc logs on again by itself after many errors, and so meets a changed password before we do.
    if (error.code === 'SAP_LOGON_REFUSED') deps.logonEnded({ outcome: 'refused', message: error.message });
  };

  /** A logon without an end keeps the next ones waiting for a while; then it is left alone, and counted. */
  const settleStuck = async (open: Promise<unknown>): Promise<void> => {
    stuck++;
    const settled = open.catch(ignore).finally(() => {
      stuck--;
    });
    await withLimit(settled, { ms: 1000 }).catch(ignore);
  };

  const takeIdle = (): Connection | undefined => {
    for (let connection = idle.pop(); connection; connection = idle.pop()) {
      if (clock.now() - connection.openedAt < deps.maxAgeMs) return connection;
      connection.client.close().catch(ignore);
    }
    return undefined;
  };

  const acquire = async ({ deadline, signal }: Lease): Promise<{ connection: Connection; turn: Turn }> => {
    const turn = await turns.take({ deadline, signal });
    const free = takeIdle();
    if (free) return { connection: free, turn };
    const opened = inOrder(logOn);
    try {
      return { connection: await withLimit(opened, { ms: Math.max(1, deadline - clock.now()), signal }), turn };
    } catch (error) {
      // When the caller gave up first, the connection is kept for the next one.
      opened.then((connection) => idle.push(connection), ignore).finally(() => turn.giveBack());
      throw isSystemError(error) ? error : judge(error, { writes: false, sent: false, doing: 'logging on' });
    }
  };

  const lease: RfcPool['lease'] = async (wish, use) => {
    const { connection, turn } = await acquire(wish);
    const { client } = connection;
    const started = clock.now();
    const session = openSession(client, { ...wish, callTimeoutMs: deps.callTimeoutMs, clock });
    try {
      const result = await use(session);
      limit.succeeded();
      return result;
    } catch (error) {
      if (isSystemError(error)) noteFailure(error, started);
      throw error;
    } finally {
      void giveBack(connection, turn, { isSound: session.isSound, quiet: session.quiet, leavesState: wish.leavesState });
    }
  };

  const giveBack = async (
    connection: Connection,
    turn: Turn,
    after: { isSound: boolean; quiet: Promise<void>; leavesState: boolean },
  ): Promise<void> => {
    const { client } = connection;
    if (!after.isSound) {
      // The cancelled call may still run; node-rfc then reconnects by itself, and that connection has to be closed too.
      stuck++;
      await after.quiet;
      stuck--;
      await client.close().catch(ignore);
      turn.giveBack();
      return;
    }
    try {
      if (after.leavesState) await withLimit(client.resetServerContext(), { ms: deps.openTimeoutMs });
      connection.usedAt = clock.now();
      idle.push(connection);
    } catch {
      client.close().catch(ignore);
    }
    turn.giveBack();
  };

  const keepAlive = async (idleMs: number): Promise<void> => {
    for (const connection of idle.slice()) {
      const now = clock.now();
      if (now - connection.usedAt < idleMs && now - connection.openedAt < deps.maxAgeMs) continue;
      const at = idle.indexOf(connection);
      if (at < 0) continue;
      idle.splice(at, 1);
      try {
        if (now - connection.openedAt >= deps.maxAgeMs) {
          await connection.client.close();
          continue;
        }
        await withLimit(connection.client.ping(), { ms: deps.openTimeoutMs });
        connection.usedAt = clock.now();
        idle.unshift(connection);
      } catch (error) {
        noteFailure(judge(error, { writes: false, sent: false, doing: 'pinging an idle connection' }), now);
        await connection.client.close().catch(ignore);
      }
    }
  };

  return {
    lease,
    keepAlive,
    status: () => ({ open: idle.length + turns.taken, limit: limit.now, waiting: turns.waiting, stuck }),
    close: async () => {
      await Promise.allSettled(idle.splice(0).map(({ client }) => client.close()));
    },
  };
}

function ignore(): void {}
