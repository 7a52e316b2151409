/** Steers a running system from another process: JSON over HTTP on loopback. README.md lists the requests. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  accountSums,
  closePeriod,
  openPeriod,
  postings,
  type AccountSum,
  type AccountSumRange,
  type PeriodOf,
  type Posted,
  type PostingSearch,
} from '../accounting/index.ts';
import type { Row } from '../dictionary/index.ts';
import {
  trueDocuments,
  trueTotals,
  type DocumentKey,
  type Invention,
  type NewDocument,
  type NewItem,
  type Reversal,
  type TrueDocument,
  type TrueTotals,
  type TruthRange,
} from '../documents/index.ts';
import { customerLock, type CustomerChange, type CustomerRows, type NewCustomer } from '../customers/index.ts';
import type { Fault } from '../faults.ts';
import type { MaterialChange, MaterialRows, NewMaterial, NewPrice } from '../materials/index.ts';
import type { Behaviour } from '../parts.ts';
import type { SapSystem } from '../system.ts';
import type { SapUser } from '../users.ts';
import type { NewVendor, VendorChange, VendorRows } from '../vendors/index.ts';

export interface SystemStatus {
  sid: string;
  client: string;
  sysnr: string;
  port: number;
  sessions: number;
  connectionParameters: Record<string, string>;
}

export interface Counts {
  logons: number;
  running: number;
  peak: number;
  calls: Record<string, number>;
  parameters: Record<string, string>;
}

/** Every control request: its body and its answer. `POST /change-vendor` with `{number, change}`, and so on. */
export interface ControlCalls {
  status: { request: Record<string, never>; answer: SystemStatus };
  counts: { request: Record<string, never>; answer: Counts };
  /** Changes that commits made, in order, and the locks that are held. */
  'units-of-work': { request: Record<string, never>; answer: { committed: string[]; locks: string[] } };
  'reset-counts': { request: Record<string, never>; answer: Record<string, never> };
  /** Rows of a table in key order, in internal format. */
  rows: { request: { table: string }; answer: Row[] };
  'list-vendors': { request: Record<string, never>; answer: string[] };
  vendor: { request: { number: string }; answer: VendorRows };
  'create-vendor': { request: NewVendor; answer: { number: string } };
  'change-vendor': { request: { number: string; change: VendorChange }; answer: Record<string, never> };
  'archive-vendor': { request: { number: string }; answer: Record<string, never> };
  'list-customers': { request: Record<string, never>; answer: string[] };
  customer: { request: { number: string }; answer: CustomerRows };
  'create-customer': { request: NewCustomer; answer: { number: string } };
  'change-customer': { request: { number: string; change: CustomerChange }; answer: Record<string, never> };
  'archive-customer': { request: { number: string }; answer: Record<string, never> };
  /** Somebody edits the customer in SAP GUI, until `unlock-customer`. */
  'lock-customer': { request: { number: string; user: string }; answer: Record<string, never> };
  'unlock-customer': { request: { number: string }; answer: Record<string, never> };
  'list-materials': { request: Record<string, never>; answer: string[] };
  material: { request: { number: string }; answer: MaterialRows };
  'create-material': { request: NewMaterial; answer: { number: string } };
  /** Sets LAEDA and writes a change document of class MATERIAL. */
  'change-material': { request: { number: string; change: MaterialChange }; answer: Record<string, never> };
  /** These two leave no change document and no LAEDA. */
  'set-stock': { request: { number: string; plant: string; storageLocation: string; quantity: string }; answer: Record<string, never> };
  'set-price': { request: NewPrice; answer: { record: string } };
  'delete-prices': { request: { number: string; table?: 'A004' | 'A304' }; answer: Record<string, never> };
  /** Posts, or parks with `status`; `entered` earlier than now is a late arrival. */
  'post-document': { request: NewDocument; answer: DocumentKey };
  'reverse-document': { request: Reversal; answer: DocumentKey };
  'post-parked': { request: { document: DocumentKey; items: NewItem[] }; answer: Record<string, never> };
  /** Invented documents, posted today and entered now unless `until` is given. */
  'invent-documents': { request: Invention; answer: DocumentKey[] };
  /** What is posted, whole; the truth to compare with. */
  documents: { request: TruthRange; answer: TrueDocument[] };
  'document-totals': { request: TruthRange; answer: TrueTotals[] };
  /** Posted documents of a reference with items and sums, amounts in the currencies' own decimals. */
  postings: { request: PostingSearch; answer: Posted[] };
  /** Balances per company code, account and document currency. */
  'account-sums': { request: AccountSumRange; answer: AccountSum[] };
  /** T001B: closes the period of this posting date and all before it, opens it and what lies between. */
  'close-period': { request: PeriodOf; answer: Record<string, never> };
  'open-period': { request: PeriodOf; answer: Record<string, never> };
  faults: { request: Record<string, never>; answer: Fault[] };
  'add-fault': { request: Fault; answer: Record<string, never> };
  'clear-faults': { request: Record<string, never>; answer: Record<string, never> };
  behaviour: { request: Partial<Behaviour>; answer: Behaviour };
  'set-user': { request: SapUser; answer: Record<string, never> };
  'lock-user': { request: { name: string }; answer: Record<string, never> };
  'unlock-user': { request: { name: string }; answer: Record<string, never> };
  'user-state': { request: { name: string }; answer: { failedLogons: number; isLocked: boolean } };
  'cut-sessions': { request: Record<string, never>; answer: Record<string, never> };
  /** Answers at once; the system is up again after `downMs`. */
  restart: { request: { downMs: number }; answer: Record<string, never> };
}

