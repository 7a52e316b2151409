import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer; rejects after `timeoutMs` with what was waited for. For what other processes do and do not
 * announce. Errors of `ask` count as no answer yet; the last one is named.
 */
export async function waitFor<Answer>(what: string, ask: () => Promise<Answer | undefined | false>, timeoutMs = 60_000): Promise<Answer> {
  const end = Date.now() + timeoutMs;
  let lastError: unknown;
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      lastError = undefined;
    } catch (error) {
      lastError = error;
    }
    await delay(100);
  }
  throw new Error(`waited ${timeoutMs / 1000} s for ${what}${lastError ? `; last problem: ${String(lastError)}` : ''}`);
}
