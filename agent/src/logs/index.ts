export { openAgentLog, type AgentLog } from './agent-log.ts';
export { parseSince, type LogFilter, type LogLine } from './filter.ts';
export { prettyLine } from './pretty.ts';
export { logLevels, logSettings, type LogLevel, type LogSettings } from './settings.ts';
export { tailLog, type TailOptions } from './tail.ts';
