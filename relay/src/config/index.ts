export type { OidcConfig } from './oidc.ts';
export {
  dataDirOf,
  readRelayConfig,
  relayConfigJsonSchema,
  type ConfigInput,
  type DatabaseConfig,
  type RelayConfig,
} from './relay-config.ts';
