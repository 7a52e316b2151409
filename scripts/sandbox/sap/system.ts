/** The simulated SAP ECC system: its tables, users, function modules and gateway. */
import { systemClock, type Clock } from '@ml-connector/shared';
import { tableDefinitions } from './dictionary/index.ts';
import { Customers } from './customers/index.ts';
import { DocumentNumbers, Documents } from './documents/index.ts';
import { Faults } from './faults.ts';
import { chooseFunctions, type FunctionChoice } from './functions/index.ts';
import { localTimeOf } from './local-time.ts';
import { Materials } from './materials/index.ts';
import type { Behaviour, SapSystemParts, SystemIdentity } from './parts.ts';
import { seedTables, type Tables } from './seed/index.ts';
import { Gateway, type CallCounts } from './server/index.ts';
import { BulkTable, StoredTable, type SapTable } from './tables/index.ts';
import { Locks } from './units-of-work.ts';
import { Users, type SapUser } from './users.ts';
import { Vendors } from './vendors/index.ts';

export interface SapSystemOptions {
  /** Default ECC. */
  sid?: string;
  /** Default 100. */
  client?: string;
  /** Instance number: listens on 33NN. Default: one whose port is free. */
  sysnr?: string;
  /** A port outside of 33NN (0: any); clients then need SAP_SIM_PORT. */
  port?: number;
  /** Default: `defaultUser`, who may do everything. */
  users?: readonly SapUser[];
  /** How many invented vendors; default 1000. */
  vendors?: number;
  /** How many invented customers beside reference and one-time ones; default 300. */
  customers?: number;
  /** How many invented materials; default 500. */
  materials?: number;
  /** How many invented FI documents in the months before `documentsUntil`; default 0. */
  documents?: number;
  /** YYYYMMDD; default the server's today. */
  documentsUntil?: string;
  /** Default 1. */
  seed?: number;
  /** Rows in place of the invented ones; tables not named stay empty. From `loadExtracts` or a test. */
  tables?: Tables;
  /** Rows of ZBULK; default 0. */
  bulkRows?: number;
  functions?: FunctionChoice;
  behaviour?: Partial<Behaviour>;
  /** The server's clock is this far east of UTC; default 0. */
  utcOffsetMinutes?: number;
  clock?: Clock;
}

export const defaultUser: SapUser = { name: 'ML_AGENT', password: 'Nordwerk-2024' };

export interface SapSystem extends SapSystemParts, AsyncDisposable {
  readonly port: number;
  readonly vendors: Vendors;
  readonly customers: Customers;
  readonly materials: Materials;
  readonly documents: Documents;
  readonly counts: CallCounts;
  /** ABAP sessions that are open. */
  readonly sessions: number;
  /** What node-rfc needs to log on as the first user. */
  readonly connectionParameters: Record<string, string>;
  /** Breaks every connection; the system goes on. */
  cutSessions(): void;
  /** Breaks every connection and refuses new ones; resolves after `downMs` when the system is up again. */
  restart(downMs: number): Promise<void>;
}

const usualBehaviour: Behaviour = {
  rowOrder: 'primary-key',
  badWhere: 'OPTION_NOT_VALID',
  addressObjectId: 'group-and-number',
  accountLocks: 'exclusive',
  returnNoise: true,
  taxTolerance: 1,
  userExit: null,
};

