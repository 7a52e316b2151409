export type * from './schedules.ts';
export type * from './mapping.ts';
export type * from './audit.ts';
export type * from './nodes.ts';
export type * from './reconciliation.ts';
export type * from './webhooks.ts';
export type * from './acknowledgements.ts';
export type * from './people.ts';
