import type { Clock, SystemError } from '@ml-connector/shared';
import { judge } from '../judge.ts';
import type { LogonGrant, LogonOutcome } from './protocol.ts';
import type { RfcClient } from './rfc-module.ts';
import { withLimit } from './session.ts';

export interface ConnectionDeps {
  openTimeoutMs: number;
  maxAgeMs: number;
  clock: Clock;
  createClient(password: string | undefined): RfcClient;
  /** Asks leave for one logon; rejects with a SystemError when none may be tried. */
  mayLogOn(): Promise<LogonGrant>;
  logonEnded(outcome: LogonOutcome): void;
}

export interface Connection {
  client: RfcClient;
  openedAt: number;
  usedAt: number;
}

/** The open connections that nobody uses, and the logons. */
export interface Connections {
  /** One that was used a moment ago, if there is one. */
  takeFresh(): Connection | undefined;
  /** One that was idle for longer, after a ping; otherwise logs on. One at a time. */
  obtain(): Promise<Connection>;
  putBack: (connection: Connection) => void;
  /** After a call failed: a lost connection makes the idle ones suspect, a refused logon ends them all. */
  note(error: SystemError): void;
  /** Pings what was idle for so long and closes what is old. */
  keepAlive(idleMs: number): Promise<void>;
  close(): Promise<void>;
  readonly idle: number;
  /** Logons without an end. */
  readonly stuck: number;
}

/** node-rfc logs on again by itself when it meets a dead connection, so after this time it is asked first, one connection at a time. */
const freshMs = 10_000;

export function openConnections(deps: ConnectionDeps): Connections {
  const { clock, openTimeoutMs, maxAgeMs } = deps;
  const idle: Connection[] = [];
  let last: Promise<unknown> = Promise.resolve();
  let stuck = 0;

  /** With a wrong password every logon under way counts against the user: there is never more than one. */
  const inOrder = <Value>(step: () => Promise<Value>): Promise<Value> => {
    const next = last.then(step, step);
    last = next.catch(ignore);
    return next;
  };

  const isOld = ({ openedAt }: Connection): boolean => clock.now() - openedAt >= maxAgeMs;

  const closeIdle = (): void => {
    for (const { client } of idle.splice(0)) client.close().catch(ignore);
  };

  const note: Connections['note'] = (error) => {
    if (error.code === 'SAP_LOGON_REFUSED') deps.logonEnded({ outcome: 'refused', message: error.message });
    if (['SAP_LOGON_REFUSED', 'SAP_CONNECTION_LOST', 'SAP_UNREACHABLE'].includes(error.code)) closeIdle();
  };

  const answersPing = async (connection: Connection): Promise<boolean> => {
    try {
      await withLimit(connection.client.ping(), { ms: openTimeoutMs });
      connection.usedAt = clock.now();
      return true;
    } catch (error) {
      connection.client.close().catch(ignore);
      note(judge(error, { writes: false, sent: false, doing: 'pinging an idle connection' }));
      return false;
    }
  };

  const takeFresh: Connections['takeFresh'] = () => {
    const connection = idle.at(-1);
    if (!connection || clock.now() - connection.usedAt > freshMs || isOld(connection)) return undefined;
    return idle.pop();
  };

  const obtain = async (): Promise<Connection> => {
    for (let connection = idle.pop(); connection; connection = idle.pop()) {
      if (isOld(connection)) connection.client.close().catch(ignore);
      else if (clock.now() - connection.usedAt <= freshMs || (await answersPing(connection))) return connection;
    }
    return logOn();
  };

  const logOn = async (): Promise<Connection> => {
    const { password } = await deps.mayLogOn();
    const client = deps.createClient(password);
    const opened = client.open();
    try {
      await withLimit(opened, { ms: openTimeoutMs });
    } catch (error) {
      const failure = judge(error, { writes: false, sent: false, doing: 'logging on' });
      if (failure.code !== 'SAP_LOGON_REFUSED') deps.logonEnded({ outcome: 'unclear', message: failure.message });
      note(failure);
      if (failure.code === 'SAP_TIMEOUT') await leave(opened.then(() => client.close()));
      throw failure;
    }
    deps.logonEnded({ outcome: 'accepted', message: '' });
    return { client, openedAt: clock.now(), usedAt: clock.now() };
  };

  /** A logon without an end keeps the next one waiting for a second; then it is left alone, and counted. */
  const leave = async (ending: Promise<unknown>): Promise<void> => {
    stuck++;
    const settled = ending.catch(ignore).finally(() => {
      stuck--;
    });
    await withLimit(settled, { ms: 1000 }).catch(ignore);
  };

  const keepAlive = async (idleMs: number): Promise<void> => {
    for (const connection of idle.slice()) {
      const isDue = clock.now() - connection.usedAt >= idleMs || isOld(connection);
      const at = idle.indexOf(connection);
      if (!isDue || at < 0) continue;
      idle.splice(at, 1);
      if (isOld(connection)) connection.client.close().catch(ignore);
      else if (await inOrder(() => answersPing(connection))) idle.unshift(connection);
    }
  };

  return {
    takeFresh,
    obtain: () => inOrder(obtain),
    putBack: (connection) => {
      connection.usedAt = clock.now();
      idle.push(connection);
    },
    note,
    keepAlive,
    close: async () => {
      await Promise.allSettled(idle.splice(0).map(({ client }) => client.close()));
    },
    get idle() {
      return idle.length;
    },
    get stuck() {
      return stuck;
    },
  };
}

function ignore(): void {}
