import type { Flow } from '../flows/index.ts';
import { calendarStamp, flowsWithDueKeys, haltOf, waitingRequests, type FlowRef, type RulesStamp } from '../ledger/index.ts';
import type { CloseCalendarRow, IntegrationFlowRow, RunRequestRow, Store } from '../store/index.ts';
import {
  blackoutAt,
  calendarsOf,
  postingNow,
  postingRulesOf,
  windowsOf,
  type CloseCalendar,
  type PostingNow,
  type PostingRules,
} from './posting/index.ts';

/** A flow of an integration, as the engine works on it in this round. */
export interface ActiveFlow {
  /** Unique: integration and flow. */
  name: string;
  ref: FlowRef;
  flow: Flow;
  row: IntegrationFlowRow;
  /** The oldest that no run has taken up. */
  request: RunRequestRow | undefined;
  posting: FlowPosting;
  /** Events named keys whose time has come. */
  hasDueKeys: boolean;
  sourceConnectionId: string;
  targetConnectionId: string;
}

/** When a flow's records may be posted, as its rules and calendars say in this round. */
export interface FlowPosting extends PostingNow {
  rules: PostingRules;
  calendars: readonly CloseCalendar[];
  /** Of rules and calendars. */
  stamp: RulesStamp;
}

export interface ActiveFlows {
  flows: ActiveFlow[];
  connections: ConnectionNow[];
  /** Enabled flows that this build does not have. */
  unknown: string[];
}

export interface ConnectionNow {
  id: string;
  isHalted: boolean;
  /** Within a blackout. */
  isDark: boolean;
}

/** Flows that are enabled and not paused, with the state of all connections. */
export async function loadActiveFlows(store: Store, flows: ReadonlyMap<string, Flow>, now: number): Promise<ActiveFlows> {
  const rows = await store.db
    .selectFrom('integration_flow')
    .innerJoin('integration', 'integration.id', 'integration_flow.integration_id')
    .selectAll('integration_flow')
    .select(['integration.source_connection_id', 'integration.target_connection_id'])
    .where('enabled', '=', 1)
    .where('paused', '=', 0)
    .execute();
  const requests = await waitingRequests(store);
  const withDueKeys = [...flows.values()].some((flow) => flow.readKeys !== undefined) ? await flowsWithDueKeys(store, now) : new Set();
  const calendars = Map.groupBy(await store.db.selectFrom('close_calendar').selectAll().execute(), (row) => row.tenant_id);
  const active = rows.flatMap((row): ActiveFlow[] => {
    const flow = flows.get(row.flow_id);
    if (!flow) return [];
    return [
      {
        name: `${row.integration_id} ${row.flow_id}`,
        ref: { tenantId: row.tenant_id, integrationId: row.integration_id, flowId: row.flow_id },
        flow,
        row,
        request: requests.find((one) => one.integration_id === row.integration_id && one.flow_id === row.flow_id),
        hasDueKeys: flow.readKeys !== undefined && withDueKeys.has(`${row.integration_id} ${row.flow_id}`),
        posting: postingOf(row, calendars.get(row.tenant_id) ?? [], now),
        sourceConnectionId: row.source_connection_id,
        targetConnectionId: row.target_connection_id,
      },
    ];
  });
  const unknown = rows.map((row) => row.flow_id).filter((id) => !flows.has(id));
  return { flows: active, connections: await connectionsNow(store, now), unknown };
}

function postingOf(row: IntegrationFlowRow, ofTenant: readonly CloseCalendarRow[], now: number): FlowPosting {
  const rules = postingRulesOf(row);
  const calendars = calendarsOf(ofTenant, row);
  const stamp = { postingJson: row.posting_json, calendars: calendarStamp(ofTenant) };
  return { ...postingNow({ rules, calendars, postNowAt: row.post_now_at }, now), rules, calendars, stamp };
}

async function connectionsNow(store: Store, now: number): Promise<ConnectionNow[]> {
  const connections = await store.db
    .selectFrom('connection')
    .leftJoin('blackout', 'blackout.connection_id', 'connection.id')
    .select(['connection.id', 'connection.halted_json', 'connection.version', 'blackout.windows_json'])
    .execute();
  return connections.map(({ id, windows_json: windows, ...connection }) => ({
    id,
    isHalted: haltOf(connection) !== undefined,
    isDark: windows !== null && blackoutAt(windowsOf({ windows_json: windows }), now) !== undefined,
  }));
}
