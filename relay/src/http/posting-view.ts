import {
  blackoutAt,
  calendarsOf,
  cronWords,
  postingNow,
  postingRulesOf,
  windowsOf,
  type Hold,
  type PostingRules,
} from '../engine/index.ts';
import { haltOf, waitingByReason } from '../ledger/index.ts';
import type { CloseCalendarRow, IntegrationFlowRow, IntegrationRow } from '../store/index.ts';
import { isoTimeOrNull } from './ids.ts';
import type { Services } from './services.ts';

/** Why something of a flow stands still, and until when; null: until a person acts. */
export interface FlowHold extends Omit<Hold, 'code'> {
  code: string;
}

/** What holds up each side of an integration: a halt that needs a person, or a blackout. */
export async function connectionHolds(
  services: Services,
  { source_connection_id: sourceId, target_connection_id: targetId }: IntegrationRow,
): Promise<{ sourceHolds: FlowHold[]; targetHolds: FlowHold[] }> {
  const [sourceHolds, targetHolds] = await Promise.all([holdsOf(services, sourceId), holdsOf(services, targetId)]);
  return { sourceHolds, targetHolds };
}

async function holdsOf({ store, clock }: Services, connectionId: string): Promise<FlowHold[]> {
  const { db } = store;
  const connection = await db.selectFrom('connection').selectAll().where('id', '=', connectionId).executeTakeFirstOrThrow();
  const windows = await db.selectFrom('blackout').select('windows_json').where('connection_id', '=', connectionId).executeTakeFirst();
  const halt = haltOf(connection);
  const blackout = blackoutAt(windowsOf(windows), clock.now());
  return [
    ...(halt ? [{ code: 'CONNECTION_HALTED', message: `${connection.name}: ${halt.message}`, until: null }] : []),
    ...(blackout ? [{ ...blackout, message: `${connection.name}: ${blackout.message}` }] : []),
  ];
}

/** When a flow's records are posted, and why those that are there are not posted now. */
export async function showPosting(
  { store, clock }: Services,
  { row, calendars, targetHolds }: { row: IntegrationFlowRow; calendars: CloseCalendarRow[]; targetHolds: FlowHold[] },
) {
  const rules = postingRulesOf(row);
  const { holds } = postingNow({ rules, calendars: calendarsOf(calendars, row), postNowAt: row.post_now_at }, clock.now());
  const all = [...standingStill(row), ...targetHolds, ...holds];
  const flow = { tenantId: row.tenant_id, integrationId: row.integration_id, flowId: row.flow_id };
  return {
    cron: rules.cron ?? null,
    timeZone: rules.timeZone ?? null,
    forMinutes: rules.forMinutes ?? null,
    maxAgeDays: rules.maxAgeDays ?? null,
    words: postingWords(rules),
    isHeld: all.length > 0,
    heldUntil: isoTimeOrNull(lastOf(all)),
    holds: all.map(showHold),
    postNowAt: isoTimeOrNull(row.post_now_at),
    waiting: await waitingByReason(store, flow),
  };
}

export function showHold({ code, message, until }: FlowHold): { code: string; message: string; until: string | null } {
  return { code, message, until: isoTimeOrNull(until) };
}

function standingStill({ enabled, paused }: IntegrationFlowRow): FlowHold[] {
  if (enabled === 0) return [{ code: 'FLOW_OFF', message: 'the flow is switched off', until: null }];
  return paused === 1 ? [{ code: 'FLOW_PAUSED', message: 'the flow is paused', until: null }] : [];
}

function postingWords({ cron, timeZone = 'UTC', forMinutes, maxAgeDays }: PostingRules): string {
  const length = forMinutes === undefined ? ', until the backlog of that time is through' : `, for ${forMinutes} minutes`;
  const when = cron === undefined ? 'at once' : `${cronWords({ cron, timeZone })}${length}`;
  return maxAgeDays === undefined ? when : `${when}; documents older than ${maxAgeDays} days need approval`;
}

// One that only a person ends outlasts all others.
function lastOf(holds: readonly FlowHold[]): number | null {
  if (holds.length === 0 || holds.some(({ until }) => until === null)) return null;
  return Math.max(...holds.map(({ until }) => until ?? 0));
}
