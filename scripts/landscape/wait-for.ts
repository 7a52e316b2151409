import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer; rejects after `timeoutMs` with what was waited for. For what other processes do and do not
 * announce. Errors of `ask` count as no answer yet; the last one is named.
 */
export async function waitFor<Answer>(what: string, ask: () => Promise<Answer | undefined | false>, timeoutMs = 60_000): Promise<Answer> {
  const end = Date.now() + timeoutMs;
  let lastProblem = '';
  while (Date.now() < end) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
      lastProblem = '';
    } catch (error) {
      lastProblem = `; last problem: ${describe(error)}`;
    }
    await delay(100);
  }
  throw new Error(`waited ${timeoutMs / 1000} s for ${what}${lastProblem}`);
}

function describe(error: unknown): string {
  return error instanceof Object && 'message' in error ? String(error.message) : String(error);
}
