import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import { z } from 'zod';
import { defaultEngineSettings, openSessions, runEngine } from '../../../relay/src/engine/index.ts';
import type { Flow } from '../../../relay/src/flows/index.ts';
import { openStore, type Store } from '../../../relay/src/store/index.ts';
import type { SystemManifest } from '../../../relay/src/systems/index.ts';
import { openHttp, type HttpRequest, type HttpSender } from '../../../relay/src/systems/http/index.ts';
import { openVault } from '../../../relay/src/vault/index.ts';
import { orderOf, toBody, type Order } from './order.ts';

const settings = z.object({});
const batchSize = 200;

/** What the source still has: orders `next` to `end`. */
export interface OrderSource {
  next: number;
  end: number;
}

/** Poll in, map ten fields, post over HTTP; what the engine does around it is the product's own. */
export const orderFlow: Flow<Order, ReturnType<typeof toBody>, OrderSource, HttpSender> = {
  id: 'orders',
  title: 'Orders to a stub',
  from: 'sap-ecc',
  to: 'cin7-core',
  kind: 'document',
  settings,
  schedule: { everyMs: 3_600_000 },
  valueMaps: [],
  async *extract({ source, scope }) {
    while (source.next < source.end) {
      scope.signal.throwIfAborted();
      const orders = Array.from({ length: Math.min(batchSize, source.end - source.next) }, () => orderOf(source.next++));
      yield { records: orders.map((order) => ({ key: order.id, label: order.customer.name, payload: order })), cursor: source.next };
    }
  },
  map: (order) => ({ outcome: 'mapped', body: toBody(order), notes: [] }),
  async post({ record, body, target, scope }) {
    const [at, began] = [systemClock.now(), performance.now()];
    const { status, text } = await target.send({ method: 'POST', path: '', body, signal: scope.signal });
    scope.trace({
      system: 'cin7-core',
      what: 'POST order',
      at,
      ms: Math.round(performance.now() - began),
      request: body,
      status,
      answer: text,
    });
    const { id } = JSON.parse(text) as { id: string };
    return { targetId: id, targetLabel: record.key, action: 'created' };
  },
  probe: () => Promise.resolve({ outcome: 'absent' }),
};

/** A ledger in a folder of its own with the flow switched on. */
export async function openLedger(file: string): Promise<Store> {
  const store = await openStore({ file });
  const at = { created_at: 0, changed_at: 0 };
  const { db } = store;
  if (await db.selectFrom('tenant').select('id').executeTakeFirst()) return store;
  await db.insertInto('tenant').values({ id: 'ten_1', name: 'Bench', created_at: 0 }).execute();
  const unset = { site_id: null, secrets: null, halted_json: null, check_json: null, settings_json: '{}', version: 1 };
  for (const [id, system] of [
    ['con_1', 'sap-ecc'],
    ['con_2', 'cin7-core'],
  ] as const)
    await db
      .insertInto('connection')
      .values({ ...unset, ...at, id, tenant_id: 'ten_1', system, name: id })
      .execute();
  const connections = { source_connection_id: 'con_1', target_connection_id: 'con_2' };
  await db
    .insertInto('integration')
    .values({ ...at, ...connections, id: 'int_1', tenant_id: 'ten_1', name: 'Orders' })
    .execute();
  const row = {
    integration_id: 'int_1',
    flow_id: orderFlow.id,
    tenant_id: 'ten_1',
    enabled: 1,
    paused: 0,
    settings_json: '{}',
    changed_at: 0,
  };
  const timing = { schedule_json: null, cursor_json: null, next_run_at: null, next_sweep_at: null, failures: 0 };
  await db
    .insertInto('integration_flow')
    .values({ ...row, ...timing })
    .execute();
  return store;
}

export interface Drive {
  store: Store;
  source: OrderSource;
  targetUrl: string;
  inFlight: number;
  /** How many records have to be settled. */
  count: number;
}

/** Runs the engine until so many records are settled; answers the seconds it took. */
export async function drive({ store, source, targetUrl, inFlight, count }: Drive): Promise<number> {
  await using target = openHttp({ baseUrl: targetUrl, headers: {}, timeoutMs: 30_000, connections: inFlight });
  const check = () => Promise.resolve({ account: 'bench', details: {} });
  const systems: SystemManifest[] = [
    { id: 'sap-ecc', label: 'Source', runsOn: 'relay', settings, open: () => source, check },
    {
      id: 'cin7-core',
      label: 'Stub',
      runsOn: 'relay',
      settings,
      open: () => ({ send: (request: HttpRequest) => target.send(request) }),
      check,
    },
  ];
  const vault = openVault({ keys: Buffer.alloc(32, 1).toString('base64') });
  await using sessions = openSessions({ store, vault, systems, agents: {} as AgentCalls, clock: systemClock, log: silentLog });
  const stop = new AbortController();
  let left = count;
  const began = performance.now();
  let tookMs = 0;
  using _settled = store.listen(({ about }) => {
    if (about !== 'record' || --left > 0 || tookMs > 0) return;
    tookMs = performance.now() - began;
    stop.abort();
  });
  const engineSettings = { ...defaultEngineSettings, concurrency: inFlight };
  await runEngine({ store, flows: [orderFlow], sessions, clock: systemClock, log: silentLog, settings: engineSettings }, stop.signal);
  return tookMs / 1000;
}

/** Records per second through a fresh ledger. */
export async function engineRate(work: { targetUrl: string; inFlight: number; count: number }): Promise<number> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pipeline-bench-'));
  try {
    await using store = await openLedger(path.join(folder, 'relay.sqlite'));
    return work.count / (await drive({ ...work, store, source: { next: 0, end: work.count } }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
