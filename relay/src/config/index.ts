export {
  dataDirOf,
  readRelayConfig,
  relayConfigJsonSchema,
  type ConfigInput,
  type DatabaseConfig,
  type RelayConfig,
} from './relay-config.ts';
