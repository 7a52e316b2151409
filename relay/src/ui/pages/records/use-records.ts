import { useInfiniteQuery } from '@tanstack/react-query';
import { callApi, useApi, type Answer, type ApiProblem } from '../../api/index.ts';
import { useWho } from '../../shell/index.ts';
import { queryOf, type Filters, type RecordState } from './filters.ts';

type Page = Answer<'records.list'>;

const pageSize = 100;
const everyMs = 10_000;
/** Of a long list that was scrolled through, not all pages are asked for again. */
const mostRefreshedPages = 3;

/** The records of a filter, page after page; the first pages are looked at again now and then. */
export function useRecords(filters: Filters) {
  const { tenantId } = useWho();
  const query = { ...queryOf(filters), limit: pageSize };
  return useInfiniteQuery<Page, ApiProblem, Page['items'], readonly unknown[], string | undefined>({
    queryKey: ['records.list', tenantId, query],
    queryFn: ({ pageParam, signal }) =>
      callApi('records.list', {
        path: { tenantId },
        query: { ...query, ...(pageParam === undefined ? {} : { cursor: pageParam }) },
        signal,
      }),
    initialPageParam: undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    select: ({ pages }) => pages.flatMap(({ items }) => items),
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => (isShort(state.data) ? everyMs : false),
    // While much is going on every second tells of a change: many pages would never all be there.
    staleTime: ({ state }) => (isShort(state.data) ? 0 : 'static'),
  });
}

function isShort(data: { pages: unknown[] } | undefined): boolean {
  return (data?.pages.length ?? 0) <= mostRefreshedPages;
}

/** How many records each state has under the other filters. */
export function useCounts(filters: Filters): { counts: Partial<Record<RecordState, number>>; isComplete: boolean } {
  const { tenantId } = useWho();
  const { state: _state, ...query } = queryOf(filters);
  const { data } = useApi('records.counts', { path: { tenantId }, query }, { everyMs });
  const counts = Object.fromEntries((data?.items ?? []).map(({ state, records }) => [state, records]));
  return { counts, isComplete: data?.isComplete ?? true };
}
