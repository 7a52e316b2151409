import type { HttpAnswer } from '../http/index.ts';

/** What an answer says about the store's quota (facts/bigcommerce.md 2). */
export interface RateNews {
  quota: number;
  left: number;
  /** Until the quota is full again. */
  resetMs: number;
  windowMs: number;
}

export const rateHeaders = [
  'x-rate-limit-time-window-ms',
  'x-rate-limit-time-reset-ms',
  'x-rate-limit-requests-quota',
  'x-rate-limit-requests-left',
  'x-retry-after',
] as const;

const usualWindowMs = 30_000;
const longestPauseMs = 600_000;

/** Undefined where the answer does not say how many requests are left. */
export function rateNews({ headers = {} }: HttpAnswer): RateNews | undefined {
  const left = number(headers['x-rate-limit-requests-left']);
  if (left === undefined) return undefined;
  const windowMs = Math.min(number(headers['x-rate-limit-time-window-ms']) ?? usualWindowMs, longestPauseMs);
  return {
    left,
    windowMs,
    // However small: without any, nothing would ever be asked again that could tell of more.
    quota: Math.max(1, number(headers['x-rate-limit-requests-quota']) ?? left),
    resetMs: Math.min(number(headers['x-rate-limit-time-reset-ms']) ?? windowMs, longestPauseMs),
  };
}

/** How long a refused call has to wait: the longer of both headers. Undefined where the answer names no time. */
export function waitAfterLimit({ headers = {}, retryAfter }: HttpAnswer): number | undefined {
  const resetMs = number(headers['x-rate-limit-time-reset-ms']);
  const seconds = number(headers['x-retry-after']) ?? number(retryAfter);
  const waits = [resetMs, seconds === undefined ? undefined : seconds * 1000].filter((ms) => ms !== undefined);
  return waits.length === 0 ? undefined : Math.min(Math.max(...waits), longestPauseMs);
}

/** What a failing server asks for, where it does. */
export function waitAfterFailure({ headers = {}, retryAfter }: HttpAnswer): number | undefined {
  const seconds = number(headers['x-retry-after']) ?? number(retryAfter);
  return seconds === undefined ? undefined : Math.min(seconds * 1000, longestPauseMs);
}

function number(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : undefined;
}
