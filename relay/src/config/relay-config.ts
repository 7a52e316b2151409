import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ConfigError, configJsonSchema, loadConfig, parseConfig } from '@ml-connector/shared';
import { stringify } from 'yaml';
import { isVariable, overridesOf } from './environment.ts';
import type { OidcConfig } from './oidc.ts';
import { relayConfigSchema, type RelayYaml } from './schema.ts';

/** Everything the relay is told from outside. All paths are absolute. */
export interface RelayConfig extends Omit<RelayYaml, 'database' | 'oidc'> {
  dataDir: string;
  database: DatabaseConfig;
  /** Sign-in through an identity provider. */
  oidc: OidcConfig | undefined;
  /** Master keys handed over in ML_RELAY_MASTER_KEY, in place of the key file. */
  masterKeys: string | undefined;
}

/** An SQLite file, or PostgreSQL. The URL holds a password. */
export type DatabaseConfig =
  { file: string; url?: undefined } | { url: string; poolSize: number; statementTimeoutMs: number; file?: undefined };

export interface ConfigInput {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** From the command line; it wins over ML_RELAY_DATA_DIR. */
  dataDir?: string | undefined;
  /** From the command line; it wins over ML_RELAY_CONFIG. */
  configFile?: string | undefined;
}

/**
 * Reads relay.yaml (named, or in the data folder, or none) and the ML_RELAY_* variables over it. Throws a ConfigError that lists every
 * problem, unknown variables included.
 */
export function readRelayConfig(input: ConfigInput): RelayConfig {
  const { env } = input;
  const dataDir = dataDirOf(input);
  const named = input.configFile ?? nonEmpty(env['ML_RELAY_CONFIG']);
  const file = path.resolve(input.cwd, named ?? path.join(dataDir, 'relay.yaml'));
  const fromFile = named !== undefined || existsSync(file) ? loadConfig({ file, schema: relayConfigSchema }) : relayConfigSchema.parse({});
  const config = withEnvironment(fromFile, env);
  const absolute = (name: string): string => path.resolve(dataDir, name);
  const { certificate, ...tunnel } = config.tunnel;
  return {
    ...config,
    dataDir,
    tunnel: {
      ...tunnel,
      ...(certificate && { certificate: { certFile: absolute(certificate.certFile), keyFile: absolute(certificate.keyFile) } }),
    },
    database: databaseOf(config.database, absolute),
    sap: config.sap.messages === undefined ? {} : { messages: absolute(config.sap.messages) },
    oidc: config.oidc && oidcOf(config.oidc, { secret: nonEmpty(env['ML_RELAY_OIDC_CLIENT_SECRET']), absolute }),
    masterKeyFile: absolute(config.masterKeyFile),
    masterKeys: nonEmpty(env['ML_RELAY_MASTER_KEY']),
  };
}

function databaseOf({ file, url, poolSize, statementSeconds }: RelayYaml['database'], absolute: (name: string) => string): DatabaseConfig {
  if (url !== undefined) return { url, poolSize, statementTimeoutMs: statementSeconds * 1000 };
  return { file: absolute(file ?? 'relay.sqlite') };
}

function oidcOf(
  { clientSecretFile, ...oidc }: NonNullable<RelayYaml['oidc']>,
  { secret, absolute }: { secret: string | undefined; absolute: (name: string) => string },
): OidcConfig {
  if (secret !== undefined || clientSecretFile === undefined) return { ...oidc, clientSecret: secret };
  const file = absolute(clientSecretFile);
  const content = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (content === '')
    throw new ConfigError([{ file, line: undefined, path: 'oidc.clientSecretFile', message: 'names a file without a secret' }]);
  return { ...oidc, clientSecret: content };
}

/** `--data-dir`, else ML_RELAY_DATA_DIR, else `ml-relay-data` in the current folder. */
export function dataDirOf({ env, cwd, dataDir }: Pick<ConfigInput, 'env' | 'cwd' | 'dataDir'>): string {
  return path.resolve(cwd, dataDir ?? nonEmpty(env['ML_RELAY_DATA_DIR']) ?? 'ml-relay-data');
}

/** JSON Schema of relay.yaml, for editors. */
export function relayConfigJsonSchema(): Record<string, unknown> {
  return configJsonSchema(relayConfigSchema, 'relay.yaml');
}

/** The variables are checked by the same schema, with the same sentences. */
function withEnvironment(config: RelayYaml, env: NodeJS.ProcessEnv): RelayYaml {
  const variables = Object.entries(env).filter(([name, value]) => isVariable(name) && value !== undefined && value !== '') as [
    string,
    string,
  ][];
  if (variables.length === 0) return config;
  const text = stringify(overridesOf(config, variables));
  return parseConfig({ text, file: `ML_RELAY_* over relay.yaml`, schema: relayConfigSchema });
}

function nonEmpty(text: string | undefined): string | undefined {
  return text === undefined || text === '' ? undefined : text;
}
