/** Schedules, calendars, and what records wait for. */
export type SchedulesTables = object;
