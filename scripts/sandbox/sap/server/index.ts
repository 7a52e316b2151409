export { CallCounts } from './counts.ts';
export { Gateway } from './gateway.ts';
