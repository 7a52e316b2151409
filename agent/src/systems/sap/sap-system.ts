import path from 'node:path';
import { realpathSync } from 'node:fs';
import {
  SystemError,
  type SapDescribe,
  type SapDescribeAnswer,
  type SapTableRead,
  type SapUnit,
  type SapUnitAnswer,
  type SapWritingUnit,
  type TableReadEnd,
} from '@ml-connector/shared';
import type { IncomingCall } from '@ml-connector/shared/tunnel';
import type { UnitGate } from '../../journal/index.ts';
import { openLogonGuard, type LogonWords } from '../logon-guard.ts';
import type { AgentSystem, AgentSystemDeps, AgentSystemInfo } from '../system.ts';
import { isReadOnly } from './functions.ts';
import { inspectSdk, type SdkInspection } from './sdk.ts';
import { connectionParameters, logsOnWithoutPassword, type SapConnectionSettings } from './settings.ts';
import { openSupervisor, type RunOptions } from './supervisor.ts';
import { workerEnvironment } from './worker-environment.ts';
import type { CallMessage, LogonGrant, PingAnswer, StartMessage } from './worker/index.ts';

/** Deadline and cancellation of a call; `send` takes the chunks of a table read. */
export type SapCall = Pick<IncomingCall, 'deadline' | 'signal'>;
export type SapStreamedCall = SapCall & Pick<IncomingCall, 'send'>;

export type SapReadingUnit = Extract<SapUnit, { commit: 'never' }>;

/** One SAP system, reached through its own RFC process. Every method rejects with a SystemError. */
export interface SapSystem extends AgentSystem {
  readonly type: 'sap-ecc';
  /** Function calls on one ABAP session that end without commit. A lost answer is `uncertain` where a function is not known to be read-only. */
  unit(request: SapReadingUnit, call: SapCall): Promise<SapUnitAnswer>;
  /** Function calls that end in commit or rollback. Asks the gate before each step that cannot be taken back. */
  writingUnit(request: SapWritingUnit, gate: UnitGate): Promise<SapUnitAnswer>;
  /** Sends `TableChunk`s as UTF-8 JSON bytes; the answer comes after the last one was taken. */
  readTable(request: SapTableRead, call: SapStreamedCall): Promise<TableReadEnd>;
  describe(request: SapDescribe, call: SapCall): Promise<SapDescribeAnswer>;
  /** Logs on where needed and calls RFC_PING. */
  ping(call: SapCall): Promise<PingAnswer>;
  info(): SapSystemInfo;
}

export interface SapSystemInfo extends AgentSystemInfo {
  name: string;
  sdk: SdkInspection;
  /** Of the loaded SDK: `7500.0.12`. */
  sdkVersion: string | undefined;
  moduleVersion: string | undefined;
  pid: number | undefined;
}

export interface SapSystemDeps extends AgentSystemDeps<SapConnectionSettings> {
  /** Default: the source file, or `rfc-worker.cjs` beside the bundled agent. */
  workerFile?: string | undefined;
  nodeBinary?: string | undefined;
}

const logonWords: LogonWords = {
  code: 'SAP_LOGON_REFUSED',
  kind: 'SAP system',
  where: 'in SU01',
  troubles: 'locked, expired, initial password',
};

