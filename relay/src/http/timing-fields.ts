import { z } from 'zod';
import { cronFault, isDay, isTimeZone, spanOf } from '../engine/index.ts';

/** Fields that say when; all of them refuse what can never be, in words. */
export const cronPattern = z
  .string()
  .max(200)
  .superRefine((cron, context) => {
    const fault = cronFault(cron);
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
  })
  .describe('Cron pattern of five fields: minute, hour, day of month, month, weekday')
  .meta({ example: '0 22 * * 1-5' });

export const timeZone = z
  .string()
  .max(60)
  .refine(isTimeZone, { error: 'is not a time zone; give a name such as Europe/Berlin or UTC' })
  .describe('Time zone, as IANA names it')
  .meta({ example: 'Europe/Berlin' });

export const day = z.string().refine(isDay, { error: 'must be a day of the calendar: YYYY-MM-DD' }).meta({ example: '2026-05-31' });

/** A day, or a day and a time without a zone. */
export const localTime = z
  .string()
  .refine(isLocalTime, {
    error: 'must be a day (YYYY-MM-DD) or a day with a time (YYYY-MM-DDTHH:MM)',
  })
  .describe('As the clocks of the time zone show it')
  .meta({ example: '2026-05-31T18:00' });

export const note = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, { error: 'must not hold control characters' })
  .optional()
  .describe('For people');
export const forMinutes = z.int().min(1).max(10_080);

/** Refuses days in the wrong order. */
export function refuseBackwardDays({ first, last }: { first: string; last: string }, context: z.core.$RefinementCtx): void {
  if (last < first) context.addIssue({ code: 'custom', path: ['last'], message: 'must not be before first' });
}

/** Refuses a span that ends before it begins; a day as `to` is included whole. */
export function refuseBackwardSpan({ from, to }: { from: string; to: string }, context: z.core.$RefinementCtx): void {
  // What is wrong with the times themselves is told already.
  if (![from, to].every(isLocalTime)) return;
  const span = spanOf({ from, to }, 'UTC');
  if (span.to <= span.from) context.addIssue({ code: 'custom', path: ['to'], message: 'must be after from' });
}

function isLocalTime(text: string): boolean {
  return isDay(text) || (isDay(text.slice(0, 10)) && /^T([01]\d|2[0-3]):[0-5]\d$/.test(text.slice(10)));
}
