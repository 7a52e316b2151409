export { startApi, type Reply, type RequestOptions, type TestApi } from './test-api.ts';
export { until } from './until.ts';
export { addAgent, applicationKey, flowId, seedTenant, type SeededTenant } from './seed.ts';
