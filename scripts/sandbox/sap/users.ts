import { logonFailure, shortDump, type RfcError } from './rfc-error.ts';

/** What a user may do. `*` is everything. */
export interface SapUser {
  name: string;
  password: string;
  /** S_RFC: function groups and function modules. */
  functions?: readonly string[] | '*';
  /** S_TABU_NAM: tables that may be read. */
  tables?: readonly string[] | '*';
  /** S_TABU_DIS: table authorization groups that may be read. */
  tableGroups?: readonly string[] | '*';
}

interface Account extends SapUser {
  failedLogons: number;
  isLocked: boolean;
}

/** login/fails_to_user_lock */
const failuresUntilLock = 5;

/** The users of the system; remembers wrong passwords and locks (facts/sap-ecc.md 1.2). */
export class Users {
  private readonly accounts = new Map<string, Account>();

  constructor(users: readonly SapUser[]) {
    for (const user of users) this.set(user);
  }

  /** Adds a user or replaces one; the new one is not locked. */
  set(user: SapUser): void {
    this.accounts.set(user.name.toUpperCase(), { ...user, failedLogons: 0, isLocked: false });
  }

  lock(name: string): void {
    this.account(name).isLocked = true;
  }

  unlock(name: string): void {
    Object.assign(this.account(name), { isLocked: false, failedLogons: 0 });
  }

  /** For tests: what happened to the user. */
  stateOf(name: string): { failedLogons: number; isLocked: boolean } {
    const { failedLogons, isLocked } = this.account(name);
    return { failedLogons, isLocked };
  }

  /** Throws a logon failure; the fifth wrong password in a row locks. Nobody is told which of the two, name or password, is wrong. */
  logOn(name: string, password: string): SapUser {
    const account = this.accounts.get(name.toUpperCase());
    if (!account) throw logonFailure('Name or password is incorrect (repeat logon)');
    if (account.isLocked) throw logonFailure('Password logon no longer possible - too many failed attempts');
    if (account.password !== password) {
      account.failedLogons++;
      account.isLocked = account.failedLogons >= failuresUntilLock;
      throw logonFailure('Name or password is incorrect (repeat logon)');
    }
    account.failedLogons = 0;
    return account;
  }

  private account(name: string): Account {
    const account = this.accounts.get(name.toUpperCase());
    if (!account) throw new Error(`there is no user ${name}`);
    return account;
  }
}

/** S_RFC, by function group or by name. */
export function requireFunction(user: SapUser, functionName: string, group: string): void {
  const { functions = '*' } = user;
  if (functions === '*' || functions.includes(functionName) || functions.includes(group)) return;
  throw noAuthority(user, functionName);
}

/** S_TABU_NAM or S_TABU_DIS. */
export function mayReadTable({ tables = '*', tableGroups = [] }: SapUser, table: string, group: string): boolean {
  return tables === '*' || tableGroups === '*' || tables.includes(table) || tableGroups.includes(group);
}

function noAuthority(user: SapUser, functionName: string): RfcError {
  return shortDump('RFC_NO_AUTHORITY', `User ${user.name} has no RFC authorization for function module ${functionName}.`);
}
