export { deliverWaitingCredentials } from './credentials.ts';
export { countWebhook, httpCounters } from './health.ts';
export { listenHttp, type HttpListener, type HttpSettings } from './listen.ts';
export { adminTokenFile, auditLocally, ensureAdminToken, urlFile, writeUrlFile } from './local-access.ts';
export { countMetrics, type Metrics } from './metrics.ts';
export { apiDocument } from './openapi.ts';
export type { Problem } from './problem.ts';
export type { Services } from './services.ts';
