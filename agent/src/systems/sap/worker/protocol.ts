import type { SapDescribe, SapTableRead, SapUnit } from '@ml-connector/shared';

/** What the RFC process needs to know once; sent first. */
export interface StartMessage {
  system: string;
  /** Parameters of the SDK, without the password. */
  connection: Record<string, string>;
  rfcModule: string;
  maxConnections: number;
  callTimeoutMs: number;
  openTimeoutMs: number;
  idlePingMs: number;
  maxAgeMs: number;
  readFunction: string;
  readWidth: number | undefined;
  pageRows: number;
}

export type CallMessage = { deadline: number } & (
  | { operation: 'unit'; request: SapUnit }
  | { operation: 'readTable'; request: SapTableRead }
  | { operation: 'describe'; request: SapDescribe }
  | { operation: 'ping'; request: null }
);

/** Steps of a writing unit that the agent has to journal first: the first call that may write, and the commit. */
export type UnitLeave = 'start' | 'commit';

export interface LogonGrant {
  password: string | undefined;
}

/** How a logon went; `unclear` when SAP never looked at the password. */
export interface LogonOutcome {
  outcome: 'accepted' | 'refused' | 'unclear';
  message: string;
}

export interface ReadyMessage {
  /** Of the SDK: 7500.0.12 reads as release 7.50 patch level 12. */
  sdkVersion: string;
  moduleVersion: string;
}

export interface LoadFailureMessage {
  code: string | undefined;
  message: string;
}

export interface LogMessage {
  level: 'debug' | 'info' | 'warn';
  message: string;
  fields: Record<string, unknown>;
}

export interface PingAnswer {
  ms: number;
  /** Attributes of the connection: sysId, client, user, partnerHost, partnerRel, codepage ... */
  attributes: Record<string, string>;
  openConnections: number;
  connectionLimit: number;
}

/** Chunks of one call that may be on their way at once. */
export const chunkWindow = 4;
