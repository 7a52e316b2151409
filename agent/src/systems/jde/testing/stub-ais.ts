import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the stub answers: JSON, unless `type` says otherwise. `cut` sends half of it and breaks the connection, `drop` nothing. */
export interface StubAnswer {
  status?: number;
  body?: unknown;
  type?: string;
  headers?: Record<string, string>;
  ending?: 'cut' | 'drop';
}

export interface StubCall {
  path: string;
  headers: Record<string, string>;
  body: Record<string, unknown>;
}

/** Answers calls of AIS by its script, the odd ones the simulated server never gives. Every login is good unless the script says otherwise. */
export interface StubAis extends AsyncDisposable {
  readonly baseUrl: string;
  readonly calls: StubCall[];
  /** By the path under the base URL; undefined for the usual answer. */
  script: (call: StubCall) => StubAnswer | undefined | Promise<StubAnswer | undefined>;
}

export async function startStubAis(): Promise<StubAis> {
  const stub = { calls: [] as StubCall[], script: (() => undefined) as StubAis['script'] };
  const server = createServer((message, response) => void handle(message, response).catch(() => response.destroy()));
  const handle = async (message: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = (await message.toArray()).map(String).join('');
    const call: StubCall = {
      path: (message.url ?? '').replace('/prefix/jderest/', ''),
      headers: message.headers as Record<string, string>,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    };
    stub.calls.push(call);
    const { status = 200, body = {}, type = 'application/json', headers, ending } = (await stub.script(call)) ?? usual(call);
    if (ending === 'drop') return void response.destroy();
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
    response.writeHead(status, { 'content-type': type, 'content-length': bytes.length, ...headers });
    if (ending === 'cut') return void response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
    response.end(bytes);
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(stub, {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/prefix/jderest/`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  });
}

export const stubToken = '044Z+Qx/8to=MDE5MDEy+OTk=';

function usual({ path }: StubCall): StubAnswer {
  if (path === 'v2/tokenrequest') return { body: loginAnswer() };
  if (path === 'v2/defaultconfig') return { body: { aisVersion: 'EnterpriseOne 9.2.8.3', jasHost: 'jas01', defaultCachingOn: false } };
  return {};
}

export function loginAnswer(user: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    username: 'CONNSVC',
    environment: 'JPD920',
    role: '*ALL',
    userInfo: { token: stubToken, simpleDateFormat: 'dd/MM/yyyy', decimalFormat: ',', timeZoneOffset: 'UTC+01:00', ...user },
  };
}

/** A GRID_DATA answer with these rows, whose members are aliases. */
export function gridAnswer(
  table: string,
  rows: readonly Record<string, unknown>[],
  more: Partial<GridParts> = {},
): Record<string, unknown> {
  const { hasMore = false, columns = Object.keys(rows[0] ?? {}), errors = [], sysErrors = [] } = more;
  return {
    [`fs_DATABROWSE_${table}`]: {
      title: `Data Browser - ${table}`,
      data: {
        gridData: {
          id: 54,
          columns: Object.fromEntries(columns.map((alias) => [`${table}_${alias}`, `Title of ${alias}`])),
          rowset: rows.map((row) => Object.fromEntries(Object.entries(row).map(([alias, value]) => [`${table}_${alias}`, value]))),
          summary: { records: rows.length, moreRecords: hasMore },
        },
      },
      errors,
      warnings: [],
    },
    currentApp: `DATABROWSE_${table}`,
    sysErrors,
  };
}

export interface GridParts {
  hasMore: boolean;
  columns: readonly string[];
  errors: unknown[];
  sysErrors: unknown[];
}
