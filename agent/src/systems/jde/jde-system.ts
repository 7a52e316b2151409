import { hostname } from 'node:os';
import {
  isSystemError,
  type JdeCall,
  type JdeCount,
  type JdeInfo,
  type JdeQuery,
  type JdeQueryEnd,
  type SystemError,
} from '@ml-connector/shared';
import type { IncomingCall } from '@ml-connector/shared/tunnel';
import { openLogonGuard, type LogonWords } from '../logon-guard.ts';
import type { AgentSystem, AgentSystemDeps } from '../system.ts';
import { openAis, readAll, type AisRequest, type JdeCallLimits } from './ais.ts';
import { readCount, readOrchestration, readServerConfig, type ServerConfig } from './answers.ts';
import { openHttp } from './http.ts';
import type { Profile } from './login.ts';
import { openPageMemories } from './page-memory.ts';
import { readPrivateCa } from './private-ca.ts';
import { browseBody, countBody, readPageBody, readQuery, toQuery } from './query/index.ts';
import { openSecrets } from './secrets.ts';
import { openSession } from './session.ts';
import type { JdeConnectionSettings } from './settings.ts';

export type JdeStreamedCall = JdeCallLimits & Pick<IncomingCall, 'send'>;
export type JdeCountCall = Omit<Extract<JdeCall, { service: 'count' }>, 'service'>;
export type JdeOrchestrationCall = Omit<Extract<JdeCall, { service: 'orchestration' }>, 'service'>;

/** One JD Edwards system, read through its AIS server. Every method rejects with a SystemError. */
export interface JdeSystem extends AgentSystem {
  readonly type: 'jde';
  /** Sends `JdeChunk`s as UTF-8 JSON bytes; the answer comes after the last one was taken. */
  query(request: JdeQuery, call: JdeStreamedCall): Promise<JdeQueryEnd>;
  /** Logs in where needed. */
  describe(limits: JdeCallLimits): Promise<JdeInfo>;
  count(request: JdeCountCall, limits: JdeCallLimits): Promise<JdeCount>;
  /** The output of the orchestration, numbers as text. */
  orchestration(request: JdeOrchestrationCall, limits: JdeCallLimits): Promise<unknown>;
  /** What AIS tells without login, and its clock. */
  server(limits: JdeCallLimits): Promise<ServerConfig>;
}

const maxAnswerBytes = 128 * 1024 * 1024;
const logonWords: LogonWords = {
  code: 'JDE_LOGON_REFUSED',
  kind: 'JD Edwards system',
  where: 'in P98OWSEC',
  troubles: 'disabled, password expired, environment and role',
};

