/**
 * The limit of the table path: node-rfc in a script of its own, RFC_READ_TABLE in pages by key, every row split into its columns. No tunnel,
 * no checks, no JSON. Argument: a `BareReadRequest` as JSON; prints a `BareRead`. LD_LIBRARY_PATH must name the SDK.
 */
import { createRequire } from 'node:module';

export interface BareReadRequest {
  connection: Record<string, string>;
  table: string;
  key: string;
  fields: string[];
  pageRows: number;
  reads: number;
}
export type BareRead = { seconds: number; rows: number }[];

interface Answer {
  DATA: { WA: string }[];
  FIELDS: { FIELDNAME: string; OFFSET: string; LENGTH: string }[];
}
interface RfcClient {
  open(): Promise<unknown>;
  close(): Promise<unknown>;
  call(name: string, parameters: object): Promise<Answer>;
}

const { Client } = createRequire(import.meta.url)('node-rfc') as { Client: new (connection: Record<string, string>) => RfcClient };
const request = JSON.parse(process.argv[2] ?? '') as BareReadRequest;
const client = new Client(request.connection);
await client.open();
const results: BareRead = [];
for (let read = 0; read < request.reads; read += 1) results.push(await readAll(request));
await client.close();
console.log(JSON.stringify(results satisfies BareRead));

async function readAll({ table, key, fields, pageRows }: BareReadRequest): Promise<BareRead[number]> {
  const start = performance.now();
  let rows = 0;
  let last = '';
  for (;;) {
    const { DATA, FIELDS } = await client.call('RFC_READ_TABLE', {
      QUERY_TABLE: table,
      ROWCOUNT: pageRows,
      GET_SORTED: 'X',
      OPTIONS: last === '' ? [] : [{ TEXT: `${key} > '${last}'` }],
      FIELDS: fields.map((name) => ({ FIELDNAME: name })),
    });
    const slots = FIELDS.map(({ OFFSET, LENGTH }) => ({ from: Number(OFFSET), to: Number(OFFSET) + Number(LENGTH) }));
    const page = DATA.map(({ WA }) => slots.map(({ from, to }) => WA.slice(from, to).trimEnd()));
    rows += page.length;
    if (page.length < pageRows) return { rows, seconds: (performance.now() - start) / 1000 };
    last = page.at(-1)?.[fields.indexOf(key)] ?? '';
  }
}
