export { dataDirOf, readRelayConfig, relayConfigJsonSchema, type ConfigInput, type RelayConfig } from './relay-config.ts';
