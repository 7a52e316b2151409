export { EventRouting } from './event-routing.ts';
export { mappingOf } from './extraction.ts';
export { Extractions } from './extractions.ts';
export { loadListeners, type Listener } from './listeners.ts';
export {
  firstPlan,
  plannedTimes,
  regularAfter,
  scheduleOf,
  storedSchedule,
  timingWords,
  type Schedule,
  type StoredSchedule,
  type Timing,
} from './schedule.ts';
