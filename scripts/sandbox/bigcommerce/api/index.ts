export { answerCall, isAllowed, findRoute, type Found } from './router.ts';
export type { ApiClient, Call, Route } from './route.ts';
