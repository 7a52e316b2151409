import { systemClock, type SystemError } from '@ml-connector/shared';
import { openConnectionLimit } from './connection-limit.ts';
import { openRfcPool, type PoolDeps } from './pool.ts';
import type { LogonOutcome } from './protocol.ts';
import type { RfcClient } from './rfc-module.ts';

const broken = {
  name: 'RfcLibError',
  group: 4,
  code: 1,
  key: 'RFC_COMMUNICATION_FAILURE',
  message: 'ERROR       connection to partner broken',
};
const raised = { name: 'ABAPError', group: 1, code: 5, key: 'NO_RECORD', message: ' Number:000' };
const wrongPassword = { name: 'RfcLibError', group: 3, code: 2, key: 'RFC_LOGON_FAILURE', message: 'Name or password is incorrect' };

/** A client as node-rfc's, whose calls a test answers. */
class FakeClient implements RfcClient {
  connectionHandle = 1;
  connectionInfo = { sysId: 'PRD' };
  readonly events: string[] = [];
  answers = new Map<string, () => Promise<Record<string, unknown>>>();
  opens: () => Promise<unknown> = () => Promise.resolve(this);
  async open() {
    this.events.push('open');
    return this.opens();
  }
  async close() {
    this.events.push('close');
  }
  async ping() {
    this.events.push('ping');
  }
  async cancel() {
    this.events.push('cancel');
  }
  async resetServerContext() {
    this.events.push('reset');
  }
  async call(name: string) {
    this.events.push(name);
    return this.answers.get(name)?.() ?? {};
  }
}

function open(more: Partial<PoolDeps> & { prepare?: (client: FakeClient, number: number) => void } = {}) {
  const clients: FakeClient[] = [];
  const outcomes: LogonOutcome[] = [];
  const pool = openRfcPool({
    maxConnections: 2,
    callTimeoutMs: 60_000,
    openTimeoutMs: 60_000,
    maxAgeMs: 600_000,
    clock: systemClock,
    createClient: () => {
      const client = new FakeClient();
      clients.push(client);
      more.prepare?.(client, clients.length);
      return client;
    },
    mayLogOn: () => Promise.resolve({ password: 'secret' }),
    logonEnded: (outcome) => outcomes.push(outcome),
    ...more,
  });
  const lease = (leavesState = false, deadline = Date.now() + 60_000, signal = new AbortController().signal) => ({
    leavesState,
    deadline,
    signal,
  });
  return { pool, clients, outcomes, lease };
}

const tick = () => new Promise((resolve) => setImmediate(resolve));

test('a connection is used again, and reset first when a unit left something behind', async () => {
  const { pool, clients, lease } = open();
  await pool.lease(lease(true), (session) => session.call('BAPI_X', {}, { writes: true }));
  await tick();
  await pool.lease(lease(), (session) => session.call('RFC_PING', {}, { writes: false }));
  expect(clients).toHaveLength(1);
  expect(clients[0]?.events).toEqual(['open', 'BAPI_X', 'reset', 'RFC_PING']);
});

test('no more run at once than allowed, and the rest wait their turn in order', async () => {
  const { pool, clients, lease } = open();
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<void>());
  const began: number[] = [];
  const calls = gates.map((gate, index) =>
    pool.lease(lease(), async () => {
      began.push(index);
      await gate.promise;
    }),
  );
  await tick();
  await tick();
  expect([began, clients.length, pool.status().waiting]).toEqual([[0, 1], 2, 2]);
  gates[1]?.resolve();
  await calls[1];
  await tick();
  expect(began).toEqual([0, 1, 2]);
  for (const gate of gates) gate.resolve();
  await Promise.all(calls);
  expect(clients).toHaveLength(2);
});

test('who waits past the deadline, or is cancelled, was never sent', async () => {
  const { pool, lease } = open({ maxConnections: 1 });
  const gate = Promise.withResolvers<void>();
  const first = pool.lease(lease(), () => gate.promise);
  const cancel = new AbortController();
  const outcomes = Promise.allSettled([
    pool.lease(lease(false, Date.now() + 20), () => Promise.resolve()),
    pool.lease(lease(false, Date.now() + 60_000, cancel.signal), () => Promise.resolve()),
  ]);
  cancel.abort();
  expect(await outcomes).toMatchObject([
    { reason: { code: 'SAP_QUEUE_TIMEOUT', verdict: 'retry' } },
    { reason: { code: 'SAP_CANCELLED', verdict: 'retry' } },
  ]);
  gate.resolve();
  await first;
});

test.each([
  ['a broken connection is thrown away', broken, 2],
  ['after a raised exception the session lives on', raised, 1],
])('%s', async (_what, error, connections) => {
  const { pool, clients, lease } = open({
    prepare: (client) => client.answers.set('BAPI_X', () => Promise.reject(error)),
  });
  await expect(pool.lease(lease(), (session) => session.call('BAPI_X', {}, { writes: true }))).rejects.toHaveProperty('verdict');
  await tick();
  await pool.lease(lease(), (session) => session.call('RFC_PING', {}, { writes: false }));
  expect(clients).toHaveLength(connections);
});

