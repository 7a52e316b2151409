import { readFileSync } from 'node:fs';
import path from 'node:path';
import { startChild, type Child } from './child.ts';
import { relayApi, type RelayApi } from './relay-api.ts';

export const repository = path.resolve(import.meta.dirname, '../..');
/**
 * How agent and relay run, as the first line of their bundles says: a stream of short-lived buffers is swept cheaply in a small young
 * generation; bulk is half as fast again (facts/performance.md 1). No --enable-source-maps: it costs 80 MB and a quarter of a second.
 */
export const nodeFlags = ['--max-semi-space-size=8'];
export const relayBundle = path.join(repository, 'relay/dist/relay.cjs');

export interface RelaySettings {
  dataDir: string;
  httpPort: number;
  tunnelPort: number;
  /** host:port as agents reach it. */
  publicAddress: string;
  /** As other systems reach it; default: its own address. */
  publicUrl?: string | undefined;
  onLine?: ((line: string) => void) | undefined;
  /** Default: where the build leaves it. */
  bundle?: string | undefined;
  env?: Record<string, string> | undefined;
}

export interface RelayProcess {
  readonly child: Child;
  readonly url: string;
  /** As the administrator whose token the first start leaves in the data folder. */
  readonly api: RelayApi;
}

/** Starts `ml-relay serve` from the bundle; resolves when it serves. The same data folder and ports continue what was there. */
export async function startRelay({
  dataDir,
  httpPort,
  tunnelPort,
  publicAddress,
  publicUrl,
  onLine,
  bundle = relayBundle,
  env = {},
}: RelaySettings): Promise<RelayProcess> {
  const url = `http://127.0.0.1:${httpPort}`;
  const child = startChild({
    name: 'ml-relay',
    args: [...nodeFlags, bundle, 'serve', '--data-dir', dataDir],
    env: {
      ...env,
      ML_RELAY_HTTP_PORT: String(httpPort),
      ML_RELAY_HTTP_PUBLIC_URL: publicUrl ?? url,
      ML_RELAY_CONNECTIONS_ALLOW_LOOPBACK: 'true',
      ML_RELAY_TUNNEL_HOST: '127.0.0.1',
      ML_RELAY_TUNNEL_PORT: String(tunnelPort),
      ML_RELAY_TUNNEL_PUBLIC_ADDRESS: publicAddress,
    },
    ...(onLine ? { onLine } : {}),
  });
  await child.line(/ml-relay serves/);
  return { child, url, api: relayApi(url, readFileSync(path.join(dataDir, 'admin.token'), 'utf8').trim()) };
}
