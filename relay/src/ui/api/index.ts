export { ApiProblem, callApi, setCsrfToken, type Answer, type OperationId } from './client.ts';
export type * from './operations.ts';
export { useAction, useApi } from './queries.ts';
