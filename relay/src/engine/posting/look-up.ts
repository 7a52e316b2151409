import { backoffMs, toSystemError } from '@ml-connector/shared';
import type { ProbeOutcome } from '../../flows/index.ts';
import { heldSince, lastAttempt, linkOf, settleLookup, type LookupOutcome } from '../../ledger/index.ts';
import type { RecordRow } from '../../store/index.ts';
import { traceScope, type TracedScope } from '../call-scope.ts';
import { answered, blackoutCode } from '../connection-health.ts';
import { withDeadline } from '../deadline.ts';
import { durably } from '../durably.ts';
import type { EngineParts } from '../parts.ts';
import { faulty, halt, postInput, traitsOf, withSessions, type Handled, type Posting } from './post-record.ts';
import type { OpenedConnection } from '../sessions.ts';

/** Asks the target what it holds about an uncertain record. What cannot be told now is asked again later, ever less often. */
export async function lookUp(parts: EngineParts, posting: Posting): Promise<Handled> {
  const { store, clock } = parts;
  const { record } = posting;
  const last = await lastAttempt(store, record.id);
  const body = last?.body;
  return withSessions(parts, posting.active, async (source, target) => {
    const askedAt = clock.now();
    const { outcome, traced, isSourceFault } = await probe(parts, { ...posting, source, target, body });
    const takenAt = await takenOverAt(parts, posting);
    const lookup = conclude(parts, { record, endedAt: last?.endedAt ?? record.changed_at, takenAt, askedAt, outcome });
    await durably(parts, 'storing the outcome of a look-up', async () => {
      await traced?.written();
      await settleLookup(store, clock, { record, body, ...traitsOf(posting.active.flow) }, lookup);
    });
    return isSourceFault ? 'source failed' : 'done';
  });
}

// What another relay sent ended by that one's clock. It begins nothing since this one holds the connection, and that is known by the own clock.
async function takenOverAt({ store, clock, node }: EngineParts, { record, active }: Posting): Promise<number | undefined> {
  if (record.node_id === null || record.node_id === node.id) return undefined;
  return (await heldSince(store, { nodeId: node.id, connectionId: active.targetConnectionId })) ?? clock.now();
}

interface Probing extends Posting {
  source: OpenedConnection;
  target: OpenedConnection;
  body: unknown;
}

interface Probed {
  outcome: ProbeOutcome;
  traced: TracedScope | undefined;
  isSourceFault: boolean;
}

async function probe(parts: EngineParts, probing: Probing): Promise<Probed> {
  const { store, clock, settings, hardSignal, gates } = parts;
  const { record, active, body } = probing;
  let traced: TracedScope | undefined;
  try {
    const outcome = await withDeadline({ clock, ms: settings.postTimeoutMs, outer: hardSignal }, async (signal) => {
      traced = traceScope(parts, record, { signal, context: { recordId: record.id, runId: record.run_id, flowId: record.flow_id } });
      const link = await linkOf(store, active.ref, record.key);
      return active.flow.probe(postInput(parts, probing, { body, attempt: record.attempts, link, scope: traced.scope }));
    });
    await answered(parts, probing.target.connection.id);
    return { outcome, traced, isSourceFault: false };
  } catch (error) {
    const fault = toSystemError(error, `looking up ${record.key}`);
    const connection = fault.code === blackoutCode ? probing.source.connection : faulty(probing, traced);
    if (fault.verdict === 'retry' && fault.code !== blackoutCode) gates(connection.id).failed(clock.now());
    if (fault.verdict === 'halt') await halt(parts, connection, fault);
    const isSourceFault = connection.id === active.sourceConnectionId;
    return { outcome: { outcome: 'unknown', why: `${fault.code}: ${fault.message}` }, traced, isSourceFault };
  }
}

interface Looked {
  record: RecordRow;
  endedAt: number;
  /** Set where another relay sent it. */
  takenAt: number | undefined;
  askedAt: number;
  outcome: ProbeOutcome;
}

function conclude(
  { clock, steadyClock, settings: { lookup, retry } }: EngineParts,
  { record, endedAt, takenAt, askedAt, outcome }: Looked,
): LookupOutcome {
  const now = clock.now();
  switch (outcome.outcome) {
    case 'applied':
      return outcome;
    case 'absent': {
      // The target may still be working on the request whose answer was lost. What counts is when it was asked: it may have
      // applied it while its answer was on the way. Time is only counted as far back as the clock is known to have gone on evenly.
      const countedFrom = Math.max(endedAt > now ? -Infinity : endedAt, takenAt ?? -Infinity, steadyClock.since());
      const believedAt = countedFrom + Math.max(lookup.marginMs, outcome.marginMs ?? 0);
      if (askedAt < believedAt)
        return { outcome: 'unknown', why: 'not there yet, and too early to rule it out', nextAttemptAt: Math.max(now, believedAt) };
      return { outcome: 'absent', nextAttemptAt: record.attempts > 1 ? now + backoffMs(record.attempts - 1, retry) : now };
    }
    case 'unknown':
      // Waits as long as it has been uncertain already: doubling, without a count to keep.
      return {
        ...outcome,
        nextAttemptAt: now + Math.min(lookup.capMs, Math.max(lookup.firstMs, now - endedAt)),
        needsPerson: now - endedAt >= lookup.personAfterMs,
      };
  }
}
