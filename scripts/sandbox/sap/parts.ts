import type { FunctionDefinition } from './dictionary/index.ts';
import type { DocumentNumbers } from './documents/index.ts';
import type { Faults } from './faults.ts';
import type { RowOrder, SapTable, StoredTable } from './tables/index.ts';
import type { Users } from './users.ts';
import type { Locks } from './units-of-work.ts';
import type { LocalTime } from './local-time.ts';

/** What the system is called and where it says it runs. */
export interface SystemIdentity {
  sid: string;
  client: string;
  /** Instance number: the gateway listens on 33NN. */
  sysnr: string;
  host: string;
}

/** Settings of the system that a test may change while it runs. */
export interface Behaviour {
  rowOrder: RowOrder;
  /** How a WHERE clause that cannot be parsed ends: both are seen in the field. */
  badWhere: 'OPTION_NOT_VALID' | 'SAPSQL_PARSE_ERROR';
  /** OBJECTID of change documents of class ADRESSE: address group and number (`BP  0000033178`), or the number alone. */
  addressObjectId: 'group-and-number' | 'number';
  /** A posting holds its customers' and vendors' accounts until commit or rollback, so that a second session is refused (F2 042). */
  accountLocks: 'exclusive' | 'none';
  /** RETURN of a posting or check has a row that means nothing. */
  returnNoise: boolean;
  /** Smallest units by which a tax may be off, for each G/L item of its code. */
  taxTolerance: number;
  /** The customer's own validation and substitution of postings (GGB0, GGB1); null: none. */
  userExit: UserExit | null;
}

export interface UserExit {
  /** Message E ZFI 001 for every document, or those of one type. */
  error?: { text: string; documentType?: string };
  /** Written to XBLNR; `&` stands for what was sent. */
  reference?: string;
  /** Written to ZUONR of every item. */
  assignment?: string;
}

/** What function modules work on. */
export interface SapSystemParts {
  identity: SystemIdentity;
  behaviour: Behaviour;
  users: Users;
  faults: Faults;
  locks: Locks;
  documentNumbers: DocumentNumbers;
  /** Every change that a commit made, in order: `Z_VENDOR_CHANGE 0000100001 NAME1 Brunner AG`. Twice here is posted twice. */
  committed: string[];
  /** The function modules this system has, by name. */
  functions: Map<string, FunctionDefinition>;
  table(name: string): SapTable | undefined;
  stored(name: string): StoredTable;
  localTime(): LocalTime;
  /** The next number of a number range, 10 digits; ranges go on above what the tables hold. */
  nextNumber(range: 'KREDITOR' | 'DEBITOR' | 'ADRNR' | 'AENDBELEG' | 'KONDITION'): string;
  utcOffsetMinutes: number;
}
