import { useInfiniteQuery } from '@tanstack/react-query';
import { callApi, type Answer, type ApiProblem, type Call, type OperationId } from './client.ts';
import type { Operations } from './operations.ts';

/** Operations that answer a list page by page. */
export type PagedId = { [Id in OperationId]: Answer<Id> extends { items: unknown[]; nextCursor: string | null } ? Id : never }[OperationId];
export type ItemOf<Id extends PagedId> = Answer<Id> extends { items: (infer Item)[] } ? Item : never;

export interface Pages<Item> {
  /** Of all pages loaded so far; undefined until the first is there. */
  items: Item[] | undefined;
  error: ApiProblem | null;
  hasMore: boolean;
  isLoadingMore: boolean;
  loadMore: () => void;
}

/** A list that grows by a page with each `loadMore`. */
export function usePages<Id extends PagedId>(
  id: Id,
  call: { path?: Operations[Id]['path']; query?: Omit<Operations[Id]['query'], 'cursor'> } = {},
  options: { enabled?: boolean; everyMs?: number } = {},
): Pages<ItemOf<Id>> {
  const pages = useInfiniteQuery({
    queryKey: [id, 'pages', call.path ?? {}, call.query ?? {}],
    queryFn: async ({ pageParam, signal }) => {
      const query = { ...call.query, ...(pageParam === null ? {} : { cursor: pageParam }) } as Operations[Id]['query'];
      const given: Call<Id> = { query, signal, ...(call.path ? { path: call.path } : {}) };
      return (await callApi(id, given)) as { items: ItemOf<Id>[]; nextCursor: string | null };
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ nextCursor }) => nextCursor,
    enabled: options.enabled ?? true,
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
  });
  return {
    items: pages.data?.pages.flatMap(({ items }) => items),
    error: pages.error as ApiProblem | null,
    hasMore: pages.hasNextPage,
    isLoadingMore: pages.isFetchingNextPage,
    loadMore: () => void pages.fetchNextPage(),
  };
}
