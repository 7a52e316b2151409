import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readRelayConfig } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'ml-relay-config-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function read(env: NodeJS.ProcessEnv = {}, more: { configFile?: string } = {}): ReturnType<typeof readRelayConfig> {
  return readRelayConfig({ env: { ML_RELAY_DATA_DIR: folder, ...env }, cwd: folder, ...more });
}

test('a data folder is all that is needed; paths are inside it', () => {
  const config = read();
  expect(config).toMatchObject({
    dataDir: folder,
    http: { host: '127.0.0.1', port: 8080 },
    tunnel: { host: '0.0.0.0', port: 8443, relayName: 'relay' },
    database: { file: path.join(folder, 'relay.sqlite') },
    masterKeyFile: path.join(folder, 'master.key'),
    logs: { level: 'info' },
  });
});

test('channels of alerts may name no address of the own machine or network until somebody says so', () => {
  expect(read().alerts).toEqual({ allowLoopback: false, allowPrivate: false });
  writeFileSync(path.join(folder, 'relay.yaml'), 'alerts: { allowPrivate: true }\n');
  expect(read().alerts).toEqual({ allowLoopback: false, allowPrivate: true });
});

test('the environment wins over relay.yaml, and relay.yaml over the defaults', () => {
  writeFileSync(path.join(folder, 'relay.yaml'), 'http:\n  port: 9000\n  host: 10.1.2.3\nlogs:\n  level: warn\n');
  const config = read({ ML_RELAY_HTTP_PORT: '9001', ML_RELAY_HTTP_TRUSTED_PROXIES: '10.0.0.1, 10.0.0.2', ML_RELAY_LOGS_LEVEL: '' });
  expect(config.http).toMatchObject({ host: '10.1.2.3', port: 9001, trustedProxies: ['10.0.0.1', '10.0.0.2'] });
  expect(config.logs.level).toBe('warn');
});

test('certificate files are looked for in the data folder', () => {
  writeFileSync(path.join(folder, 'relay.yaml'), 'tunnel: { certificate: { certFile: tls/cert.pem, keyFile: /etc/ssl/key.pem } }\n');
  expect(read().tunnel.certificate).toEqual({ certFile: path.join(folder, 'tls/cert.pem'), keyFile: '/etc/ssl/key.pem' });
});

const url = 'postgres://relay:Geheim123@db.example:5432/relay?sslmode=verify-full';

test('PostgreSQL takes the place of the file', () => {
  writeFileSync(path.join(folder, 'relay.yaml'), `database: { url: "${url}", poolSize: 20 }\n`);
  expect(read().database).toEqual({ url, poolSize: 20, statementTimeoutMs: 60_000 });
});

test('connections lead to public addresses only, unless relay.yaml or the environment says otherwise', () => {
  expect(read().connections).toEqual({ allowLoopback: false, allowPrivate: false });
  expect(read({ ML_RELAY_CONNECTIONS_ALLOW_PRIVATE: 'true' }).connections).toEqual({ allowLoopback: false, allowPrivate: true });
  expect(() => read({ ML_RELAY_CONNECTIONS_ALLOW_LOOPBACK: 'yes' })).toThrow('connections.allowLoopback');
});

test('how much a webhook may bring is set, within bounds', () => {
  expect(read({ ML_RELAY_LIMITS_WEBHOOK_BODY_BYTES: '65536' }).limits.webhookBodyBytes).toBe(65_536);
  expect(() => read({ ML_RELAY_LIMITS_WEBHOOK_BODY_BYTES: '100' })).toThrow('limits.webhookBodyBytes');
});

test('the address of PostgreSQL with its password can come from the environment alone', () => {
  expect(read({ ML_RELAY_DATABASE_URL: url }).database).toMatchObject({ url, poolSize: 10 });
});

test.each([
  ['beside a file', `file: a.sqlite`, url, 'database.url cannot stand beside file'],
  ['of another database', '', 'mysql://relay:Geheim123@db/relay', 'database.url must be postgres://user:password@host:port/database'],
])('an address %s is refused without telling the password', (_what, yaml, address, sentence) => {
  writeFileSync(path.join(folder, 'relay.yaml'), `database: { ${yaml} }\n`);
  const refusal = (): unknown => {
    try {
      return read({ ML_RELAY_DATABASE_URL: address });
    } catch (error) {
      return error;
    }
  };
  expect(String(refusal())).toContain(sentence);
  expect(String(refusal())).not.toContain('Geheim123');
});

