export { ApiProblem, callApi, setCsrfToken, type Answer, type OperationId } from './client.ts';
export { useLive } from './live.ts';
export type * from './operations.ts';
export { usePages, type ItemOf, type PagedId, type Pages } from './pages.ts';
export { useAction, useApi } from './queries.ts';
