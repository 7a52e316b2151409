export * from './codes.ts';
export { runEngine, type EngineDeps } from './engine.ts';
export {
  blackoutAt,
  calendarOf,
  calendarsOf,
  closedBy,
  postingNow,
  postingRulesOf,
  spanOf,
  traitsOf,
  windowWords,
  windowsOf,
  type BlackoutWindow,
  type CalendarEntry,
  type CloseCalendar,
  type Hold,
  type PostingNow,
  type PostingRules,
} from './posting/index.ts';
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
} from './extraction/index.ts';
export { openSessions, readSettings, type OpenedConnection, type SessionDeps, type Sessions } from './sessions.ts';
export { defaultEngineSettings, type EngineSettings, type Waits } from './settings.ts';
export { clockAt, cronFault, cronWords, dayAt, isDay, isTimeZone, nextTimes } from './timing/index.ts';
