import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import { z } from 'zod';
import { defaultEngineSettings, openSessions, runEngine } from '../../../relay/src/engine/index.ts';
import type { Flow } from '../../../relay/src/flows/index.ts';
import type { Store } from '../../../relay/src/store/index.ts';
import type { SystemManifest } from '../../../relay/src/systems/index.ts';
import { openHttp, type HttpRequest, type HttpSender } from '../../../relay/src/systems/http/index.ts';
import { openVault } from '../../../relay/src/vault/index.ts';
import { openSeededLedger } from '../seeded-ledger.ts';
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
  await using sessions = openSessions({
    store,
    vault,
    systems,
    agents: {} as AgentCalls,
    addresses: { loopback: true, privateNetworks: false },
    clock: systemClock,
    log: silentLog,
  });
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
    await using store = await openSeededLedger(path.join(folder, 'relay.sqlite'), orderFlow.id);
    return work.count / (await drive({ ...work, store, source: { next: 0, end: work.count } }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
