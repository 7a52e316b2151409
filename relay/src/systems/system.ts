import type { CallContext, Clock, Log, WireError } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import type { z } from 'zod';

export const systemIds = ['sap-ecc', 'jde', 'cin7-core', 'zoho-crm', 'bigcommerce', 'amazon-sp'] as const;
export type SystemId = (typeof systemIds)[number];

/**
 * What a system is, as data, and how to open a session on one of its accounts. One folder per system, one manifest, one line in the
 * registry. Settings fields marked `.meta({ secret: true })` are encrypted at rest and never shown again.
 */
export interface SystemManifest<Settings extends z.ZodObject = z.ZodObject, Session = unknown> {
  readonly id: SystemId;
  readonly label: string;
  readonly runsOn: 'relay' | 'agent';
  readonly settings: Settings;
  /** Calls allowed; all flows and workers of one account share them. */
  readonly pace?: Pace;
  /** Opens a session shared by all flows of the connection. Makes no call by itself. */
  open(context: OpenContext<z.infer<Settings>>): Session;
  /** Shows that the connection works, and as whom. */
  check(session: Session, scope: CallScope): Promise<CheckResult>;
}

export interface Pace {
  calls: number;
  perMs: number;
  burst: number;
}

export interface OpenContext<Settings> {
  tenantId: string;
  connectionId: string;
  /** With secrets in clear: never log it. */
  settings: Settings;
  clock: Clock;
  log: Log;
  /** For systems that run on an agent. */
  agents: AgentCalls;
}

export interface CheckResult {
  /** Who answered: company name, SID and client. */
  account: string;
  details: Record<string, string>;
}

/** Every call to an outside system is made for somebody: a record being posted, a run extracting, a person testing a connection. */
export interface CallScope {
  signal: AbortSignal;
  context: CallContext;
  /** Told after each request, also a failed one; the engine writes it into the record's audit trail. Secrets are already removed. */
  trace(exchange: Exchange): void;
}

export interface Exchange {
  system: SystemId;
  /** `POST /supplier`, `RFC BAPI_VENDOR_GETDETAIL`, `RFC_READ_TABLE LFA1`. */
  what: string;
  at: number;
  ms: number;
  request?: unknown;
  status?: number | string | undefined;
  answer?: unknown;
  error?: WireError | undefined;
}
