export { call, type Reply } from './call.ts';
