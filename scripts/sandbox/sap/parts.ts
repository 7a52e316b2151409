import type { FunctionDefinition } from './dictionary/index.ts';
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
}

/** What function modules work on. */
export interface SapSystemParts {
  identity: SystemIdentity;
  behaviour: Behaviour;
  users: Users;
  faults: Faults;
  locks: Locks;
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