test.each([
  ['an unknown key', 'htpp:\n  port: 1\n', {}, 'relay.yaml:1: htpp is not known; did you mean "http"?'],
  ['an unknown key inside', 'http:\n  prot: 1\n', {}, 'relay.yaml:2: http.prot is not known; did you mean "port"?'],
  ['a port that does not exist', 'http:\n  port: 70000\n', {}, 'relay.yaml:2: http.port must be at most 65535'],
  ['half a certificate', 'tunnel:\n  certificate: { certFile: a.pem }\n', {}, 'tunnel.certificate.keyFile is missing (text)'],
  [
    'an unknown variable',
    '',
    { ML_RELAY_HTTP_PROT: '1' },
    'environment: ML_RELAY_HTTP_PROT is not known; did you mean "ML_RELAY_HTTP_PORT"?',
  ],
  ['a variable that is no number', '', { ML_RELAY_HTTP_PORT: '80a' }, 'environment: ML_RELAY_HTTP_PORT must be a whole number'],
  ['a variable out of bounds', '', { ML_RELAY_HTTP_PORT: '70000' }, 'http.port must be at most 65535'],
  [
    'a variable with an unknown word',
    '',
    { ML_RELAY_LOGS_LEVEL: 'verbose' },
    'logs.level must be one of trace, debug, info, warn, error, fatal',
  ],
])('%s is refused with what is wrong', (_what, yaml, env, sentence) => {
  writeFileSync(path.join(folder, 'relay.yaml'), yaml);
  expect(() => read(env)).toThrow(sentence);
});

test('a named file that does not exist is refused', () => {
  expect(() => read({}, { configFile: 'other.yaml' })).toThrow('other.yaml: does not exist');
});

const oidc = 'oidc: { issuer: "https://login.example.com", clientId: ml-relay';

test('the secret towards the identity provider comes from a file or the environment, never from relay.yaml', () => {
  expect(read().oidc).toBeUndefined();
  writeFileSync(path.join(folder, 'relay.yaml'), `${oidc} }\n`);
  expect(read().oidc).toMatchObject({ label: 'Single sign-on', scopes: ['openid', 'email', 'profile'], clientSecret: undefined });
  writeFileSync(path.join(folder, 'relay.yaml'), `${oidc}, clientSecretFile: oidc.secret }\n`);
  expect(() => read()).toThrow('names a file without a secret');
  writeFileSync(path.join(folder, 'oidc.secret'), 'Geheim\n');
  expect(read().oidc).toMatchObject({ clientSecret: 'Geheim' });
  expect(read({ ML_RELAY_OIDC_CLIENT_SECRET: 'Anders' }).oidc).toMatchObject({ clientSecret: 'Anders' });
});

test.each([
  ['a secret in clear', `${oidc}, clientSecret: Geheim }`, 'clientSecret'],
  ['a provider without TLS', 'oidc: { issuer: "http://login.example.com", clientId: x }', 'must begin with https://'],
  ['no openid', `${oidc}, scopes: [email] }`, 'must have openid'],
  ['an address in place of a domain', `${oidc}, allowedDomains: ["eva@example.com"] }`, 'must be a domain'],
  ['a role that is none', `${oidc}, createPeople: { roles: [{ group: a, role: boss }] } }`, 'role'],
])('%s for the identity provider is refused', (_what, yaml, says) => {
  writeFileSync(path.join(folder, 'relay.yaml'), `${yaml}\n`);
  expect(() => read()).toThrow(says);
});

test('an identity provider on the own machine may do without TLS', () => {
  writeFileSync(path.join(folder, 'relay.yaml'), 'oidc: { issuer: "http://127.0.0.1:9000", clientId: x }\n');
  expect(read().oidc).toMatchObject({ issuer: 'http://127.0.0.1:9000' });
});
