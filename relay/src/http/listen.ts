import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express, { type Express } from 'express';
import { mountHealth } from './health.ts';
import { openLive, type LiveLimits } from './live/index.ts';
import { answerFailures, mountApi, nameRequests, type ApiLimits } from './mount.ts';
import { mountOidc } from './oidc/index.ts';
import { apiDocument } from './openapi.ts';
import { resources } from './resources/index.ts';
import type { Services } from './services.ts';
import { builtInterface, mountInterface } from './ui.ts';

export interface HttpSettings {
  host: string;
  /** 0 takes a free one. */
  port: number;
  /** Addresses of reverse proxies whose X-Forwarded-For is believed. */
  trustedProxies: readonly string[];
  limits: ApiLimits & LiveLimits;
  /** Folder of the built user interface; default: the one beside the relay. */
  interfaceFolder?: string | undefined;
}

/** The HTTP side, listening. Disposing it answers what is under way, then cuts what is left (log tails) after two seconds. */
export interface HttpListener extends AsyncDisposable {
  readonly port: number;
}

/** Listens for the API, health and metrics. Rejects when the address cannot be bound. */
export async function listenHttp(settings: HttpSettings, services: Services): Promise<HttpListener> {
  const app = relayApp(settings, services);
  // Many and short: they do not pass through what the API needs.
  const server = createServer(
    // A client that would rather speak HTTP/2 is answered as ever.
    { shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket' },
    (request, response) => services.webhooks.handle(request, response) || void app(request, response),
  );
  const live = openLive(app, services, settings.limits);
  server.on('upgrade', (request, socket, head) => live.upgrade(request, socket, head));
  server.listen(settings.port, settings.host);
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      const closed = close(server);
      await live[Symbol.asyncDispose]();
      await closed;
    },
  };
}

function relayApp({ trustedProxies, limits, interfaceFolder = builtInterface() }: HttpSettings, services: Services): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('trust proxy', [...trustedProxies]);
  app.use(nameRequests);
  app.use((request, response, next) => {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Cache-Control', 'no-store');
    response.once('finish', () => {
      services.metrics.count('mlrelay_http_requests_total', { method: request.method, status: String(response.statusCode) });
    });
    next();
  });
  mountHealth(app, services, limits);
  app.get('/api/v1/openapi.json', (_request, response) => void response.json(apiDocument()));
  mountApi(app, resources, services, limits);
  mountOidc(app, services);
  mountInterface(app, interfaceFolder);
  answerFailures(app, services);
  return app;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), lastWordsMs);
  await closed;
  clearTimeout(cut);
}

const lastWordsMs = 2000;