/** Opens no connection before the first call. */
export function openJdeSystem(deps: AgentSystemDeps<JdeConnectionSettings>): JdeSystem {
  const { name, settings, clock, log } = deps;
  const { environment, role, maxConcurrent } = settings;
  const deviceName = settings.deviceName ?? defaultDeviceName(name);
  const asker = { deviceName, environment, role };
  const timeoutMs = settings.timeoutSeconds * 1000;
  const ca = trial(() => (settings.caFile === undefined ? undefined : readPrivateCa(settings.caFile)));
  const secrets = openSecrets();
  const http = openHttp({ baseUrl: settings.baseUrl, ca: ca.value, connections: maxConcurrent + 1, maxAnswerBytes });
  // Whatever of these was wrong, AIS refuses alike; a change of one is worth another try.
  const account = JSON.stringify([settings.baseUrl, settings.user, environment, role, settings.loginMethod]);
  const guard = openLogonGuard({ dataDir: deps.dataDir, system: name, account, words: logonWords, clock });
  const session = openSession({ name, settings, deviceName, http, guard, secrets, credential: () => deps.credential(), clock, log });
  // A password that goes with every call is tried by one call at a time.
  const ais = openAis({ http, session, secrets, maxConcurrent: settings.loginMethod === 'basic' ? 1 : maxConcurrent, timeoutMs, clock });
  const memories = openPageMemories();
  let problem = ca.problem;
  let aisVersion = '';

  /** Remembers what keeps the system from working, for those who ask how it is. */
  const watched = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    if (ca.problem) throw ca.problem;
    try {
      const answer = await work();
      problem = undefined;
      return answer;
    } catch (error) {
      if (isSystemError(error) && isTrouble(error)) problem = error;
      throw error;
    }
  };
  const profileFor = async ({ signal }: JdeCallLimits): Promise<Profile> => (await session.logon(signal)).profile;
  const askData = <Value>(request: Omit<AisRequest<Value>, 'path'>): Promise<Value> => ais.ask({ path: 'v2/dataservice', ...request });
  const askServer = async (limits: JdeCallLimits): Promise<ServerConfig> => {
    const judged = { doing: 'asking AIS for its configuration', step: 'other' } as const;
    const config = readServerConfig(await ais.look({ path: 'v2/defaultconfig', judged, limits }), clock);
    aisVersion = config.aisVersion;
    return config;
  };

  return {
    name,
    type: 'jde',
    query: (request, call) =>
      watched(async () => {
        const { table, fields } = request;
        const judged = { doing: `reading ${table}`, step: 'data', table, fields } as const;
        return readQuery(request, {
          browse: (browse, facts) => {
            const memory = memories.take();
            const release = (): void => memories.give(memory);
            const read = (body: Buffer) => readPageBody(body, { ...facts, memory, release });
            return askData({ body: browseBody(asker, browse), judged, read, memory, limits: call });
          },
          formats: await profileFor(call),
          decimals: settings.decimals,
          pageRows: settings.pageSize,
          emit: (chunk) => call.send(chunk),
        });
      }),
    count: ({ table, where }, limits) =>
      watched(async () => {
        const query = toQuery(where, [], { table, formats: await profileFor(limits), decimals: settings.decimals });
        const judged = { doing: `counting rows of ${table}`, step: 'data', table } as const;
        return { count: readCount(await askData({ body: countBody(asker, { table, query }), judged, read: readAll, limits }), table) };
      }),
    orchestration: ({ name: orchestration, inputs }, limits) =>
      watched(async () => {
        const judged = { doing: `running orchestration ${orchestration}`, step: 'orchestration' } as const;
        const path = `v3/orchestrator/${encodeURIComponent(orchestration)}`;
        return readOrchestration(await ais.ask({ path, body: inputs, judged, read: readAll, limits }), orchestration);
      }),
    describe: (limits) =>
      watched(async () => {
        const { dateFormat, decimalFormat, timeZoneOffset, ...who } = await profileFor(limits);
        const server = await askServer(limits);
        return {
          ...who,
          aisVersion: server.aisVersion,
          timeZoneOffset,
          dateFormat,
          decimalFormat,
          cachesByDefault: server.cachesByDefault,
        };
      }),
    server: (limits) => watched(() => askServer(limits)),
    info: () => ({
      state: problem?.verdict === 'halt' ? 'halted' : session.current ? 'running' : 'idle',
      problem,
      details: { url: settings.baseUrl, user: settings.user, environment, role, ...(aisVersion ? { aisVersion } : {}) },
    }),
    [Symbol.asyncDispose]: async () => {
      ais[Symbol.dispose]();
      await session[Symbol.asyncDispose]();
      http[Symbol.dispose]();
    },
  };
}

/** The same after every start: a token is bound to it (facts/jde-ais.md 2.2). */
function defaultDeviceName(system: string): string {
  return `ml-agent-${hostname()}-${system}`.replaceAll(/[^\w.-]/g, '_').slice(0, 80);
}

function isTrouble({ verdict, code }: SystemError): boolean {
  return (
    verdict === 'halt' || ['JDE_UNREACHABLE', 'JDE_UNAVAILABLE', 'JDE_CONNECTION_LOST', 'JDE_TIMEOUT', 'JDE_SERVER_ERROR'].includes(code)
  );
}

function trial<Value>(work: () => Value): { value: Value | undefined; problem: SystemError | undefined } {
  try {
    return { value: work(), problem: undefined };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { value: undefined, problem: error };
  }
}
