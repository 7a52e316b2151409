export { createDispatcher, type DispatcherDeps } from './dispatcher.ts';
export type { OperationRequest, OperationTable, RunOperation } from './operation-table.ts';
