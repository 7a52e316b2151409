import type { Clock, JdeInfo } from '@ml-connector/shared';
import { openTcp, resolveName, type Check, type CheckResult } from '../../../checks/index.ts';
import type { ServerConfig } from '../answers.ts';
import type { JdeSystem } from '../jde-system.ts';
import type { JdeConnectionSettings } from '../settings.ts';
import { openTls } from './tls.ts';
import { readTables, type AllowedTables } from './table-authority.ts';

export interface JdeCheckDeps {
  system: JdeSystem;
  settings: JdeConnectionSettings;
  tables: AllowedTables;
  clock: Clock;
}

const logonMs = 90_000;
const readMs = 120_000;
const mostClockDifferenceMs = 5 * 60_000;

/**
 * One JD Edwards system: network, TLS, AIS and the HTML server behind it, login, environment, and whether the user may read what the
 * policy allows. All through the system's own session, and so behind its logon guard: a refused password is not tried again by a doctor run.
 */
export function jdeChecks(deps: JdeCheckDeps): Check[] {
  const { system, settings, clock } = deps;
  const named = (name: string): string => `jde.${name}:${system.name}`;
  const limits = (ms: number) => ({ deadline: clock.now() + ms, signal: AbortSignal.timeout(ms) });
  const address = addressOf(settings.baseUrl);
  const server = once(() => system.server(limits(logonMs)));
  const info = once(() => system.describe(limits(logonMs)));
  return [
    { name: named('reach'), run: () => reach(address) },
    { name: named('tls'), needs: [named('reach')], run: () => openTls({ ...address, settings }) },
    { name: named('server'), needs: [named('tls')], run: async () => describeServer(await server()) },
    { name: named('cache'), needs: [named('server')], run: async () => describeCache(await server()) },
    { name: named('login'), needs: [named('server')], run: async () => describeLogin(await info()) },
    { name: named('environment'), needs: [named('login')], run: async () => describeEnvironment(await info(), settings) },
    { name: named('time'), needs: [named('login')], run: async () => describeTime(await info(), await server(), clock) },
    {
      name: named('tables'),
      needs: [named('login')],
      run: () => readTables({ system, tables: deps.tables, call: () => limits(readMs) }),
    },
  ];
}

interface Address {
  host: string;
  port: number;
  isSecure: boolean;
}

function addressOf(baseUrl: string): Address {
  const { hostname, port, protocol } = new URL(baseUrl);
  const isSecure = protocol === 'https:';
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (isSecure ? 443 : 80), isSecure };
}

async function reach({ host, port }: Address): Promise<CheckResult> {
  const name = await resolveName(host);
  return name.result === 'ok' ? openTcp({ host, port }) : name;
}

/** Asked once for several checks. */
function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let asked: Promise<Value> | undefined;
  return () => (asked ??= work());
}

function describeServer({ aisVersion, htmlServer, capabilities }: ServerConfig): CheckResult {
  const detail = `${aisVersion || 'AIS of an unknown version'}${htmlServer ? `, HTML server ${htmlServer}` : ''}`;
  if (capabilities.length === 0 || capabilities.includes('dataservice')) return { result: 'ok', detail };
  return { result: 'failed', detail: `${detail}; it has no data service`, fix: 'The agent needs Tools release 9.2.1.2 or newer.' };
}

function describeCache({ cachesByDefault }: ServerConfig): CheckResult {
  if (!cachesByDefault) return { result: 'ok', detail: 'AIS reads from the database' };
  return {
    result: 'warning',
    detail: 'AIS answers reads from a cache by default; the agent asks it not to with every read',
    fix: 'Switch the default caching of the AIS server off in Server Manager, or compare one change with what arrives.',
  };
}

function describeLogin({ user, role, environment }: JdeInfo): CheckResult {
  return { result: 'ok', detail: `${user} in ${environment} with role ${role}` };
}

function describeEnvironment({ environment, role }: JdeInfo, settings: JdeConnectionSettings): CheckResult {
  const isSame = environment.toUpperCase() === settings.environment.toUpperCase() && role.toUpperCase() === settings.role.toUpperCase();
  if (isSame) return { result: 'ok', detail: `${environment}, role ${role}` };
  return {
    result: 'failed',
    detail: `agent.yaml names ${settings.environment} with role ${settings.role}, but AIS signed on to ${environment} with role ${role}`,
    fix: 'Correct environment and role in agent.yaml, or give the user that role (P95921).',
  };
}

/** UPMJ and UPMT have no zone; the flows read two days more than they must. */
function describeTime({ timeZoneOffset, dateFormat }: JdeInfo, { clockAheadMs }: ServerConfig, clock: Clock): CheckResult {
  const zone = timeZoneOffset ? `the user's time zone is ${timeZoneOffset}` : 'the user has no time zone';
  const formats = dateFormat ? `, dates are written ${dateFormat}` : '';
  if (clockAheadMs !== undefined && Math.abs(clockAheadMs) > mostClockDifferenceMs)
    return {
      result: 'warning',
      detail: `the clock of AIS reads ${new Date(clock.now() + clockAheadMs).toISOString()}, that of this machine ${new Date(clock.now()).toISOString()}; ${zone}`,
      fix: 'Let both take their time from the same server (NTP): changes of the last hours could be read late.',
    };
  const difference = clockAheadMs === undefined ? '' : `the clocks agree, `;
  return { result: 'ok', detail: `${difference}${zone}${formats}` };
}
