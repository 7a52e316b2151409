export { openTracedCalls, type TracedCalls } from './traced-calls.ts';
