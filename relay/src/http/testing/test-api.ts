import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock, type Log } from '@ml-connector/shared';
import type { OidcConfig } from '../../config/index.ts';
import { openSessions, readSettings } from '../../engine/index.ts';
import { flows } from '../../flows/index.ts';
import { openStore, type Store } from '../../store/index.ts';
import { openTestDatabase } from '../../store/testing/index.ts';
import { systems } from '../../systems/index.ts';
import { openVault } from '../../vault/index.ts';
import { openWebhooks } from '../../webhooks/index.ts';
import { issueApiToken } from '../api-tokens.ts';
import { countSignInAttempts, type Role } from '../../people/index.ts';
import { countWebhook, httpCounters } from '../health.ts';
import { listenHttp, type HttpSettings } from '../listen.ts';
import { countMetrics } from '../metrics.ts';
import type { Services } from '../services.ts';
import { fakeGateway, type FakeGateway } from './fake-gateway.ts';

export interface Reply<Body = Record<string, unknown>> {
  status: number;
  headers: Headers;
  text: string;
  body: Body;
}

export interface RequestOptions {
  /** Default: the administrator's of all tenants; null sends none. */
  token?: string | null;
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  raw?: string;
  headers?: Record<string, string>;
}

export interface TestApi extends AsyncDisposable {
  url: string;
  store: Store;
  services: Services;
  agents: FakeGateway;
  adminToken: string;
  /** Path below `/api/v1`, or an absolute one that begins with `//`. */
  request<Body = Record<string, unknown>>(method: string, path: string, options?: RequestOptions): Promise<Reply<Body>>;
  /** A request that must succeed; answers its body. */
  ok<Body = { id: string }>(method: string, path: string, body?: unknown, token?: string): Promise<Body>;
  token(options: { tenantId: string | null; role: Role; expiresAt?: number | null }): Promise<string>;
}

/** The real API on a real store, with faked agents. */
export async function startApi(
  options: { limits?: Partial<HttpSettings['limits']>; log?: Log; interfaceFolder?: string; oidc?: OidcConfig } = {},
): Promise<TestApi> {
  await using opened = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-relay-api-'));
  opened.defer(() => rmSync(folder, { recursive: true, force: true }));
  const clock = systemClock;
  const log = options.log ?? silentLog;
  const store = opened.use(await openStore(opened.use(await openTestDatabase()).settings));
  const vault = openVault({ file: path.join(folder, 'master.key') });
  const agents = fakeGateway(() => store);
  const sessions = opened.use(
    openSessions({ store, vault, systems, agents: agents.gateway, addresses: { loopback: true, privateNetworks: false }, clock, log }),
  );
  const metrics = countMetrics(httpCounters);
  const webhooks = opened.use(
    await openWebhooks({
      store,
      vault,
      clock,
      log,
      systems,
      readSettings: (manifest, connection) => readSettings({ vault }, manifest, connection),
      count: (delivery) => countWebhook(metrics, delivery),
    }),
  );
  const services: Services = {
    store,
    vault,
    clock,
    log,
    sessions,
    systems,
    flows,
    gateway: agents.gateway,
    metrics,
    attempts: countSignInAttempts(clock),
    webhooks,
    oidc: options.oidc,
    publicUrl: 'https://relay.example.com',
    anchorFile: path.join(folder, 'audit-anchors.jsonl'),
    alerts: {
      // An identity provider sends browsers back to where they came from.
      publicUrl: () => (options.oidc ? `http://127.0.0.1:${listener.port}` : 'https://relay.example.com'),
      addresses: { loopback: true, privateNetworks: true },
      certificates: [{ name: 'the tunnel', expiresAt: clock.now() + 30 * 86_400_000, fix: 'Start the relay anew.' }],
    },
    issueEnrollToken: ({ ttlMs }) =>
      Promise.resolve({ tokenId: `enr_${'0'.repeat(26)}`, token: 'eyJ.b.c', expiresAt: clock.now() + ttlMs }),
  };
  const limits = { bodyBytes: 100_000, failedSignInsPerMinute: 1000, ...options.limits };
  const { interfaceFolder } = options;
  const listener = opened.use(await listenHttp({ host: '127.0.0.1', port: 0, trustedProxies: [], limits, interfaceFolder }, services));
  const url = `http://127.0.0.1:${listener.port}`;
  const token: TestApi['token'] = async ({ tenantId, role, expiresAt = null }) =>
    (await issueApiToken(services, { name: `${role} of ${tenantId ?? 'all'}`, tenantId, role, expiresAt })).token;
  const adminToken = await token({ tenantId: null, role: 'admin' });

  const request: TestApi['request'] = async (method: string, at: string, given: RequestOptions = {}): Promise<Reply<never>> => {
    const { body, raw, headers, token: bearer = adminToken } = given;
    const response = await fetch(at.startsWith('//') ? `${url}${at.slice(1)}` : `${url}/api/v1${at}`, {
      method,
      headers: {
        ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
        ...((body !== undefined || raw !== undefined) && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...((body !== undefined || raw !== undefined) && { body: raw ?? JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /[/+]json\b/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: (isJson && text !== '' ? JSON.parse(text) : {}) as never };
  };
  const held = opened.move();
  return {
    url,
    store,
    services,
    agents,
    adminToken,
    request,
    token,
    async ok<Body>(method: string, at: string, body?: unknown, bearer?: string) {
      const reply = await request<Body>(method, at, {
        ...(body !== undefined && { body }),
        ...(bearer !== undefined && { token: bearer }),
      });
      if (reply.status >= 300) throw new Error(`${method} ${at} answered ${reply.status}: ${reply.text}`);
      return reply.body;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
