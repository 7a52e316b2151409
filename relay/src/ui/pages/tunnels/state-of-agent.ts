import type { Agent } from '../../api/index.ts';
import type { Light } from '../../shell/index.ts';

/** How an agent is, in a word or two. */
export function stateOfAgent({ session, revokedAt, lastSeenAt }: Agent): { light: Light; words: string } {
  if (revokedAt !== null) return { light: 'off', words: 'revoked' };
  if (session?.isDraining) return { light: 'warning', words: 'draining' };
  if (session) return { light: 'good', words: 'connected' };
  return { light: 'bad', words: lastSeenAt === null ? 'never connected' : 'not connected' };
}

export function roundTripWords({ session }: Pick<Agent, 'session'>): string {
  if (typeof session?.roundTripMs !== 'number') return '–';
  return `${session.roundTripMs.toFixed(session.roundTripMs < 10 ? 1 : 0)} ms`;
}
