export { Acknowledgements } from './acknowledgements.ts';
export { Dispatcher } from './dispatcher.ts';
export { FlowWorker } from './flow-worker.ts';
export { traitsOf } from './post-record.ts';
export * from './posting-hold.ts';
