export { agentJsonSchema } from './json-schema.ts';
export { configFile, dataFolder, installFolder, isRunByServiceHost, type PlaceOptions } from './places.ts';
export { agentSettings, type AgentSettings } from './schema.ts';
export { watchSettings, type LiveSettings } from './live-settings.ts';
