import { useMutation, useQuery, useQueryClient, type UseMutationResult, type UseQueryResult } from '@tanstack/react-query';
import { callApi, type Answer, type ApiProblem, type Call, type OperationId } from './client.ts';

/** What an operation answers, kept while it is shown and asked for again when something changed. */
export function useApi<Id extends OperationId>(
  id: Id,
  call: Omit<Call<Id>, 'signal' | 'body'> = {},
  options: { enabled?: boolean; everyMs?: number } = {},
): UseQueryResult<Answer<Id>, ApiProblem> {
  return useQuery<Answer<Id>, ApiProblem>({
    queryKey: [id, call.path ?? {}, call.query ?? {}],
    queryFn: ({ signal }) => callApi(id, { ...call, signal }),
    enabled: options.enabled ?? true,
    ...(options.everyMs === undefined ? {} : { refetchInterval: options.everyMs }),
  });
}

/** Does something; afterwards everything shown is asked for again. */
export function useAction<Id extends OperationId>(id: Id): UseMutationResult<Answer<Id>, ApiProblem, Omit<Call<Id>, 'signal'>> {
  const queries = useQueryClient();
  return useMutation<Answer<Id>, ApiProblem, Omit<Call<Id>, 'signal'>>({
    mutationFn: (call) => callApi(id, call),
    onSettled: () => queries.invalidateQueries(),
  });
}
