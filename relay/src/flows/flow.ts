import type { Clock } from '@ml-connector/shared';
import type { z } from 'zod';
import type { Mapping, ValueMapCodes, ValueMapSpec } from '../mapping/index.ts';
import type { CallScope, SystemId } from '../systems/index.ts';

export type { Mapping, ValueMapCodes, ValueMapSpec };

/** One data movement, defined in code. A flow knows both systems; the engine knows no flow. */
export interface Flow<Payload = unknown, Body = unknown, Source = unknown, Target = unknown> {
  /** `sap-vendors-to-cin7-suppliers`; also the name of the agent's policy preset. */
  readonly id: string;
  readonly title: string;
  readonly from: SystemId;
  readonly to: SystemId;
  /** A newer version of a master record supersedes a waiting one; documents never supersede each other. */
  readonly kind: 'master' | 'document';
  /** A version after one that a person took out waits for approval, as it may be in the target by hand. Default: only with documents. */
  readonly asksAfterSkip?: boolean;
  /** Settings an integration may change; every field has a default or is asked for. */
  readonly settings: z.ZodObject;
  readonly schedule: { everyMs: number; sweepEveryMs?: number };
  readonly valueMaps: readonly ValueMapSpec[];
  /** Whether `extract` knows mode `backfill`; default no. */
  readonly canBackfill?: boolean;
  /** Reads what changed since the cursor. The engine stores a batch's records and its cursor in one transaction. */
  extract(input: ExtractInput<Source>): AsyncIterable<ExtractedBatch<Payload>>;
  /** Pure: the same payload, settings and value maps give the same outcome. */
  map(payload: Payload, mapping: Mapping): MapOutcome<Body>;
  /** The part of a body in which the paths of field overrides begin; the rest cannot be overridden. Default: the whole body. */
  readonly overridesIn?: string;
  /**
   * What must stay true of a body whatever the field overrides made of it: that a journal still balances, that the mark by which a record is
   * found again is still there. Called after overrides only; any reason blocks the record.
   */
  checkBody?(body: Body, payload: Payload): BlockReason[];
  /** Brings one record into the target. Rejects with a SystemError whose verdict the engine follows. */
  post(input: PostInput<Payload, Body, Source, Target>): Promise<PostResult | PostWait>;
  /** Asks the target what it holds, after a lost answer. Never writes. */
  probe(input: PostInput<Payload, Body, Source, Target>): Promise<ProbeOutcome>;
  /**
   * What has to be through (succeeded or skipped) before this record is posted: the document that a reversal reverses, the customer of an
   * order. A plain text is a key of this flow. What was never read holds nothing up.
   */
  predecessors?(payload: Payload, settings: unknown): (string | FlowKey)[];
  /** Keys of this flow that an event of the source makes worth reading again; pure, and tolerant of bodies of any shape. */
  keysOfEvent?(event: SourceEvent): string[];
  /** Reads exactly these keys; present where `keysOfEvent` is. */
  readKeys?(input: ReadKeysInput<Source>): AsyncIterable<ReadKeysBatch<Payload>>;
  /**
   * Tells the source what became of a record: the document number on the order. Called after the record succeeded, again until it does not
   * reject with `retry`, so it must not matter how often it is called. Never moves the record.
   */
  acknowledge?(input: AcknowledgeInput<Payload, Source>): Promise<void>;
  /**
   * Asks the target whether it would take this body, and changes nothing: a dry run shows the reasons. Left out where the target cannot tell.
   */
  tryOut?(input: PostInput<Payload, Body, Source, Target>): Promise<BlockReason[]>;
  /** The business day of a document, `YYYY-MM-DD`: what the age limit and the close calendar look at. */
  businessDate?(payload: Payload, settings: unknown): string;
  /** Compares source, ledger and target over whole periods; see `Reconciliation`. */
  reconcile?(input: ReconcileInput<Source, Target>): AsyncIterable<ReconciledSlice>;
  /** Codes of both sides with their names, for the value maps' editor and for proposals. */
  codes?(input: CodesInput<Source, Target>): Promise<ValueMapCodes[]>;
}

