import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'wouter';
import type { Answer } from '../../api/index.ts';

export type RecordItem = Answer<'records.list'>['items'][number];
export type RecordState = RecordItem['state'];

/** What the list is narrowed to; all of it stands in the address, so that a link shows the same to somebody else. */
export interface Filters {
  q?: string;
  states: RecordState[];
  integrationId?: string;
  flowId?: string;
  runId?: string;
  reason?: string;
}

const names = ['q', 'integrationId', 'flowId', 'runId', 'reason'] as const;
export const allStates: readonly RecordState[] = [
  'blocked',
  'failed',
  'uncertain',
  'waiting',
  'pending',
  'posting',
  'succeeded',
  'skipped',
];

export function filtersOf(params: URLSearchParams): Filters {
  const given = names.flatMap((name) => (params.get(name) ? [[name, params.get(name)]] : []));
  const states = (params.get('state') ?? '').split(',');
  return { ...Object.fromEntries(given), states: allStates.filter((state) => states.includes(state)) };
}

/** As the API takes them in a query, and the address too. */
export function queryOf({ states, ...rest }: Filters) {
  return { ...rest, ...(states.length > 0 ? { state: states.join(',') } : {}) };
}

export function isFiltered(filters: Filters): boolean {
  return Object.keys(queryOf(filters)).length > 0;
}

/** The filters of the address, and a way to change them; `replace` leaves no step to go back to. */
export function useFilters() {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => filtersOf(params), [params]);
  const setFilters = useCallback(
    (next: Filters, { replace = false }: { replace?: boolean } = {}) => setParams((now) => withFilters(now, next), { replace }),
    [setParams],
  );
  return { filters, setFilters, params, setParams };
}

/** Whatever else stands in the address stays. */
function withFilters(now: URLSearchParams, next: Filters): URLSearchParams {
  const params = new URLSearchParams(now);
  for (const name of [...names, 'state']) params.delete(name);
  for (const [name, value] of Object.entries(queryOf(next))) if (value) params.set(name, value);
  return params;
}
