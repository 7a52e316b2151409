import { backoffMs, toSystemError, toWireError, type SystemError } from '@ml-connector/shared';
import { mapRecord, type Flow, type PostInput, type PostResult, type PostWait } from '../../flows/index.ts';
import {
  beginPosting,
  blockRecord,
  earlierErrors,
  haltConnection,
  haltOf,
  lastPosted,
  linkOf,
  ownerOf,
  sentVersions,
  settlePosting,
  skipRecord,
  type BegunAttempt,
  type FlowTraits,
  type PostOutcome,
} from '../../ledger/index.ts';
import type { LoadedMapping } from '../../mapping/index.ts';
import type { ConnectionRow, LinkRow, RecordRow } from '../../store/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { answered, blackoutCode, refuseDark } from '../connection-health.ts';
import type { ActiveFlow } from '../active-flow.ts';
import { traceScope, type TracedScope } from '../call-scope.ts';
import { withDeadline } from '../deadline.ts';
import { durably } from '../durably.ts';
import { isShut } from '../gates.ts';
import { mayPost } from './may-post.ts';
import type { EngineParts } from '../parts.ts';
import type { OpenedConnection, SessionOptions } from '../sessions.ts';

export interface Posting {
  active: ActiveFlow;
  record: RecordRow;
  mapping: LoadedMapping;
}

/**
 * `unopened`: nothing was done and nothing can be before the engine's next round: a session could not be opened, or the rules of posting
 * changed. `source failed`: posting needs the source, which is in trouble.
 */
export type Handled = 'done' | 'unopened' | 'source failed';

/**
 * Takes one pending record through mapping and posting to a settled state. Body and attempt are on disk before anything is sent, the
 * calls made before the state is. Rejects only when the store does not take it before the hard stop; recovery then looks it up.
 */
export async function postRecord(parts: EngineParts, posting: Posting): Promise<Handled> {
  const { store, clock } = parts;
  const { record, mapping, active } = posting;
  const mapped = await mapRecord(active.flow, mapping, { key: record.key, payload: JSON.parse(record.payload_json) as unknown });
  switch (mapped.outcome) {
    case 'skipped':
      await skipRecord(store, clock, record, { ...mapping, reason: mapped.reason });
      return 'done';
    case 'blocked':
      await blockRecord(store, clock, record, { ...mapping, reasons: mapped.reasons });
      return 'done';
    case 'mapped': {
      const may = await mayPost(parts, posting);
      if (may !== 'yes') return may === 'waits' ? 'done' : 'unopened';
      return withSessions(parts, active, (source, target) => send(parts, { ...posting, source, target }, mapped), { lastRead: true });
    }
  }
}

/** Both sessions of a flow. One that cannot be opened halts its connection, and nothing is done; nor is where the target was shut meanwhile. */
export async function withSessions(
  { sessions, store, clock, log, gates }: EngineParts,
  { sourceConnectionId, targetConnectionId }: ActiveFlow,
  work: (source: OpenedConnection, target: OpenedConnection) => Promise<Handled>,
  options: SessionOptions = {},
): Promise<Handled> {
  // Taken in hand before a neighbour found that the target does not work.
  if (isShut(gates(targetConnectionId), clock)) return 'unopened';
  let isOpen = false;
  let opening = sourceConnectionId;
  try {
    return await sessions.use(
      sourceConnectionId,
      (source) => {
        opening = targetConnectionId;
        const withTarget = (target: OpenedConnection): Promise<Handled> => {
          isOpen = true;
          return work(source, target);
        };
        return sessions.use(targetConnectionId, withTarget, options);
      },
      options,
    );
  } catch (error) {
    if (isOpen) throw error;
    const fault = toSystemError(error, 'opening the connection');
    const connection = await store.db.selectFrom('connection').selectAll().where('id', '=', opening).executeTakeFirst();
    if (connection && !haltOf(connection)) {
      log.warn({ connectionId: opening, code: fault.code }, `${fault.message}; its records wait until it is repaired`);
      await haltConnection(store, clock, connection, toWireError(fault));
    }
    return 'unopened';
  }
}

interface Sending extends Posting {
  source: OpenedConnection;
  target: OpenedConnection;
}

async function send(parts: EngineParts, sending: Sending, mapped: { body: unknown; notes: string[] }): Promise<Handled> {
  const { store, clock } = parts;
  const { record, mapping, active } = sending;
  const { body, notes } = mapped;
  const holder = { nodeId: parts.node.id, connectionId: active.targetConnectionId };
  const connections = [sending.source.connection, sending.target.connection];
  const mappedBody = { mappingVersion: mapping.version, stamp: mapping.stamp, body, notes, holder, connections };
  const attempt = await beginPosting(store, clock, record, mappedBody);
  if (!attempt) {
    for (const { id } of connections) parts.sessions.forget(id);
    return 'done';
  }
  const { outcome, traced, isSourceFault } = await attemptPost(parts, sending, { attempt, body });
  const calls = traced?.take() ?? [];
  await durably(parts, 'storing the outcome of a post', async () => {
    await traced?.written();
    await settlePosting(store, clock, { record, attempt, ...traitsOf(active.flow), calls }, outcome);
  });
  if (outcome.state === 'blocked') logOutcome(parts, record, active, outcome.error.message);
  return isSourceFault ? 'source failed' : 'done';
}