/** Starts the system; disposing it cuts its sessions and frees the port. */
export async function startSapSystem(options: SapSystemOptions = {}): Promise<SapSystem> {
  const { clock = systemClock, utcOffsetMinutes = 0 } = options;
  const users = options.users ?? [defaultUser];
  const stored = fillTables(options);
  const bulk = new BulkTable(options.bulkRows ?? 0);
  const numbers = new Map<string, number>();
  const parts: SapSystemParts = {
    identity: { sid: options.sid ?? 'ECC', client: options.client ?? '100', sysnr: options.sysnr ?? '00', host: 'sapecc01' },
    behaviour: { ...usualBehaviour, ...options.behaviour },
    users: new Users(users),
    faults: new Faults(),
    locks: new Locks(),
    documentNumbers: new DocumentNumbers(stored.get('BKPF') ?? missing('BKPF'), stored.get('T003') ?? missing('T003')),
    committed: [],
    functions: chooseFunctions(options.functions ?? {}),
    utcOffsetMinutes,
    localTime: () => localTimeOf(clock.now(), utcOffsetMinutes),
    table: (name): SapTable | undefined => (name === 'ZBULK' ? bulk : stored.get(name)),
    stored: (name) => stored.get(name) ?? missing(name),
    nextNumber(range) {
      const number = Math.max(numbers.get(range) ?? 0, highestNumber(range, stored)) + 1;
      numbers.set(range, number);
      return String(number).padStart(10, '0');
    },
  };
  const documents = new Documents(parts);
  const { documents: count = 0, seed = 1, documentsUntil = parts.localTime().date } = options;
  if (count > 0) documents.invent({ count, seed, until: documentsUntil });
  const gateway = new Gateway(parts);
  await listen(gateway, parts.identity, options);
  const [first = defaultUser] = users;
  let isDisposed = false;
  return {
    ...parts,
    vendors: new Vendors(parts),
    customers: new Customers(parts),
    materials: new Materials(parts),
    documents,
    counts: gateway.counts,
    get port() {
      return gateway.port;
    },
    get sessions() {
      return gateway.sessions;
    },
    connectionParameters: {
      ashost: '127.0.0.1',
      sysnr: parts.identity.sysnr,
      client: parts.identity.client,
      user: first.name,
      passwd: first.password,
      lang: 'EN',
    },
    cutSessions: () => gateway.cutAll(),
    async restart(downMs: number) {
      const { port } = gateway;
      await gateway.close();
      await clock.wait(downMs);
      if (!isDisposed) await gateway.listen(port);
    },
    async [Symbol.asyncDispose]() {
      isDisposed = true;
      await gateway.close();
    },
  };
}

function fillTables({ tables, vendors = 1000, seed = 1, ...amounts }: SapSystemOptions): Map<string, StoredTable> {
  const rows = tables ?? seedTables(vendors, seed, amounts);
  const stored = new Map<string, StoredTable>();
  for (const definition of tableDefinitions.values()) {
    if (definition.name === 'ZBULK') continue;
    const table = new StoredTable(definition);
    table.load(rows[definition.name] ?? []);
    stored.set(definition.name, table);
  }
  return stored;
}

function missing(name: string): never {
  throw new Error(`there is no table ${name}`);
}

const numberRanges = {
  KREDITOR: ['LFA1', 'LIFNR', 100_000],
  DEBITOR: ['KNA1', 'KUNNR', 100_000],
  KONDITION: ['KONP', 'KNUMH', 300_000],
  ADRNR: ['ADRC', 'ADDRNUMBER', 33_000],
  AENDBELEG: ['CDHDR', 'CHANGENR', 4_711_000],
} as const;

function highestNumber(range: keyof typeof numberRanges, stored: Map<string, StoredTable>): number {
  const [table, field, least] = numberRanges[range];
  return (stored.get(table)?.all() ?? []).reduce<number>((highest, row) => {
    const number = Number(row[field]);
    return number > highest ? number : highest;
  }, least);
}

/** Sets the instance number when none was wished for. */
async function listen(gateway: Gateway, identity: SystemIdentity, { sysnr, port }: SapSystemOptions): Promise<void> {
  if (port !== undefined) return gateway.listen(port);
  if (sysnr !== undefined) return gateway.listen(3300 + Number(sysnr));
  const begin = Math.floor(Math.random() * 100);
  for (let step = 0; step < 100; step++) {
    const number = String((begin + step) % 100).padStart(2, '0');
    try {
      await gateway.listen(3300 + Number(number));
      identity.sysnr = number;
      return;
    } catch (error) {
      // Not instanceof: the error may come from another realm.
      if ((error as { code?: unknown } | null)?.code !== 'EADDRINUSE') throw error;
    }
  }
  throw new Error('no port from 3300 to 3399 is free for the simulated SAP system');
}
