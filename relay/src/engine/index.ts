export * from './codes.ts';
export { runEngine, type EngineDeps } from './engine.ts';
export { traitsOf } from './post-record.ts';
export * from './posting-hold.ts';
export {
  changePlan,
  findPlan,
  plannedRange,
  planSettings,
  reconciliationSettings,
  type ReconciliationSettings,
} from './reconciliation/index.ts';
export {
  firstPlan,
  plannedTimes,
  scheduleOf,
  storedSchedule,
  timingWords,
  type Schedule,
  type StoredSchedule,
  type Timing,
} from './schedule.ts';
export { openSessions, readSettings, type OpenedConnection, type SessionDeps, type Sessions } from './sessions.ts';
export { defaultEngineSettings, type EngineSettings, type Waits } from './settings.ts';
export { clockAt, cronFault, cronWords, dayAt, isDay, isTimeZone, nextTimes } from './timing/index.ts';