export function openSapSystem(deps: SapSystemDeps): SapSystem {
  const { name, settings, clock, log } = deps;
  const sdkPlace = { sdkHome: settings.sdkHome, installDir: deps.installDir };
  const account = JSON.stringify([settings.client, settings.user, settings.alias_user, settings.snc_myname]);
  const guard = openLogonGuard({ dataDir: deps.dataDir, system: name, account, words: logonWords, clock });

  const grantLogon = async (): Promise<LogonGrant> => {
    const password = await deps.credential();
    if (password === undefined && !logsOnWithoutPassword(settings))
      throw new SystemError('SAP_CREDENTIAL_MISSING', 'halt', `there is no password for SAP system ${name}`, {
        fix: `Store it with \`ml-agent credentials set ${name}\`, or enter it at the relay.`,
      });
    guard.permit(password);
    return { password };
  };

  const supervisor = openSupervisor({
    name,
    clock,
    log,
    sdkPlace,
    rfcModule: settings.rfcModule,
    process: () => ({
      nodeBinary: deps.nodeBinary ?? process.execPath,
      workerFile: deps.workerFile ?? defaultWorkerFile(),
      workDir: path.join(deps.dataDir, `rfc-${encodeURIComponent(name)}`),
      environment: workerEnvironment({
        libraryFolder: sdkLibraryOf(sdkPlace),
        maxConnections: settings.maxConnections,
        extra: settings.environment,
      }),
      start: toStartMessage(name, settings),
      log,
      onLogonWanted: grantLogon,
      onLogonEnded: (outcome) => {
        if (outcome.outcome === 'refused')
          log.error({ system: name, code: 'SAP_LOGON_REFUSED' }, `${outcome.message}; no further logon until the credential is set again`);
        guard.ended(outcome);
      },
    }),
  });

  const run = <Answer>(message: CallMessage, call: SapCall, more: Pick<RunOptions, 'mayWrite' | 'send' | 'onLeave'>): Promise<Answer> =>
    supervisor.run(message, { ...more, deadline: call.deadline, signal: call.signal }) as Promise<Answer>;

  return {
    name,
    type: 'sap-ecc',
    unit: (request, call) =>
      run({ operation: 'unit', request, deadline: call.deadline }, call, {
        mayWrite: () => request.calls.some((one) => !isReadOnly(one.function)),
      }),
    writingUnit: (request, gate) =>
      run(
        { operation: 'unit', request, deadline: gate.limit },
        { deadline: gate.limit, signal: gate.signal },
        {
          mayWrite: () => gate.phase !== 'waiting',
          onLeave: (step) => gate[step](),
        },
      ),
    readTable: (request, call) =>
      run({ operation: 'readTable', request, deadline: call.deadline }, call, { mayWrite: () => false, send: (chunk) => call.send(chunk) }),
    describe: (request, call) => run({ operation: 'describe', request, deadline: call.deadline }, call, { mayWrite: () => false }),
    ping: (call) => run({ operation: 'ping', request: null, deadline: call.deadline }, call, { mayWrite: () => false }),
    info: () => {
      const status = supervisor.status();
      const { sdkVersion, moduleVersion } = status;
      const details = { ...(sdkVersion ? { sdk: sdkVersion } : {}), ...(moduleVersion ? { nodeRfc: moduleVersion } : {}) };
      return { name, sdk: inspectSdk(sdkPlace), details, ...status };
    },
    [Symbol.asyncDispose]: () => supervisor[Symbol.asyncDispose](),
  };
}

function sdkLibraryOf(place: Parameters<typeof inspectSdk>[0]): string | undefined {
  const { home } = inspectSdk(place);
  return home && path.join(home, 'lib');
}

function toStartMessage(name: string, settings: SapConnectionSettings): StartMessage {
  return {
    system: name,
    connection: connectionParameters(settings),
    rfcModule: settings.rfcModule,
    maxConnections: settings.maxConnections,
    callTimeoutMs: settings.callTimeoutSeconds * 1000,
    openTimeoutMs: settings.openTimeoutSeconds * 1000,
    idlePingMs: settings.idlePingSeconds * 1000,
    maxAgeMs: settings.maxAgeMinutes * 60_000,
    readFunction: settings.readFunction,
    readWidth: settings.readWidth,
    pageRows: settings.pageRows,
  };
}

/** From the sources: the file beside this one. In the bundle there is no such folder, and the program stands beside the agent. */
function defaultWorkerFile(): string {
  const sources = import.meta.dirname as string | undefined;
  if (sources?.endsWith(path.join('systems', 'sap'))) return path.join(sources, 'worker', 'rfc-worker.ts');
  return path.join(sources ?? path.dirname(realpathSync(process.argv[1] ?? process.execPath)), 'rfc-worker.cjs');
}
