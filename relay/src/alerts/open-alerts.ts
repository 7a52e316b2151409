import type { Clock } from '@ml-connector/shared';
import type { Kysely } from 'kysely';
import { newId, type AlertRow, type Db, type Store } from '../store/index.ts';
import type { Finding } from './finding.ts';
import type { DeliveryKind, Message } from './message.ts';
import { channelsFor, enqueue } from './outbox.ts';
import type { TenantRule } from './rule-settings.ts';
import { quietUntil, type AlertSettings } from './settings.ts';

export interface Found {
  tenant: { id: string; name: string };
  settings: AlertSettings;
  rule: TenantRule;
  /** Everything that the rule found now. */
  findings: readonly Finding[];
}

/**
 * Brings the open alerts of one rule in line with what it found, in one transaction with the messages that follow: a new cause opens an
 * alert, a known one is updated, one that is gone is over.
 */
export async function updateAlerts(store: Store, clock: Clock, found: Found): Promise<void> {
  const { tenant, rule, findings } = found;
  const changed = await store.transaction(async (transaction) => {
    const open = await transaction
      .selectFrom('alert')
      .selectAll()
      .where('tenant_id', '=', tenant.id)
      .where('rule', '=', rule.rule.id)
      .where('closed_at', 'is', null)
      .execute();
    const known = new Map(open.map((alert) => [alert.cause, alert]));
    const round: AlertRound = { ...found, transaction, clock, now: clock.now() };
    const changes: string[] = [];
    for (const finding of findings) {
      const alert = known.get(finding.cause) ?? (await openAlert(round, finding));
      known.delete(finding.cause);
      if (alert && ((await keepAlert(round, alert, finding)) || alert.opened_at === round.now)) changes.push(alert.id);
    }
    for (const alert of known.values()) if (await closeAlert(round, alert)) changes.push(alert.id);
    return changes;
  });
  for (const id of changed) store.notify({ about: 'alert', tenantId: tenant.id, id });
}

interface AlertRound extends Found {
  transaction: Kysely<Db>;
  clock: Clock;
  now: number;
}

/** Undefined when another relay on the same database was first. */
async function openAlert({ transaction, tenant, rule, now }: AlertRound, finding: Finding): Promise<AlertRow | undefined> {
  const row: AlertRow = {
    id: newId('alert', now),
    tenant_id: tenant.id,
    rule: rule.rule.id,
    cause: finding.cause,
    finding_json: JSON.stringify(finding),
    opened_at: now,
    updated_at: now,
    notified_at: null,
    closed_at: null,
    acknowledged_at: null,
    acknowledged_by: null,
    muted_until: null,
  };
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('alert')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n ? row : undefined;
}

/** Whether anything is different now. */
async function keepAlert(round: AlertRound, alert: AlertRow, finding: Finding): Promise<boolean> {
  const { transaction, now } = round;
  const kind = isMuted(round, alert) ? undefined : dueMessage(round, alert);
  const findingJson = JSON.stringify(finding);
  if (!kind && findingJson === alert.finding_json) return false;
  await transaction
    .updateTable('alert')
    .set({ finding_json: findingJson, updated_at: now, ...(kind && { notified_at: now }) })
    .where('id', '=', alert.id)
    .execute();
  if (kind) await tell(round, alert, { kind, finding, channelIds: await channelsFor(transaction, round.tenant.id, round.rule.channelIds) });
  return true;
}

function isMuted({ rule, now }: AlertRound, alert: AlertRow): boolean {
  return (rule.mutedUntil ?? 0) > now || (alert.muted_until ?? 0) > now;
}

function dueMessage({ settings, now }: AlertRound, alert: AlertRow): DeliveryKind | undefined {
  if (alert.notified_at === null) return alert.acknowledged_at === null ? 'opened' : undefined;
  if (settings.reminderHours === null || alert.acknowledged_at !== null) return undefined;
  return now - alert.notified_at >= settings.reminderHours * 3_600_000 ? 'reminder' : undefined;
}

/** Only who was told that it began is told that it is over. */
async function closeAlert(round: AlertRound, alert: AlertRow): Promise<boolean> {
  const { transaction, now } = round;
  const { numUpdatedRows } = await transaction
    .updateTable('alert')
    .set({ closed_at: now, updated_at: now })
    .where('id', '=', alert.id)
    .where('closed_at', 'is', null)
    .executeTakeFirst();
  if (numUpdatedRows === 0n) return false;
  await transaction
    .updateTable('alert_delivery')
    .set({ state: 'withdrawn', next_attempt_at: null, ended_at: now })
    .where('tenant_id', '=', alert.tenant_id)
    .where('alert_id', '=', alert.id)
    .where('state', '=', 'waiting')
    // One that was tried may have arrived all the same.
    .where('attempts', '=', 0)
    .execute();
  const told = await transaction
    .selectFrom('alert_delivery')
    .select('channel_id')
    .distinct()
    .where('tenant_id', '=', alert.tenant_id)
    .where('alert_id', '=', alert.id)
    .where('state', 'in', ['waiting', 'sent'])
    .execute();
  const enabled = await channelsFor(
    transaction,
    alert.tenant_id,
    told.map(({ channel_id }) => channel_id),
  );
  await tell(round, alert, { kind: 'over', finding: JSON.parse(alert.finding_json) as Finding, channelIds: enabled });
  return true;
}

async function tell(
  { transaction, clock, tenant, settings, now }: AlertRound,
  alert: AlertRow,
  { kind, finding, channelIds }: { kind: DeliveryKind; finding: Finding; channelIds: readonly string[] },
): Promise<void> {
  const { title, since, count, example, fix, link, severity } = finding;
  const message: Message = {
    kind,
    tenant: tenant.name,
    at: now,
    alertId: alert.id,
    rule: alert.rule,
    severity,
    title,
    since,
    count,
    example,
    fix,
    link,
  };
  await enqueue(transaction, clock, { tenantId: tenant.id, channelIds, message, notBefore: quietUntil(now, settings) });
}
