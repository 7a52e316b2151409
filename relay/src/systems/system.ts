import type { CallContext, Clock, Log, WireError } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import type { z } from 'zod';
import type { AddressPolicy } from '../addresses/index.ts';

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
  /** Left out where the system sends no webhooks. */
  readonly webhooks?: Webhooks<z.infer<Settings>, Session>;
}

/**
 * How a system tells us of changes. The relay gives each connection an address of its own that cannot be guessed, and a random secret that the
 * system sends back in a header where it can. An event only says what to look at again; what counts is then read from the system.
 */
export interface Webhooks<Settings, Session> {
  /** Pure, over the raw bytes: whether a delivery comes from the system, and what it says. */
  read(delivery: WebhookDelivery, settings: Settings): WebhookReading;
  /** Sees to it that the system sends to this address: creates what is missing, switches on again what was switched off. */
  keep(session: Session, endpoint: WebhookEndpoint, scope: CallScope): Promise<KeptSubscriptions>;
  /** Takes back everything that was created for this address. */
  remove(session: Session, endpoint: WebhookEndpoint, scope: CallScope): Promise<void>;
}

export interface WebhookEndpoint {
  /**
   * Where the system sends to: `https://relay.example.com/webhooks/bigcommerce/<key>`. A system that needs several addresses may add one part,
   * `<url>/exceptions`.
   */
  url: string;
  /** Sent with every delivery as `X-Relay-Key`, where the system can send headers. */
  headerSecret: string;
}

export interface WebhookDelivery {
  /** Names in lower case. */
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * `genuine`: the signature is right. `stale`: right, but its time is out of tolerance: it may be a replay or a very late one, harmless because
 * it only makes us look. `unsigned`: carries no signature, which `observe` mode takes (the header secret was checked before). `forged`: wrong
 * signature. `unreadable`: no event in it.
 */
export type WebhookReading =
  { verdict: 'genuine' | 'stale' | 'unsigned'; event: WebhookEvent } | { verdict: 'forged' | 'unreadable'; why: string };

export interface WebhookEvent {
  /** The same event, sent again, has the same one. */
  deduplicationKey: string;
  /** The system's own word: `store/order/statusUpdated`. */
  topic: string;
  /** The body as sent, parsed. */
  body: unknown;
}

export interface KeptSubscriptions {
  subscriptions: { topic: string; state: 'active' | 'created' | 'reactivated' }[];
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
  /** For systems that the relay calls itself: addresses that their settings may lead to. Default: any. */
  addresses?: AddressPolicy;
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
