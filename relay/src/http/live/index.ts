export type { LiveMessage } from './client.ts';
export { openLive, type Live, type LiveLimits } from './live.ts';