/**
 * `changes` since the cursor; `sweep` looks at every key again, as a safety net; `full` forgets the cursor; `backfill` reads the days of
 * `range` again, or for the first time, and leaves the cursor as it is.
 */
export type ExtractMode = 'changes' | 'sweep' | 'full' | 'backfill';

/** A record of another flow of the same integration. */
export interface FlowKey {
  flowId: string;
  key: string;
}

/** What a system told by webhook: never what counts, only what to look at. */
export interface SourceEvent {
  topic: string;
  body: unknown;
}

export interface AcknowledgeInput<Payload, Source> {
  record: { id: string; key: string; label: string };
  payload: Payload;
  result: PostResult;
  settings: unknown;
  source: Source;
  scope: CallScope;
}

/** Business days, both included, `YYYY-MM-DD`. */
export interface DayRange {
  first: string;
  last: string;
}

export interface ExtractInput<Source = unknown> {
  mode: ExtractMode;
  /** What the last stored batch said, or null at the first run. With `backfill` only to compare with: what is read does not depend on it. */
  cursor: unknown;
  /** Set with mode `backfill`. */
  range?: DayRange;
  settings: unknown;
  source: Source;
  scope: CallScope;
  clock: Clock;
  /**
   * Keys of this flow that are linked to a target object: a sweep finds those that the source no longer has. `known`: the payload that says a key
   * is gone; keys that were read so before are left out, or they would add up over the years to more than a sweep believes.
   */
  linkedKeys(known?: (key: string) => unknown): Promise<string[]>;
  /** Progress for people watching the run: `LFA1: 400 vendors read`. */
  progress(message: string): void;
}

export interface ExtractedBatch<Payload> {
  records: ExtractedRecord<Payload>[];
  /** Where to go on after these records; undefined leaves the cursor as it is. */
  cursor?: unknown;
}

export type ReadKeysInput<Source = unknown> = Omit<ExtractInput<Source>, 'mode' | 'cursor' | 'range' | 'linkedKeys'> & {
  keys: readonly string[];
};

export interface ReadKeysBatch<Payload> {
  records: ExtractedRecord<Payload>[];
  /** Dealt with once these records are stored, also keys that gave none because the source has nothing there. */
  doneKeys: readonly string[];
}

export interface ExtractedRecord<Payload> {
  /** Identity in the source, unique within the flow: `0000100123`. Records of one key are posted in order. */
  key: string;
  /** For people: the vendor's name. */
  label: string;
  payload: Payload;
}

export interface BlockReason {
  /** `VALUE_MAP_MISSING`, `NAME_EMPTY`. */
  code: string;
  message: string;
  /** Set for a missing entry: the record goes out by itself once it exists. */
  missing?: { valueMapId: string; code: string };
}

export type MapOutcome<Body> =
  | { outcome: 'mapped'; body: Body; /** What was changed on the way: truncated, replaced. */ notes: string[] }
  | { outcome: 'blocked'; reasons: BlockReason[] }
  | { outcome: 'skipped'; reason: string };

