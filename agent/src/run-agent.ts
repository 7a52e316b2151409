import path from 'node:path';
import { systemClock, SystemError, unseal, type DoctorRequest, type Log } from '@ml-connector/shared';
import { agentOperations } from './agent-operations.ts';
import { openAuditLog } from './audit/index.ts';
import { createDispatcher } from './calls/index.ts';
import { watchSettings, type AgentSettings } from './config/index.ts';
import { lockDataDir, openControl, type DataDirLock } from './control/index.ts';
import { controlHandlers } from './control-handlers.ts';
import { crashLog, reloadOnHangup } from './process-events.ts';
import { openCredentialStore } from './credentials/index.ts';
import { enrolmentByTunnel, runDoctor } from './diagnostics/index.ts';
import { loadIdentity } from './identity/index.ts';
import { openJournal, openUnits, type Units } from './journal/index.ts';
import { openAgentLog } from './logs/index.ts';
import { machineName } from './machine-name.ts';
import { openSystems } from './open-systems.ts';
import { allowAnotherLogon } from './systems/index.ts';
import { runTunnel, type TunnelStatus } from './tunnel/index.ts';
import { agentVersion } from './version.ts';

export interface RunAgent {
  configFile: string;
  settings: AgentSettings;
  dataDir: string;
  /** A terminal where somebody watches; gets the log in readable form. */
  watcher?: NodeJS.WritableStream | undefined;
}

/**
 * Runs the agent until the signal aborts and the calls at work have ended. Rejects with NOT_ENROLLED, ALREADY_RUNNING, or when the relay
 * does not take this agent any more (REVOKED, UNKNOWN_AGENT).
 */
export async function runAgent({ configFile, settings, dataDir, watcher }: RunAgent, signal: AbortSignal): Promise<void> {
  await using up = new AsyncDisposableStack();
  const clock = systemClock;
  const identity = loadIdentity(dataDir);
  up.use(takeDataDir(dataDir));

  const folder = settings.logs.dir ?? path.join(dataDir, 'logs');
  const agentLog = up.use(openAgentLog({ settings: settings.logs, folder, base: { agentId: identity.agentId }, watcher }));
  const { log } = agentLog;
  up.use(crashLog(log));
  log.info({ version: agentVersion, configFile, dataDir, systems: Object.keys(settings.systems) }, 'agent starts');
  up.defer(() => log.info('agent stopped'));

  const live = up.use(watchSettings({ file: configFile, settings, log }));
  up.use(reloadOnHangup(live, log));
  const policy = () => live.policy();
  const audit = up.use(openAuditLog({ folder: path.join(dataDir, 'audit'), keepDays: settings.audit.keepDays, clock, log }));
  const credentials = openCredentialStore(dataDir);
  credentials.onChange((system) => allowAnotherLogon(dataDir, system));
  // Before the systems, so that it outlives them: what becomes of a unit while they stop is still written.
  const journal = up.use(openJournal({ dataDir, clock }));
  const units = up.use(openUnits({ journal, clock, log }));
  tellInterrupted(units, log);
  const systems = up.use(openSystems({ settings, dataDir, credentials, clock, log }));

  let tunnel: TunnelStatus | undefined;
  const relayUrl = settings.relayUrl ?? identity.relayUrl;
  const caFile = settings.relayCaFile;
  const relay = { url: relayUrl, relayCa: identity.relayCa, caFile };
  const enrolment = () => Promise.resolve(enrolmentByTunnel(identity, tunnel));
  const doctor = (request: DoctorRequest) =>
    runDoctor(
      { configFile, settings, dataDir, relay, enrolment, units: () => units.status(), systems: systems.all, policy, clock },
      request,
    );

  const open = (sealed: string, system: string) => unseal(identity.keys.sealingPrivateJwk, sealed, { agentId: identity.agentId, system });
  const operations = agentOperations({ systems: systems.all, units, credentials, agentLog, unseal: open, doctor });
  const handler = createDispatcher({ operations, policy, audit, clock, log });
  const startedAt = new Date(clock.now()).toISOString();
  const handlers = controlHandlers({
    live,
    agentLog,
    credentials,
    doctor,
    systems: systems.all,
    units,
    tunnel: () => tunnel,
    about: { agentId: identity.agentId, relayUrl, startedAt },
  });
  up.use(await openControl({ dataDir, handlers, log }));

  const hello = { agentVersion, machine: machineName(), systems: [...systems.all.keys()] };
  await runTunnel({ identity, relayUrl, caFile, handler, hello, clock, log, onStatus: (status) => (tunnel = status) }, signal);
}

/** What an agent before this one left open; nothing but a person or the relay's question settles it. */
function tellInterrupted(units: Units, log: Log): void {
  const { interrupted = 0, problem } = units.status();
  if (problem !== undefined) log.error({ problem }, 'the journal of units cannot be used; nothing is written to SAP until it can');
  else if (interrupted > 0)
    log.warn(
      { interrupted },
      'units were interrupted when the agent ended last; `ml-agent journal` lists them, the relay looks them up in SAP',
    );
}

function takeDataDir(dataDir: string): DataDirLock {
  const taken = lockDataDir(dataDir);
  if ('lock' in taken) return taken.lock;
  const holder = taken.holder === undefined ? 'another agent' : `an agent with process id ${taken.holder}`;
  throw new SystemError('ALREADY_RUNNING', 'refused', `${holder} already runs on ${dataDir}`, {
    fix: 'Stop it first (often it is the service), or give this one its own --data-dir and enrolment.',
  });
}