async function attemptPost(
  parts: EngineParts,
  sending: Sending,
  { attempt, body }: { attempt: BegunAttempt; body: unknown },
): Promise<{ outcome: PostOutcome; traced: TracedScope | undefined; isSourceFault: boolean }> {
  const { clock, settings, hardSignal } = parts;
  const { record, active, target } = sending;
  let traced: TracedScope | undefined;
  try {
    const result = await withDeadline({ clock, ms: settings.postTimeoutMs, outer: hardSignal }, async (signal) => {
      traced = traceScope(parts, record, { signal, context: { recordId: record.id, runId: record.run_id, flowId: record.flow_id } });
      return active.flow.post(postInput(parts, sending, { body, attempt: attempt.number, link: attempt.link, scope: traced.scope }));
    });
    await answered(parts, target.connection.id);
    return { outcome: outcomeOf(result, clock.now()), traced, isSourceFault: false };
  } catch (error) {
    const fault = toSystemError(error, `posting ${record.key}`);
    const connection = fault.code === blackoutCode ? sending.source.connection : faulty(sending, traced);
    const outcome = await judge(parts, { error: fault, attempts: attempt.number, connection });
    return { outcome, traced, isSourceFault: connection.id === active.sourceConnectionId };
  }
}

/** What the ledger has to know of a flow to settle its records. */
export function traitsOf(flow: Flow): FlowTraits {
  return { kind: flow.kind, acknowledges: flow.acknowledge !== undefined };
}

function outcomeOf(result: PostResult | PostWait, now: number): PostOutcome {
  if (result.action !== 'waiting') return { state: 'succeeded', result };
  const { reason, checkAfterMs, until } = result;
  return { state: 'waiting', error: { ...reason, verdict: 'retry' }, nextAttemptAt: now + checkAfterMs, ...(until && { until }) };
}

export function postInput(
  { store, gates }: EngineParts,
  { record, mapping, active, source, target }: Sending,
  { body, attempt, link, scope }: { body: unknown; attempt: number; link: LinkRow | undefined; scope: CallScope },
): PostInput<unknown, unknown, unknown, unknown> {
  return {
    record: { id: record.id, key: record.key, label: record.label, attempt },
    // Most flows need no more than the body.
    get payload() {
      return JSON.parse(record.payload_json) as unknown;
    },
    body,
    link: link && { targetId: link.target_id, targetHash: link.target_hash },
    settings: mapping.settings,
    // Few flows ask the source again when they post: only those are held up by its blackout.
    get source() {
      refuseDark(gates(source.connection.id), source.connection);
      return source.session;
    },
    target: target.session,
    scope,
    ownerOf: (targetId) => ownerOf(store, active.ref, targetId),
    linkOf: async (of) => {
      const { flowId, key } = typeof of === 'string' ? { flowId: active.ref.flowId, key: of } : of;
      const other = await linkOf(store, { ...active.ref, flowId }, key);
      return other && { targetId: other.target_id, targetLabel: other.target_label };
    },
    earlierErrors: () => earlierErrors(store, record.id, attempt),
    sentVersions: () => sentVersions(store, active.ref, record),
    lastPosted: () => lastPosted(store, active.ref, { key: record.key, before: record.version }),
  };
}

/** The connection a failure is about: that of the last failing call, the target's unless the source said it. */
export function faulty({ active, source, target }: Omit<Sending, 'record' | 'mapping'>, traced: TracedScope | undefined): ConnectionRow {
  return traced?.lastFailing() === active.flow.from ? source.connection : target.connection;
}

async function judge(
  parts: EngineParts,
  { error, attempts, connection }: { error: SystemError; attempts: number; connection: ConnectionRow },
): Promise<PostOutcome> {
  const { clock, settings, gates } = parts;
  const now = clock.now();
  const wire = toWireError(error);
  switch (error.verdict) {
    case 'retry':
      if (error.code !== blackoutCode) gates(connection.id).failed(now);
      return { state: 'failed', error: wire, nextAttemptAt: now + Math.max(error.retryAfterMs ?? 0, backoffMs(attempts, settings.retry)) };
    case 'refused':
      await answered(parts, connection.id);
      return { state: 'blocked', error: wire };
    case 'uncertain':
      return { state: 'uncertain', error: wire, nextAttemptAt: now + backoffMs(1, settings.lookup) };
    case 'halt':
      await halt(parts, connection, error);
      return { state: 'pending', error: wire };
  }
}

/** Shuts a connection until someone acts. */
export async function halt(parts: EngineParts, connection: ConnectionRow, error: SystemError): Promise<void> {
  const { store, clock, gates, log } = parts;
  gates(connection.id).setHalted(true);
  log.warn({ connectionId: connection.id, code: error.code }, `${error.message}; records wait until the connection is repaired`);
  await durably(parts, 'halting the connection', () => haltConnection(store, clock, connection, toWireError(error)));
}

function logOutcome({ log }: EngineParts, record: RecordRow, { flow }: ActiveFlow, message: string): void {
  const fields = { tenantId: record.tenant_id, flowId: flow.id, recordId: record.id, recordKey: record.key };
  log.info(fields, `record needs a person: ${message}`);
}
