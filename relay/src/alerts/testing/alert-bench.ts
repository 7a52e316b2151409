import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, type Clock } from '@ml-connector/shared';
import { flowRef, openLedgerStore, takeIn } from '../../ledger/testing/ledger-bench.ts';
import { newId, type AlertChannelRow, type DatabaseSettings, type Store } from '../../store/index.ts';
import { openVault } from '../../vault/index.ts';
import { channelSettings, storeChannel, type ChannelKind } from '../channels/index.ts';
import { Deliveries } from '../deliver.ts';
import { evaluateAlerts, type AlertDeps } from '../run-alerts.ts';
import { rules } from '../rules/index.ts';
import { setRule } from '../rule-settings.ts';

export const { tenantId } = flowRef;
export const minuteMs = 60_000;

export interface AlertBench extends AsyncDisposable {
  store: Store;
  deps: AlertDeps;
  clock: Clock & { at: number };
  sessions: { agentId: string; siteId: string }[];
  addChannel: (kind: ChannelKind, settings: Record<string, unknown>, name?: string) => Promise<AlertChannelRow>;
  /** Looks at all rules and sends what is due. */
  round: () => Promise<void>;
  /** Switches all rules off but these. */
  only: (...ids: string[]) => Promise<void>;
  /** A record of that key in that state. */
  put: (key: string, state: string, reason?: object) => Promise<string>;
}

/** A tenant with one flow, and the alerts of a relay that may post to loopback. */
export async function openAlerts(addresses = { loopback: true, privateNetworks: true }, database?: DatabaseSettings): Promise<AlertBench> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-relay-alerts-'));
  // A Wednesday.
  const clock = { at: Date.UTC(2026, 4, 27, 9), now: () => clock.at, wait: () => Promise.resolve() };
  const store = await openLedgerStore(clock, database);
  await store.db.updateTable('integration_flow').set({ changed_at: clock.at }).execute();
  const vault = openVault({ file: path.join(folder, 'master.key') });
  const sessions: AlertBench['sessions'] = [];
  const deps: AlertDeps = {
    store,
    vault,
    clock,
    log: silentLog,
    publicUrl: 'https://relay.example.com/',
    addresses,
    sessions: () => sessions,
    flowTitles: new Map([['vendors', 'Vendors to suppliers']]),
    certificates: [],
  };
  const deliveries = new Deliveries(deps);
  const startedAt = clock.at - 86_400_000;
  return {
    store,
    deps,
    clock,
    sessions,
    async addChannel(kind, settings, name = kind) {
      const id = newId('alertChannel', clock.at);
      const checked = channelSettings[kind].parse(settings) as Record<string, unknown>;
      const times = { last_sent_at: null, created_at: clock.at, changed_at: clock.at };
      const row = {
        id,
        tenant_id: tenantId,
        kind,
        name,
        ...storeChannel(vault, { id, kind, settings: checked }),
        enabled: 1,
        failing_json: null,
        ...times,
      };
      await store.db.insertInto('alert_channel').values(row).execute();
      return row;
    },
    async round() {
      await evaluateAlerts({ ...deps, startedAt });
      await deliveries.start();
      await deliveries.idle();
    },
    async only(...ids) {
      for (const rule of rules)
        if (!ids.includes(rule.id))
          await setRule(store, clock, tenantId, { rule, enabled: false, settings: {}, channelIds: null, mutedUntil: null });
    },
    async put(key, state, reason) {
      await takeIn(store, clock, { [key]: `Lieferant ${key}` });
      const { id } = await store.db.selectFrom('record').select('id').where('key', '=', key).executeTakeFirstOrThrow();
      const news = { state, reason_json: reason ? JSON.stringify([reason]) : null, changed_at: clock.at };
      await store.db.updateTable('record').set(news).where('id', '=', id).execute();
      clock.at++; // so that ids are in order
      return id;
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
