export { fastClock, type FastClock } from './fast-clock.ts';
export { testScope } from './scope.ts';
export { targetContract, type TargetUnderTest } from './target-contract.ts';
