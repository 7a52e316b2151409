export { startJde, type JdeSim, type JdeSimOptions } from './server.ts';
export { faultKinds, type Fault, type FaultKind } from './faults.ts';
export { defaultSite, type Site, type UserProfile } from './site.ts';
export type { CallCounter, LoggedCall } from './parts.ts';
export type { Row } from './data/index.ts';
export type { Person, Stamp } from './person.ts';
export type { SeedSizes } from './seed/index.ts';
export type { Actions } from './actions.ts';
export type { OrderLine, OrderPlan } from './seed/index.ts';
