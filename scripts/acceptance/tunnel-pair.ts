import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { silentLog, systemClock, type Log } from '@ml-connector/shared';
import type { AgentTarget, CallHandler } from '@ml-connector/shared/tunnel';
import { enroll, type Identity } from '../../agent/src/identity/index.ts';
import { runTunnel, type TunnelSettings, type TunnelStatus } from '../../agent/src/tunnel/index.ts';
import {
  issueEnrollToken,
  listenForAgents,
  makeRelayCertificates,
  makeTokenKey,
  memoryAgentDirectory,
  type AgentDirectory,
  type Gateway,
  type GatewayEvent,
  type ListenSettings,
} from '../../relay/src/gateway/index.ts';

export interface TestRelay extends AsyncDisposable {
  gateway: Gateway & { port: number };
  directory: AgentDirectory;
  events: GatewayEvent[];
  /** Resolves with the first event from now on, or from before, that fits. */
  event: <Kind extends GatewayEvent['kind']>(
    kind: Kind,
    fits?: (event: Extract<GatewayEvent, { kind: Kind }>) => boolean,
  ) => Promise<Extract<GatewayEvent, { kind: Kind }>>;
  token(options?: { ttlMs?: number; port?: number | undefined }): Promise<string>;
  target: AgentTarget;
}

export interface TestAgent extends AsyncDisposable {
  identity: Identity;
  statuses: TunnelStatus[];
  status: <Kind extends TunnelStatus['kind']>(
    kind: Kind,
    fits?: (status: Extract<TunnelStatus, { kind: Kind }>) => boolean,
  ) => Promise<Extract<TunnelStatus, { kind: Kind }>>;
  /** How `runTunnel` ended. */
  ended: Promise<unknown>;
  stop(): void;
}

/** A relay's gateway on a free port, with certificates of its own. */
export async function startRelay(options: Partial<ListenSettings> & { dataDir?: string } = {}): Promise<TestRelay> {
  await using opened = new AsyncDisposableStack();
  const dataDir = options.dataDir ?? newFolder(opened);
  const { cert, key, caFingerprint } = makeRelayCertificates({ dataDir, hosts: ['127.0.0.1', 'localhost'] });
  const tokenKey = makeTokenKey(dataDir);
  const directory = options.directory ?? memoryAgentDirectory();
  const relayName = 'relay.example.com';
  const common = { relayName, directory, clock: systemClock, log: silentLog };
  const gateway = await listenForAgents({
    ...common,
    host: '127.0.0.1',
    port: 0,
    tls: { cert, key },
    tokenKey: tokenKey.publicKey,
    ...options,
  });
  opened.use(gateway);
  const history = recorder<GatewayEvent>();
  gateway.listen(history.push);
  const held = opened.move();
  const target = { tenantId: 'ten_müller', siteId: 'sit_berlin' };
  return {
    gateway,
    directory,
    target,
    events: history.all,
    event: history.first,
    async token({ ttlMs, port = gateway.port } = {}) {
      const relayUrl = `https://127.0.0.1:${port}`;
      const issued = await issueEnrollToken({ ...common, tokenKey: tokenKey.privateKey, relayUrl, caFingerprint, ...target, ttlMs });
      return issued.token;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

/** An enrolled agent that keeps its tunnel up until disposed. */
export async function startAgent(
  relay: Pick<TestRelay, 'token'>,
  handler: CallHandler,
  options: Partial<TunnelSettings> & { port?: number | undefined; log?: Log } = {},
): Promise<TestAgent> {
  await using opened = new AsyncDisposableStack();
  const identity = options.identity ?? (await enrolAgent(await relay.token({ port: options.port }), newFolder(opened)));
  const history = recorder<TunnelStatus>();
  const stop = new AbortController();
  const hello = { agentVersion: '0.1.0', machine: 'SAP-GW-北京 (win32)', systems: ['PRD'] };
  const settings = { identity, handler, hello, clock: systemClock, log: silentLog, random: () => 0, ...options, onStatus: history.push };
  const ended = runTunnel(settings, stop.signal).catch((error: unknown) => error);
  opened.defer(async () => {
    stop.abort();
    await ended;
  });
  const held = opened.move();
  return {
    identity,
    statuses: history.all,
    status: history.first,
    ended,
    stop: () => stop.abort(),
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}

export function enrolAgent(token: string, dataDir: string): Promise<Identity> {
  return enroll({ token, dataDir, agentName: 'Werk Süd – O’Brien', agentVersion: '0.1.0', machine: 'SAP-GW (win32)', clock: systemClock });
}

export function newFolder(stack: AsyncDisposableStack): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ml-tunnel-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function recorder<Item extends { kind: string }>() {
  const all: Item[] = [];
  const waiting: ((item: Item) => void)[] = [];
  return {
    all,
    push: (item: Item): void => {
      all.push(item);
      for (const look of waiting.slice()) look(item);
    },
    first: <Kind extends Item['kind']>(
      kind: Kind,
      fits: (item: Extract<Item, { kind: Kind }>) => boolean = () => true,
    ): Promise<Extract<Item, { kind: Kind }>> => {
      const isIt = (item: Item): item is Extract<Item, { kind: Kind }> => item.kind === kind && fits(item as Extract<Item, { kind: Kind }>);
      const before = all.find(isIt);
      if (before) return Promise.resolve(before);
      return new Promise((resolve) => {
        const look = (item: Item): void => {
          if (!isIt(item)) return;
          waiting.splice(waiting.indexOf(look), 1);
          resolve(item);
        };
        waiting.push(look);
      });
    },
  };
}
