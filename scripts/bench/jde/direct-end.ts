/** The contender of the AIS benchmark, in a process of its own: the agent's requests as a script would make them, answers parsed, no tunnel. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { text as textOf } from 'node:stream/consumers';
import type { JdeCredentials } from '../../landscape/index.ts';
import { answerQuestions } from '../tunnel/asking.ts';

export interface DirectRead {
  server: { baseUrl: string; caPem: string; credentials: JdeCredentials };
  table: string;
  /** The first one is the key. */
  fields: string[];
  pageRows: number;
}

interface Opened extends DirectRead {
  agent: Agent;
  headers: Record<string, string>;
}

const deviceName = 'bench-direct';
let opened: Opened | undefined;

const questions = {
  async open(read: DirectRead): Promise<void> {
    const { user: username, password, environment, role } = read.server.credentials;
    const agent = new Agent({ keepAlive: true, ca: read.server.caPem });
    const unsigned: Opened = { ...read, agent, headers: {} };
    const { userInfo } = (await post(unsigned, 'tokenrequest', { username, password, environment, role, deviceName })) as {
      userInfo: { token: string };
    };
    opened = { ...unsigned, headers: { 'jde-AIS-Auth': userInfo.token, 'jde-AIS-Auth-Device': deviceName } };
  },
  async read(): Promise<{ rows: number; seconds: number }> {
    if (!opened) throw new Error('it was not opened');
    const start = performance.now();
    const rows = await readAll(opened);
    return { rows, seconds: (performance.now() - start) / 1000 };
  },
};
export type DirectQuestions = typeof questions;
answerQuestions(questions);

type Page = Record<string, { data: { gridData: { rowset: Record<string, unknown>[] } } }>;

async function readAll(read: Opened): Promise<number> {
  const { table, fields, pageRows, server } = read;
  const { environment, role } = server.credentials;
  const [key = ''] = fields;
  let rows = 0;
  let last = '';
  for (;;) {
    const value = [{ content: last, specialValueId: 'LITERAL' }];
    const condition = [{ controlId: `${table}.${key}`, operator: 'GREATER', value }];
    const page = (await post(read, 'dataservice', {
      deviceName,
      environment,
      role,
      targetName: table,
      targetType: 'table',
      dataServiceType: 'BROWSE',
      findOnEntry: 'TRUE',
      maxPageSize: String(pageRows),
      outputType: 'GRID_DATA',
      aliasNaming: true,
      allowCache: false,
      enableNextPageProcessing: false,
      returnControlIDs: fields.map((field) => `${table}.${field}`).join('|'),
      ...(last === '' ? {} : { query: { autoFind: true, matchType: 'MATCH_ALL', condition } }),
      aggregation: { orderBy: [{ column: `${table}.${key}`, direction: 'ASC' }] },
    })) as Page;
    const rowset = page[`fs_DATABROWSE_${table}`]?.data.gridData.rowset ?? [];
    rows += rowset.length;
    if (rowset.length < pageRows) return rows;
    last = String(rowset.at(-1)?.[`${table}_${key}`]);
  }
}

async function post({ server, agent, headers }: Opened, what: string, body: object): Promise<unknown> {
  const call = request(`${server.baseUrl}/v2/${what}`, {
    method: 'POST',
    agent,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  call.end(JSON.stringify(body));
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  const text = await textOf(response);
  if (response.statusCode !== 200) throw new Error(`${what} answered ${response.statusCode}: ${text.slice(0, 300)}`);
  return JSON.parse(text);
}
