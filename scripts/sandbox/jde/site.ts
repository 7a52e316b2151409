/** How one customer's server is set up. Every field may be changed while it runs. */
export interface Site {
  environment: string;
  role: string;
  aisVersion: string;
  user: UserProfile;
  /** Passwords are counted per user; so many wrong ones in a row lock it. */
  wrongPasswordsToLock: number;
  /** False: the HTML server does not list this AIS server among its allowed hosts, and every logon answers 405. */
  isAllowedHost: boolean;
  /** Logon with each request instead of a token: `Authorization: Basic`, or `username` and `password` in the body. */
  allowsBasic: boolean;
  allowsPasswordInBody: boolean;
  /** A data request without environment or role answers 503, as one site's did. */
  requiresEnvironment: boolean;
  /** Sessions beyond this many are refused with 500; undefined: as many as come. */
  maxSessions: number | undefined;
  sessionIdleMs: number;
  /** Of a data request whose session on the HTML server died while its token lives: which one is not known. */
  deadHtmlSessionStatus: 444 | 500;
  /** `resultSetTimeout` of the HTML server: life of a cursor between two calls. */
  cursorIdleMs: number;
  /** Reads are answered from a cache unless they say `allowCache: false`. */
  defaultCachingOn: boolean;
  cacheMs: number;
  /** The HTML server's own limit of rows per read, which "No Max" does not lift either. */
  fetchLimit: number | undefined;
  /** `{"count":21}`, or `{"ds_F0101":{"count":21}}`. */
  countStyle: 'flat' | 'wrapped';
  /** Texts come with blanks up to their length. */
  padsText: boolean;
  /** Column security: `F0101.TAX` is left out of every answer, without a word. */
  hiddenColumns: string[];
  /** Columns that the tables of this release do not have: naming one is an error. */
  absentColumns: string[];
  /** Row security: rows with that value are not there. */
  hiddenRows: { table: string; column: string; value: string }[];
  /** Tables that the user may not browse. */
  deniedTables: string[];
  /** Time every call takes. */
  latencyMs: number;
}

/** The signed-on user's own formats. */
export interface UserProfile {
  name: string;
  password: string;
  simpleDateFormat: string;
  decimalFormat: string;
  alphaName: string;
  addressNumber: number;
}

export const defaultSite: Site = {
  environment: 'JPD920',
  role: '*ALL',
  aisVersion: 'EnterpriseOne 9.2.8.3',
  user: {
    name: 'CONNSVC',
    password: 'Umlaut-ö+/=1',
    simpleDateFormat: 'dd/MM/yyyy',
    decimalFormat: '.',
    alphaName: 'Integration User',
    addressNumber: 50_001,
  },
  wrongPasswordsToLock: 3,
  isAllowedHost: true,
  allowsBasic: true,
  allowsPasswordInBody: true,
  requiresEnvironment: false,
  maxSessions: undefined,
  sessionIdleMs: 30 * 60_000,
  deadHtmlSessionStatus: 444,
  cursorIdleMs: 60_000,
  defaultCachingOn: false,
  cacheMs: 15 * 60_000,
  fetchLimit: undefined,
  countStyle: 'flat',
  padsText: false,
  hiddenColumns: [],
  absentColumns: [],
  hiddenRows: [],
  deniedTables: [],
  latencyMs: 0,
};