export interface PostInput<Payload, Body, Source, Target> {
  record: { id: string; key: string; label: string; attempt: number };
  payload: Payload;
  body: Body;
  /** The target's object this key is known as, from an earlier post. */
  link: { targetId: string; targetHash: string | null } | undefined;
  settings: unknown;
  source: Source;
  target: Target;
  scope: CallScope;
  /**
   * Which key of this flow holds that target object, if any: to refuse taking over another record's object. A key of another source system
   * is told with its integration, so it never equals one of ours.
   */
  ownerOf(targetId: string): Promise<string | undefined>;
  /** What another key of this flow, or of a flow of the same integration, is known as in the target: the journal that a reversal reverses. */
  linkOf(key: string | FlowKey): Promise<{ targetId: string; targetLabel: string } | undefined>;
  /**
   * The errors that ended earlier attempts of this record, oldest first: what was refused comes again only because a person, who has seen
   * it, replayed it.
   */
  earlierErrors(): Promise<EarlierError[]>;
  /**
   * Versions of this key that were sent since the target took one, oldest first and this one last: what those before it began may still be in the
   * target, made of other values.
   */
  sentVersions(): Promise<SentVersion[]>;
  /** The payload of the newest earlier version of this key that the target took: what has changed since. Undefined where there is none. */
  lastPosted(): Promise<unknown>;
}

export interface SentVersion {
  payload: unknown;
  /** When it was read, by the relay's clock in milliseconds: nothing was made of it before. */
  readAt: number;
  errors: EarlierError[];
}

export interface EarlierError {
  code: string;
  /** Gone where the retention dropped them. */
  facts?: Record<string, unknown> | undefined;
}

export interface PostResult {
  targetId: string;
  targetLabel: string;
  action: 'created' | 'updated' | 'unchanged';
  /** Written on the trails of other records: a shipment on the record of its order. */
  tells?: readonly RecordNews[];
}

/** A line for the trail of the newest version of another record of the integration; dropped where there is none. */
export interface RecordNews extends FlowKey {
  /** Kind of the event: `shipped`. */
  event: string;
  data: Record<string, unknown>;
}

/** Nothing was sent: the target does not take it yet (its period is closed). The record waits and is tried again after that time. */
export interface PostWait {
  action: 'waiting';
  reason: BlockReason;
  checkAfterMs: number;
  /** A record of the same integration, read or not read yet: once that is through, this one is tried again at once. */
  until?: FlowKey;
}

export type ProbeOutcome =
  | { outcome: 'applied'; result: PostResult }
  | {
      outcome: 'absent';
      /** So long after the attempt the target may still apply it; before that `absent` is not believed. */ marginMs?: number;
    }
  | { outcome: 'unknown'; why: string };

export interface CodesInput<Source, Target> {
  settings: unknown;
  source: Source;
  target: Target;
  scope: CallScope;
}

export interface ReconcileInput<Source, Target> {
  /** The days to compare. */
  range: DayRange;
  settings: unknown;
  mapping: Mapping;
  source: Source;
  target: Target;
  scope: CallScope;
  progress(message: string): void;
  /** The newest version of each of these keys as the ledger has it; keys that it does not know are left out. */
  ledger(keys: readonly string[]): Promise<LedgerEntry[]>;
  /** All entries of a value map of the flow. */
  entries(valueMapId: string): readonly { from: string; to: string }[];
}

export interface LedgerEntry {
  key: string;
  recordId: string;
  state: string;
  targetId: string | null;
  payload: unknown;
  /** The body that was posted last; left out where there is none, or none is kept any more. */
  posted?: unknown;
}

/** One company code and period (or whatever the flow groups by), counted and summed on all three sides. */
export interface ReconciledSlice {
  /** For people: `1000 2026-05 EUR`. */
  name: string;
  source: CountAndSum;
  ledger: CountAndSum;
  target: CountAndSum;
  /** Down to the document; empty when all three agree. */
  differences: Difference[];
}

export interface CountAndSum {
  count: number;
  /** Decimal text in the slice's currency: the sum of the debits. */
  sum: string;
}

export interface Difference {
  key: string;
  /** What is wrong, for programs: `NOT_IN_LEDGER`, `NOT_POSTED`, `NOT_IN_TARGET`, `AMOUNT_DIFFERS`, `CONTENT_DIFFERS`, `NOT_IN_SOURCE`, `TWICE_IN_TARGET`, `DRAFT_LEFT`, `SOURCE_UNREADABLE`. */
  code: string;
  message: string;
  recordId?: string;
}