test('the first call that fails ends the unit, also when the caller goes on', async () => {
  const { pool, clients, lease } = open({
    prepare: (client) => client.answers.set('BAPI_X', () => Promise.reject(raised)),
  });
  await expect(
    pool.lease(lease(), async (session) => {
      await session.call('BAPI_X', {}, { writes: true }).catch(() => undefined);
      return session.call('BAPI_TRANSACTION_COMMIT', {}, { writes: true });
    }),
  ).rejects.toMatchObject({ code: 'SAP_SESSION_ENDED' });
  expect(clients[0]?.events).toEqual(['open', 'BAPI_X']);
});

test('a session that node-rfc replaced by itself takes no further call', async () => {
  const { pool, clients, lease } = open();
  await expect(
    pool.lease(lease(), async (session) => {
      await session.call('BAPI_X', {}, { writes: true });
      (clients[0] as FakeClient).connectionHandle = 2;
      return session.call('BAPI_TRANSACTION_COMMIT', {}, { writes: true });
    }),
  ).rejects.toMatchObject({ code: 'SAP_SESSION_CHANGED', verdict: 'uncertain' });
  expect(clients[0]?.events).not.toContain('BAPI_TRANSACTION_COMMIT');
});

test('a call without an answer is cancelled, and its connection waits for the end before it is closed', async () => {
  const answer = Promise.withResolvers<Record<string, unknown>>();
  const { pool, clients, lease } = open({ callTimeoutMs: 10, prepare: (client) => client.answers.set('BAPI_X', () => answer.promise) });
  await expect(pool.lease(lease(), (session) => session.call('BAPI_X', {}, { writes: true }))).rejects.toMatchObject({
    code: 'SAP_TIMEOUT',
    verdict: 'uncertain',
  });
  expect(clients[0]?.events).toEqual(['open', 'BAPI_X', 'cancel']);
  expect(pool.status().stuck).toBe(1);
  answer.resolve({});
  await tick();
  expect(clients[0]?.events.at(-1)).toBe('close');
  expect(pool.status()).toMatchObject({ stuck: 0, open: 0 });
});

test('with a wrong password exactly one logon is tried, however many wait', async () => {
  let refused: SystemError | undefined;
  const { pool, clients, outcomes, lease } = open({
    maxConnections: 10,
    prepare: (client) => {
      client.opens = () => Promise.reject(wrongPassword);
    },
    mayLogOn: () => (refused ? Promise.reject(refused) : Promise.resolve({ password: 'wrong' })),
    logonEnded: (outcome) => {
      if (outcome.outcome === 'refused') refused = Object.assign(new Error('refused'), { name: 'SystemError', code: 'SAP_LOGON_REFUSED', verdict: 'halt' }) as SystemError;
    },
  });
  const calls = await Promise.allSettled(Array.from({ length: 30 }, () => pool.lease(lease(), () => Promise.resolve())));
  expect(calls.every((call) => call.status === 'rejected' && (call.reason as SystemError).code === 'SAP_LOGON_REFUSED')).toBe(true);
  expect([clients.length, outcomes.length]).toEqual([1, 0]);
}); // prettier-ignore

test('idle connections are pinged, old ones closed', async () => {
  let now = 0;
  const { pool, clients, lease } = open({ clock: { now: () => now, wait: () => Promise.resolve() }, maxAgeMs: 1000 });
  await pool.lease({ ...lease(), deadline: 60_000 }, () => Promise.resolve());
  await tick();
  now = 500;
  await pool.keepAlive(400);
  now = 1500;
  await pool.keepAlive(400);
  expect(clients[0]?.events).toEqual(['open', 'ping', 'close']);
});

test('when a logon is refused or a connection is lost, the idle ones are closed and not asked for the same news', async () => {
  const { pool, clients, lease } = open();
  const gate = Promise.withResolvers<void>();
  await Promise.all([
    pool.lease(lease(), () => gate.promise),
    pool.lease(lease(), async (session) => {
      gate.resolve();
      await session.call('RFC_PING', {}, { writes: false });
    }),
  ]);
  await tick();
  clients[1]?.answers.set('RFC_PING', () => Promise.reject(broken));
  clients[0]?.answers.set('RFC_PING', () => Promise.reject(broken));
  await expect(pool.lease(lease(), (session) => session.call('RFC_PING', {}, { writes: false }))).rejects.toMatchObject({
    verdict: 'retry',
  });
  await tick();
  expect(clients.map((client) => client.events.at(-1))).toEqual(['close', 'close']);
});

test('a connection that was idle for a while is asked before it is used', async () => {
  let now = 0;
  const { pool, clients, lease } = open({ clock: { now: () => now, wait: () => Promise.resolve() } });
  await pool.lease({ ...lease(), deadline: 60_000 }, () => Promise.resolve());
  await tick();
  now = 30_000;
  await pool.lease({ ...lease(), deadline: 60_000 }, (session) => session.call('BAPI_X', {}, { writes: true }));
  expect(clients[0]?.events).toEqual(['open', 'ping', 'BAPI_X']);
});

test('congestion halves the number of calls at once, success raises it slowly', () => {
  const limit = openConnectionLimit(16);
  limit.congested(10, 20);
  limit.congested(15, 25); // was under way when the limit was lowered
  expect(limit.now).toBe(8);
  limit.congested(30, 40);
  expect(limit.now).toBe(4);
  for (let call = 0; call < 60; call++) limit.succeeded();
  expect(limit.now).toBe(5);
  for (let call = 0; call < 5000; call++) limit.succeeded();
  expect(limit.now).toBe(16);
  for (let call = 0; call < 50; call++) limit.congested(1000 + call * 2, 1001 + call * 2);
  expect(limit.now).toBe(1);
});
