import type { Clock } from '@ml-connector/shared';
import { z } from 'zod';
import type { Store } from '../store/index.ts';

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, { error: 'must be a time of day: 22:00' });

function isTimeZone(timeZone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en-US', { timeZone }));
  } catch {
    return false;
  }
}

/** When a tenant wants to hear of alerts. */
export const alertSettingsSchema = z.strictObject({
  timeZone: z
    .string()
    .max(60)
    .refine(isTimeZone, { error: 'is not a time zone: Europe/Berlin' })
    .default('UTC')
    .describe('Of quiet hours and weekdays'),
  quietHours: z
    .strictObject({ from: timeOfDay, to: timeOfDay })
    .nullable()
    .default(null)
    .describe('Messages wait for their end; what is over by then is not told at all'),
  reminderHours: z
    .int()
    .min(1)
    .max(1000)
    .nullable()
    .default(null)
    .describe('An alert that nobody acknowledged is told again after that time; null: never'),
});
export type AlertSettings = z.output<typeof alertSettingsSchema>;

export async function alertSettingsOf(store: Store, tenantId: string): Promise<AlertSettings> {
  const row = await store.db.selectFrom('alert_settings').selectAll().where('tenant_id', '=', tenantId).executeTakeFirst();
  return alertSettingsSchema.parse(row ? JSON.parse(row.settings_json) : {});
}

export async function setAlertSettings(store: Store, clock: Clock, tenantId: string, settings: AlertSettings): Promise<void> {
  const values = { settings_json: JSON.stringify(settings), changed_at: clock.now() };
  await store.db
    .insertInto('alert_settings')
    .values({ tenant_id: tenantId, ...values })
    .onConflict((conflict) => conflict.column('tenant_id').doUpdateSet(values))
    .execute();
}

/** When a message of now may go out: now, or at the end of the quiet hours. */
export function quietUntil(now: number, { quietHours, timeZone }: Pick<AlertSettings, 'quietHours' | 'timeZone'>): number {
  if (!quietHours) return now;
  const minute = minuteOfDay(now, timeZone);
  const [from, to] = [minutesOf(quietHours.from), minutesOf(quietHours.to)];
  const isQuiet = from <= to ? minute >= from && minute < to : minute >= from || minute < to;
  if (!isQuiet) return now;
  const minutes = (to - minute + 1440) % 1440;
  return now - (now % 60_000) + minutes * 60_000;
}

function minutesOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}

function minuteOfDay(at: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  return minutesOf(format.format(at));
}
