export * from './codes.ts';
export { runEngine, type EngineDeps } from './engine.ts';
export { scheduleOf, type Schedule } from './schedule.ts';
export { openSessions, readSettings, type OpenedConnection, type SessionDeps, type Sessions } from './sessions.ts';
export { defaultEngineSettings, type EngineSettings, type Waits } from './settings.ts';
