import { request as requestHttp, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { once } from 'node:events';
import { text as textOf } from 'node:stream/consumers';
import path from 'node:path';
import type { Actions, CallCounter, Fault, Row, Site, Stamp } from '../sandbox/jde/index.ts';
import { startChild, type Child } from './child.ts';
import { repository } from './relay-process.ts';

export interface JdeProcessOptions {
  suppliers?: number;
  /** Requisitions and quotes included. */
  orders?: number;
  accounts?: number;
  seed?: number;
  latencyMs?: number;
  /** Plain HTTP in place of HTTPS with a private authority. */
  isPlainHttp?: boolean;
}

export interface JdeCredentials {
  user: string;
  password: string;
  environment: string;
  role: string;
}

export interface JdeProcess extends AsyncDisposable {
  readonly child: Child;
  readonly port: number;
  readonly baseUrl: string;
  /** The authority to trust; '' with plain HTTP. */
  readonly caPem: string;
  readonly credentials: JdeCredentials;
  /** As people and programs inside JD Edwards do: `act('cancelLine', { DOCO: '4501', LNID: '1.000' })`. */
  act<Name extends keyof Actions>(name: Name, args: Parameters<Actions[Name]>[0]): Promise<ReturnType<Actions[Name]>>;
  /** Rows of a table as they are stored: `YYYYMMDD`, plain decimals. */
  rows(table: string, where?: Row): Promise<Row[]>;
  update(table: string, where: Row, change: Row, stamp?: Stamp | 'none'): Promise<void>;
  /** The server's day, `YYYYMMDD`. */
  today(): Promise<string>;
  /** Answers since the last `forgetCalls`, by `POST /v2/dataservice 200`. */
  calls(): Promise<CallCounter>;
  forgetCalls(): Promise<void>;
  logons(): Promise<{ logons: number; refused: number; logouts: number }>;
  addFault(fault: Fault): Promise<void>;
  clearFaults(): Promise<void>;
  /** Faults that met their call so far, and those that wait for it. */
  faults(): Promise<{ happened: number; waiting: number }>;
  /** Tokens, cursors and cached answers die; everything answers 503 for `downMs`. */
  restart(downMs?: number): Promise<void>;
  takeDown(): Promise<void>;
  bringUp(): Promise<void>;
  expireTokens(): Promise<void>;
  changeSite(change: Partial<Site>): Promise<void>;
}

/** Starts the simulated AIS server of JD Edwards as a process of its own. */
export async function startJdeProcess({ isPlainHttp = false, latencyMs, ...sizes }: JdeProcessOptions = {}): Promise<JdeProcess> {
  const numbers = Object.entries({ ...sizes, 'latency-ms': latencyMs });
  const child = startChild({
    name: 'simulated JD Edwards',
    args: [
      path.join(repository, 'scripts/sandbox/jde/main.ts'),
      ...(isPlainHttp ? ['--http'] : []),
      ...numbers.flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)])),
    ],
  });
  const [line] = await child.line(/^\{.*\}$/);
  const { origin, baseUrl, caPem, credentials } = JSON.parse(line) as Pick<JdeProcess, 'baseUrl' | 'caPem' | 'credentials'> & {
    origin: string;
  };
  const control = <Answer>(method: string, what: string, body?: unknown): Promise<Answer> =>
    askControl<Answer>({ method, url: new URL(`/__control/${what}`, origin), body, caPem });
  return {
    child,
    port: Number(new URL(origin).port),
    baseUrl,
    caPem,
    credentials,
    act: (name, args) => control('POST', `actions/${name}`, args),
    rows: async (table, where = {}) => (await control<{ rows: Row[] }>('POST', 'rows', { table, where })).rows,
    update: async (table, where, change, stamp) => void (await control('POST', 'update', { table, where, change, stamp })),
    today: async () => (await control<{ today: string }>('GET', 'snapshot')).today,
    calls: async () => (await control<{ calls: CallCounter }>('GET', 'calls')).calls,
    forgetCalls: async () => void (await control('DELETE', 'calls')),
    logons: () => control('GET', 'snapshot'),
    addFault: async (fault) => void (await control('POST', 'faults', fault)),
    clearFaults: async () => void (await control('DELETE', 'faults')),
    async faults() {
      const { faults, waiting } = await control<{ faults: Record<string, number>; waiting: unknown[] }>('GET', 'calls');
      return { happened: Object.values(faults).reduce((sum, count) => sum + count, 0), waiting: waiting.length };
    },
    restart: async (downMs = 0) => void (await control('POST', 'restart', { downMs })),
    takeDown: async () => void (await control('POST', 'down')),
    bringUp: async () => void (await control('DELETE', 'down')),
    expireTokens: async () => void (await control('DELETE', 'tokens')),
    changeSite: async (change) => void (await control('POST', 'site', change)),
    [Symbol.asyncDispose]: () => child.stop(),
  };
}

interface ControlCall {
  method: string;
  url: URL;
  body: unknown;
  caPem: string;
}

/** `fetch` trusts no authority of one's own. */
async function askControl<Answer>({ method, url, body, caPem }: ControlCall): Promise<Answer> {
  const isSecure = url.protocol === 'https:';
  const call = isSecure ? requestHttps(url, { method, ca: caPem, agent: false }) : requestHttp(url, { method, agent: false });
  call.end(body === undefined ? '' : JSON.stringify(body));
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  const text = await textOf(response);
  if (response.statusCode !== 200) throw new Error(`simulated JD Edwards: ${method} ${url.pathname}: ${text}`);
  return JSON.parse(text) as Answer;
}
