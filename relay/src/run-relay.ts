import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { systemClock, type Log } from '@ml-connector/shared';
import type { AddressPolicy } from './addresses/index.ts';
import { runAlerts, sendAnchor } from './alerts/index.ts';
import { anchorFileOf, runAudit } from './audit/index.ts';
import type { RelayConfig } from './config/index.ts';
import { defaultEngineSettings, openSessions, readSettings, runEngine } from './engine/index.ts';
import { flows } from './flows/index.ts';
import { issueEnrollToken, listenForAgents, makeRelayCertificates, makeTokenKey, storedAgentDirectory } from './gateway/index.ts';
import {
  adminTokenFile,
  countMetrics,
  countWebhook,
  deliverWaitingCredentials,
  ensureAdminToken,
  httpCounters,
  listenHttp,
  writeUrlFile,
} from './http/index.ts';
import { wakeSite } from './ledger/index.ts';
import { closeOverrides } from './mapping/index.ts';
import { countSignInAttempts, setupLink } from './people/index.ts';
import { lockDataFolder, openStore } from './store/index.ts';
import { systems } from './systems/index.ts';
import { addSapMessages } from './systems/sap-ecc/index.ts';
import { runTrials } from './trials/index.ts';
import { openVault } from './vault/index.ts';
import { openWebhooks } from './webhooks/index.ts';

/**
 * Runs the relay until the signal aborts: then takes no new work, finishes what is in hand and closes everything in reverse order.
 * Rejects when it cannot start. `announce` gets the lines for the person who started it.
 */
export async function runRelay(
  { config, log, announce }: { config: RelayConfig; log: Log; announce: (line: string) => void },
  signal: AbortSignal,
): Promise<void> {
  await using up = new AsyncDisposableStack();
  const clock = systemClock;
  up.defer(closeOverrides);
  const { dataDir, http, tunnel, limits } = config;
  const stopMs = limits.stopSeconds * 1000;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  if (config.sap.messages !== undefined) addSapMessages(config.sap.messages);
  if (config.database.url !== undefined) up.use(lockDataFolder(dataDir));
  const store = up.use(await openStore({ ...config.database, role: 'serve', clock, log }));
  const vault = openVault(config.masterKeys === undefined ? { file: config.masterKeyFile } : { keys: config.masterKeys });

  const { tls, caFingerprint, certificates } = certificatesOf(config);
  const tokenKey = makeTokenKey(dataDir);
  const directory = storedAgentDirectory(store);
  const { host, port, relayName, heartbeatSeconds } = tunnel;
  const gateway = up.use(
    await listenForAgents({ host, port, tls, tokenKey: tokenKey.publicKey, directory, relayName, heartbeatSeconds, clock, log }),
  );
  const sessions = up.use(openSessions({ store, vault, systems, agents: gateway, addresses: policyOf(config.connections), clock, log }));

  const relayUrl = `https://${withPort(tunnel.publicAddress ?? 'localhost', gateway.port)}`;
  const anchorFile = anchorFileOf(dataDir);
  const addresses = policyOf(config.alerts);
  let url = http.publicUrl ?? '';
  const metrics = countMetrics(httpCounters);
  const webhooks = up.use(
    await openWebhooks({
      store,
      vault,
      clock,
      log,
      systems,
      readSettings: (manifest, connection) => readSettings({ vault }, manifest, connection),
      count: (delivery) => countWebhook(metrics, delivery),
      bodyBytes: limits.webhookBodyBytes,
    }),
  );
  const listener = up.use(
    await listenHttp(
      { ...http, limits },
      {
        store,
        vault,
        clock,
        log,
        gateway,
        sessions,
        systems,
        flows,
        metrics,
        attempts: countSignInAttempts(clock),
        webhooks,
        oidc: config.oidc,
        publicUrl: http.publicUrl,
        anchorFile,
        alerts: { publicUrl: () => url, addresses, certificates },
        issueEnrollToken: (site) =>
          issueEnrollToken({ ...site, directory, tokenKey: tokenKey.privateKey, relayName, relayUrl, caFingerprint, clock }),
      },
    ),
  );
  using _tunnels = gateway.listen((event) => {
    if (event.kind === 'refused') return;
    const { agentId, siteId, tenantId } = event.session;
    store.notify({ about: 'agent', tenantId, id: agentId });
    if (event.kind !== 'tunnelUp') return;
    deliverWaitingCredentials({ store, clock, log, gateway }, agentId)
      .then(() => wakeSite(store, clock, siteId))
      .catch((error: unknown) => log.error({ err: error, agentId }, 'could not prepare for an agent that connected'));
  });

  const isFirstStart = await ensureAdminToken({ store, clock, dataDir });
  url ||= `http://${http.host}:${listener.port}`;
  writeUrlFile(dataDir, { host: http.host, port: listener.port });
  const setup = await setupLink({ store, clock });
  announce(`ml-relay serves ${url}; agents connect to ${relayUrl}`);
  if (isFirstStart) announce(`the administrator's token is in ${adminTokenFile(dataDir)}`);
  if (setup !== undefined) announce(`nobody can sign in yet; the first administrator opens ${url}/link#${setup} (works once, for a day)`);

  const lookup = { ...defaultEngineSettings.lookup, marginMs: limits.lostAnswerSeconds * 1000 };
  // Somebody who edits an order all the time does not put it off for good.
  const debounce = { afterMs: limits.quietSeconds * 1000, latestMs: 6 * limits.quietSeconds * 1000 };
  const flowTitles = new Map(flows.map(({ id, title }) => [id, title]));
  const deps = { store, vault, clock, log };
  const nodeName = `${hostname()} ${dataDir}`;
  const reaches = (siteId: string): boolean => gateway.sessions().some((session) => session.siteId === siteId);
  await Promise.all([
    runEngine(
      {
        store,
        flows,
        sessions,
        clock,
        log,
        settings: { drainMs: stopMs, lookup, webhooks: { ...defaultEngineSettings.webhooks, debounce } },
        nodeName,
        reaches,
        webhooks: { vault, publicUrl: http.publicUrl },
      },
      signal,
    ),
    runTrials({ store, flows, sessions, clock, log, nodeName }, signal),
    runAlerts({ ...deps, publicUrl: url, addresses, sessions: () => gateway.sessions(), flowTitles, certificates }, signal),
    runAudit({ ...deps, anchorFile, onAnchor: (anchor) => sendAnchor({ store, clock }, anchor) }, signal),
  ]);
  await gateway.drain({ graceMs: stopMs });
}

