import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import { useCallback } from 'react';
import { ApiProblem, callApi, setCsrfToken, type Answer } from '../api/index.ts';

export type Me = Answer<'me.get'>;

export const meKey = ['me.get'] as const;

/** Who is signed in; null: nobody. */
export function useMe(): UseQueryResult<Me | null, ApiProblem> {
  return useQuery<Me | null, ApiProblem>({ queryKey: meKey, queryFn: ({ signal }) => askMe(signal) });
}

async function askMe(signal: AbortSignal): Promise<Me | null> {
  try {
    const me = await callApi('me.get', { signal });
    setCsrfToken(me.csrfToken ?? undefined);
    return me;
  } catch (error) {
    // An answer like any other: kept, it leaves the sign-in as it is while it is asked again.
    if (error instanceof ApiProblem && error.problem.status === 401) return null;
    throw error;
  }
}

/** To be called after signing in: nothing that was shown to somebody else before is shown again. */
export function useEnter(): () => Promise<void> {
  const queries = useQueryClient();
  return useCallback(async () => {
    queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== meKey[0] });
    await queries.invalidateQueries({ queryKey: meKey });
  }, [queries]);
}

/** Ends the session and begins the page anew, with nothing of it in memory. Rejects with an ApiProblem. */
export async function leave(): Promise<void> {
  await callApi('session.end');
  window.location.assign('/');
}
