export { buildStandIn } from './build.ts';
