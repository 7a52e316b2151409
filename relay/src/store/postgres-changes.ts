import { randomUUID } from 'node:crypto';
import type { Clock, Log } from '@ml-connector/shared';
import { Client, type ClientConfig, type Pool } from 'pg';
import { z } from 'zod';
import type { Change } from './changes.ts';

const channel = 'ml_relay_change';
/** Messages that come close together go as one: each costs a lock that all commits of the server share. */
const gatherMs = 10;
const longestMessage = 7000; // PostgreSQL's limit is 8,000 bytes
const reconnectMs = { first: 100, cap: 5000 };
const checkMs = 30_000;

export interface Deps {
  pool: Pool;
  config: ClientConfig;
  clock: Clock;
  log: Log | undefined;
  /** Hears what other processes tell; after a broken connection, that anything may have changed. */
  hear: (change: Change) => void;
}

export interface PostgresChanges extends AsyncDisposable {
  /** Tells the other processes; they hear it a little later. What cannot be told is made good by their reconnection. */
  tell(change: Change): void;
}

/** Changes between the processes on one database, by LISTEN and NOTIFY. Resolves when it listens. */
export async function openPostgresChanges(deps: Deps): Promise<PostgresChanges> {
  const own = randomUUID();
  const closing = new AbortController();
  const first = await listenOnce(deps, own);
  const listening = keepListening(deps, { own, first }, closing.signal);
  const gathered = new Set<string>();
  let telling: Promise<void> | undefined;

  async function tellGathered(): Promise<void> {
    await deps.clock.wait(gatherMs, closing.signal).catch(() => undefined);
    const messages = messagesOf(own, gathered);
    gathered.clear();
    telling = undefined;
    await deps.pool
      .query('select pg_notify($1, message) from unnest($2::text[]) as message', [channel, messages])
      .catch((error: unknown) => {
        deps.log?.debug({ err: error }, 'other relays could not be told of a change; they look at their next round');
      });
  }

  return {
    tell: (change) => {
      gathered.add(JSON.stringify(change));
      telling ??= tellGathered();
    },
    [Symbol.asyncDispose]: async () => {
      closing.abort();
      await telling;
      await listening;
    },
  };
}

interface Listening {
  client: Client;
  /** Aborts when the connection is gone. */
  gone: AbortSignal;
}

async function keepListening(deps: Deps, { own, first }: { own: string; first: Listening }, closing: AbortSignal): Promise<void> {
  const { clock, log, hear } = deps;
  let current = first;
  while (!closing.aborted) {
    await untilGone(current, clock, closing);
    await current.client.end().catch(() => undefined);
    if (closing.aborted) return;
    log?.warn('the connection that listens for changes broke; connecting anew');
    const next = await reconnected(deps, own, closing);
    if (!next) return;
    current = next;
    for (const about of ['work', 'connection', 'settings', 'run', 'agent'] as const) hear({ about });
  }
  await current.client.end().catch(() => undefined);
}

/** Asks now and then whether the server is still there: a connection that only listens would not notice. */
async function untilGone({ client, gone }: Listening, clock: Clock, closing: AbortSignal): Promise<void> {
  const signal = AbortSignal.any([gone, closing]);
  while (!signal.aborted) {
    await clock.wait(checkMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    const isThere = await client.query('select 1').then(
      () => true,
      () => false,
    );
    if (!isThere) return;
  }
}

async function reconnected(deps: Deps, own: string, closing: AbortSignal): Promise<Listening | undefined> {
  for (let waitMs = reconnectMs.first; !closing.aborted; waitMs = Math.min(waitMs * 2, reconnectMs.cap)) {
    await deps.clock.wait(Math.random() * waitMs, closing).catch(() => undefined);
    const listening = await listenOnce(deps, own).catch(() => undefined);
    if (listening) return listening;
  }
  return undefined;
}

async function listenOnce({ config, hear }: Deps, own: string): Promise<Listening> {
  const client = new Client({ ...config, query_timeout: 10_000, connectionTimeoutMillis: 10_000 });
  const gone = new AbortController();
  client.on('error', () => gone.abort());
  client.on('end', () => gone.abort());
  client.on('notification', ({ payload = '' }) => {
    const message = parsed(payload);
    if (message && message.from !== own) for (const change of message.changes) hear(change);
  });
  try {
    await client.connect();
    await client.query(`listen ${channel}`);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  return { client, gone: gone.signal };
}

const change = z.object({
  about: z.enum(['work', 'cancel', 'record', 'run', 'connection', 'agent', 'alert', 'settings']),
  tenantId: z.string().optional(),
  id: z.string().optional(),
});
const message = z.object({ from: z.string(), changes: z.array(change) });

/** Undefined for what no relay has said: whoever may connect to the database can speak on any channel. */
function parsed(payload: string): { from: string; changes: Change[] } | undefined {
  try {
    return message.parse(JSON.parse(payload)) as { from: string; changes: Change[] };
  } catch {
    return undefined;
  }
}

function messagesOf(from: string, changes: Iterable<string>): string[] {
  const messages: string[] = [];
  let texts: string[] = [];
  let length = 0;
  const close = (): void => {
    if (texts.length > 0) messages.push(`{"from":"${from}","changes":[${texts.join(',')}]}`);
    texts = [];
    length = 0;
  };
  for (const text of changes) {
    const bytes = Buffer.byteLength(text) + 1;
    if (length + bytes > longestMessage) close();
    texts.push(text);
    length += bytes;
  }
  close();
  return messages;
}
