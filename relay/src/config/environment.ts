import { ConfigError, suggestion, type ConfigProblem } from '@ml-connector/shared';
import type { RelayYaml } from './schema.ts';

/** Variables that are no key of relay.yaml. */
const elsewhere = new Set([
  'ML_RELAY_DATA_DIR',
  'ML_RELAY_CONFIG',
  'ML_RELAY_MASTER_KEY',
  'ML_RELAY_OIDC_CLIENT_SECRET',
  'ML_RELAY_URL',
  'ML_RELAY_TOKEN',
]);

/** Each variable with the key of relay.yaml that it replaces. Lists are separated by commas. */
export const variables = {
  ML_RELAY_HTTP_HOST: ['http', 'host', 'text'],
  ML_RELAY_HTTP_PORT: ['http', 'port', 'number'],
  ML_RELAY_HTTP_PUBLIC_URL: ['http', 'publicUrl', 'text'],
  ML_RELAY_HTTP_TRUSTED_PROXIES: ['http', 'trustedProxies', 'list'],
  ML_RELAY_TUNNEL_HOST: ['tunnel', 'host', 'text'],
  ML_RELAY_TUNNEL_PORT: ['tunnel', 'port', 'number'],
  ML_RELAY_TUNNEL_RELAY_NAME: ['tunnel', 'relayName', 'text'],
  ML_RELAY_TUNNEL_PUBLIC_ADDRESS: ['tunnel', 'publicAddress', 'text'],
  ML_RELAY_DATABASE_FILE: ['database', 'file', 'text'],
  ML_RELAY_DATABASE_URL: ['database', 'url', 'text'],
  ML_RELAY_DATABASE_POOL_SIZE: ['database', 'poolSize', 'number'],
  ML_RELAY_DATABASE_STATEMENT_SECONDS: ['database', 'statementSeconds', 'number'],
  ML_RELAY_MASTER_KEY_FILE: ['', 'masterKeyFile', 'text'],
  ML_RELAY_CONNECTIONS_ALLOW_LOOPBACK: ['connections', 'allowLoopback', 'flag'],
  ML_RELAY_CONNECTIONS_ALLOW_PRIVATE: ['connections', 'allowPrivate', 'flag'],
  ML_RELAY_LOGS_LEVEL: ['logs', 'level', 'text'],
  ML_RELAY_LIMITS_BODY_BYTES: ['limits', 'bodyBytes', 'number'],
  ML_RELAY_LIMITS_STOP_SECONDS: ['limits', 'stopSeconds', 'number'],
  ML_RELAY_LIMITS_LOST_ANSWER_SECONDS: ['limits', 'lostAnswerSeconds', 'number'],
  ML_RELAY_LIMITS_QUIET_SECONDS: ['limits', 'quietSeconds', 'number'],
  ML_RELAY_LIMITS_WEBHOOK_BODY_BYTES: ['limits', 'webhookBodyBytes', 'number'],
} as const satisfies Record<string, readonly [section: string, key: string, kind: Kind]>;

type Kind = 'text' | 'number' | 'list' | 'flag';

export function isVariable(name: string): boolean {
  return name.startsWith('ML_RELAY_') && !elsewhere.has(name);
}

/** The configuration with the variables in place, still to be checked. Throws a ConfigError for variables that mean nothing. */
export function overridesOf(config: RelayYaml, given: readonly (readonly [name: string, value: string])[]): Record<string, unknown> {
  const known = [...Object.keys(variables), ...elsewhere];
  const unknown = given.filter(([name]) => !(name in variables));
  if (unknown.length > 0) throw new ConfigError(unknown.map(([name]) => problem(name, `is not known${suggestion(name, known)}`)));
  const result: Record<string, unknown> = structuredClone(config);
  for (const [name, value] of given) {
    const [section, key, kind] = variables[name as keyof typeof variables];
    const target = (section === '' ? result : result[section]) as Record<string, unknown>;
    target[key] = read(name, value, kind);
  }
  return result;
}

function read(name: string, value: string, kind: Kind): unknown {
  if (kind === 'flag') return value === 'true' ? true : value === 'false' ? false : value;
  if (kind === 'list') return value.split(',').map((part) => part.trim());
  if (kind === 'text') return value;
  if (/^\d{1,15}$/.test(value)) return Number(value);
  throw new ConfigError([problem(name, 'must be a whole number')]);
}

function problem(name: string, message: string): ConfigProblem {
  return { file: 'environment', line: undefined, path: name, message };
}
