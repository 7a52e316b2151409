import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text as readAll } from 'node:stream/consumers';
import type { JdeSim } from '../index.ts';

export interface Reply {
  status: number;
  text: string;
  json: Record<string, unknown>;
}

export interface CallOptions {
  body?: unknown;
  /** Sent as it is, in place of `body`. */
  rawBody?: string;
  headers?: Record<string, string>;
  /** 127.0.0.2 is another machine to the server. */
  localAddress?: string;
}

type Server = Pick<JdeSim, 'baseUrl' | 'caPem'>;

/** One call by path after `/jderest`: `call(sim, 'POST', '/v2/tokenrequest', { body })`. Rejects where the connection breaks. */
export async function call(sim: Server, method: string, path: string, options: CallOptions = {}): Promise<Reply> {
  const { body, rawBody, headers, localAddress } = options;
  const url = `${sim.baseUrl}${path}`;
  const sent = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
  const send = url.startsWith('https:') ? httpsRequest : httpRequest;
  const { promise, resolve, reject } = Promise.withResolvers<Reply>();
  const outgoing = send(
    url,
    {
      method,
      agent: false,
      headers: { ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(sim.caPem === '' ? {} : { ca: sim.caPem }),
      ...(localAddress ? { localAddress, family: 4 } : {}),
    },
    (incoming) => {
      readAll(incoming).then((text) => resolve({ status: incoming.statusCode ?? 0, text, json: parse(text) }), reject);
    },
  );
  outgoing.on('error', reject);
  outgoing.end(sent);
  return promise;
}

export interface LoggedOn {
  token: string;
  headers: Record<string, string>;
}

/** Logged on with a device name; the headers are those of every further call. */
export async function logOn(sim: Server & Pick<JdeSim, 'credentials'>, deviceName = 'erp-agent-01'): Promise<LoggedOn> {
  const { user, password, environment, role } = sim.credentials;
  const { json } = await call(sim, 'POST', '/v2/tokenrequest', { body: { username: user, password, environment, role, deviceName } });
  const { token } = json['userInfo'] as { token: string };
  return { token, headers: { 'jde-AIS-Auth': token, 'jde-AIS-Auth-Device': deviceName } };
}

/** A request of all rows of a table, `more` laid over it. */
export function browseOf(targetName: string, more: object = {}): object {
  return { targetName, targetType: 'table', dataServiceType: 'BROWSE', findOnEntry: 'TRUE', maxPageSize: 'No Max', ...more };
}

export interface Grid {
  columns: Record<string, string>;
  titles?: Record<string, string>;
  rowset: Record<string, unknown>[];
  summary: { records: number; moreRecords: boolean };
}

/** The grid of a browse's answer. */
export function gridOf({ json }: Reply): Grid {
  const root = Object.entries(json).find(([name]) => name.startsWith('fs_DATABROWSE_'))?.[1];
  return (root as { data: { gridData: Grid } }).data.gridData;
}

export function condition(
  controlId: string,
  operator: string,
  ...contents: (string | [content: string, specialValueId: string])[]
): object {
  const value = contents.map((one) =>
    typeof one === 'string' ? { content: one, specialValueId: 'LITERAL' } : { content: one[0], specialValueId: one[1] },
  );
  return { controlId, operator, value };
}

export function queryOf(...conditions: object[]): object {
  return { query: { autoFind: true, matchType: 'MATCH_ALL', condition: conditions } };
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}
