export { refusal, watch, type Watcher } from './watch.ts';