type Handlers = {
  [Name in keyof ControlCalls]: (request: ControlCalls[Name]['request']) => ControlCalls[Name]['answer'];
};

export interface ControlServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
}

export async function serveControl(system: SapSystem, port = 0): Promise<ControlServer> {
  const handlers = handlersOf(system);
  const server = createServer((request, response) => {
    void respond(handlers, request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const boundPort = typeof address === 'object' && address ? address.port : port;
  return {
    url: `http://127.0.0.1:${boundPort}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function handlersOf(system: SapSystem): Handlers {
  const { vendors, customers, materials, documents, faults, users, counts, behaviour, identity } = system;
  const done = {};
  return {
    status: () => ({
      sid: identity.sid,
      client: identity.client,
      sysnr: identity.sysnr,
      port: system.port,
      sessions: system.sessions,
      connectionParameters: system.connectionParameters,
    }),
    counts: () => ({
      logons: counts.logons,
      running: counts.running,
      peak: counts.peak,
      calls: counts.calls,
      parameters: counts.parameters,
    }),
    'units-of-work': () => ({ committed: system.committed, locks: system.locks.list() }),
    'reset-counts': () => (counts.reset(), done),
    rows: ({ table }) => [...system.stored(table).all()],
    'list-vendors': () => vendors.list(),
    vendor: ({ number }) => vendors.get(number),
    'create-vendor': (vendor) => ({ number: vendors.create(vendor) }),
    'change-vendor': ({ number, change }) => (vendors.change(number, change), done),
    'archive-vendor': ({ number }) => (vendors.archive(number), done),
    'list-customers': () => customers.list(),
    customer: ({ number }) => customers.get(number),
    'create-customer': (customer) => ({ number: customers.create(customer) }),
    'change-customer': ({ number, change }) => (customers.change(number, change), done),
    'archive-customer': ({ number }) => (customers.archive(number), done),
    'lock-customer': ({ number, user }) => (system.locks.hold(customerLock(customers.get(number).KNA1['KUNNR'] ?? ''), user), done),
    'unlock-customer': ({ number }) => (system.locks.letGo(customerLock(customers.get(number).KNA1['KUNNR'] ?? '')), done),
    'list-materials': () => materials.list(),
    material: ({ number }) => materials.get(number),
    'create-material': (material) => ({ number: materials.create(material) }),
    'change-material': ({ number, change }) => (materials.change(number, change), done),
    'set-stock': ({ number, ...stock }) => (materials.setStock(number, stock), done),
    'set-price': (price) => ({ record: materials.setPrice(price) }),
    'delete-prices': ({ number, table }) => (materials.deletePrices(number, table), done),
    'post-document': (document) => documents.post(document),
    'reverse-document': (reversal) => documents.reverse(reversal),
    'post-parked': ({ document, items }) => (documents.postParked(document, items), done),
    'invent-documents': (invention) => documents.invent(invention),
    documents: (range) => trueDocuments(system, range),
    'document-totals': (range) => trueTotals(system, range),
    postings: (search) => postings(system, search),
    'account-sums': (range) => accountSums(system, range),
    'close-period': (period) => (closePeriod(system, period), done),
    'open-period': (period) => (openPeriod(system, period), done),
    faults: () => [...faults.list()],
    'add-fault': (fault) => (faults.add(fault), done),
    'clear-faults': () => (faults.clear(), done),
    behaviour: (changes) => Object.assign(behaviour, changes),
    'set-user': (user) => (users.set(user), done),
    'lock-user': ({ name }) => (users.lock(name), done),
    'unlock-user': ({ name }) => (users.unlock(name), done),
    'user-state': ({ name }) => users.stateOf(name),
    'cut-sessions': () => (system.cutSessions(), done),
    restart({ downMs }) {
      system.restart(downMs).catch((error: unknown) => console.error('simulated SAP system did not come up again:', error));
      return done;
    },
  };
}

async function respond(handlers: Handlers, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { status, body } = await answer(handlers, request);
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify(body));
}

interface HttpAnswer {
  status: number;
  body: unknown;
}

async function answer(handlers: Handlers, request: IncomingMessage): Promise<HttpAnswer> {
  const name = (request.url ?? '').slice(1);
  if (!Object.hasOwn(handlers, name)) {
    return { status: 404, body: { error: `there is no control request ${name}; there are ${Object.keys(handlers).join(', ')}` } };
  }
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const handler = handlers[name as keyof Handlers] as (request: unknown) => unknown;
    return { status: 200, body: handler(text ? JSON.parse(text) : {}) };
  } catch (error) {
    return { status: 400, body: { error: error instanceof Object && 'message' in error ? error.message : String(error) } };
  }
}