interface Certificates {
  tls: { cert: string; key: string };
  caFingerprint: string | undefined;
  certificates: { name: string; expiresAt: number; fix: string }[];
}

function certificatesOf({ dataDir, tunnel }: RelayConfig): Certificates {
  const { certificate, publicAddress, host } = tunnel;
  if (certificate) {
    const tls = { cert: readFileSync(certificate.certFile, 'utf8'), key: readFileSync(certificate.keyFile, 'utf8') };
    const fix = 'Put the new certificate in place and start the relay anew.';
    const expiresAt = Date.parse(new X509Certificate(tls.cert).validTo);
    return { tls, caFingerprint: undefined, certificates: [{ name: `the tunnel (${certificate.certFile})`, expiresAt, fix }] };
  }
  const named = [publicAddress?.replace(/:\d+$/, ''), host].filter((name) => name !== undefined && name !== '0.0.0.0' && name !== '::');
  const { cert, key, caFingerprint, expiresAt } = makeRelayCertificates({
    dataDir,
    hosts: [...new Set([...named, 'localhost', '127.0.0.1'])] as string[],
  });
  return {
    tls: { cert, key },
    caFingerprint,
    certificates: [{ name: 'the tunnel', expiresAt, fix: 'Start the relay anew: it then makes itself a new one.' }],
  };
}

function withPort(address: string, port: number): string {
  return /:\d+$/.test(address) ? address : `${address}:${port}`;
}

function policyOf({ allowLoopback, allowPrivate }: RelayConfig['connections']): AddressPolicy {
  return { loopback: allowLoopback, privateNetworks: allowPrivate };
}
