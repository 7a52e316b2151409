import { toSystemError } from '@ml-connector/shared';
import type { FlowKey } from '../../flows/index.ts';
import { approvalsOf, blockRecord, holdRecord, takenOutByHand, waitForPredecessors, type StateReason } from '../../ledger/index.ts';
import type { LoadedMapping } from '../../mapping/index.ts';
import type { RecordRow } from '../../store/index.ts';
import type { ActiveFlow } from '../active-flow.ts';
import type { EngineParts } from '../parts.ts';
import { closedBy } from './posting-hold.ts';
import { dayAt, daysBetween } from '../timing/index.ts';

export interface Candidate {
  active: ActiveFlow;
  record: RecordRow;
  mapping: LoadedMapping;
}

/**
 * Whether a mapped record may be sent now: neither too old nor of a closed period nor taken out before, or approved, and its predecessors are
 * through.
 * `waits`: it was moved to where it waits. `changed`: the rules were changed meanwhile, so look again in the next round.
 */
export async function mayPost(parts: EngineParts, candidate: Candidate): Promise<'yes' | 'waits' | 'changed'> {
  const { store, clock } = parts;
  const { record, active, mapping } = candidate;
  const asked = ask(parts, candidate);
  if ('defect' in asked) return (await blockRecord(store, clock, record, { ...mapping, reasons: [asked.defect] })) ? 'waits' : 'changed';
  const reasons = await unapproved(parts, record, [...(await takenOutBefore(parts, candidate)), ...asked.reasons]);
  if (reasons.length > 0) return (await holdRecord(store, clock, record, { reasons, stamp: active.posting.stamp })) ? 'waits' : 'changed';
  return (await waitForPredecessors(store, clock, record, asked.predecessors)) ? 'yes' : 'waits';
}

type Asked = { reasons: StateReason[]; predecessors: FlowKey[] } | { defect: StateReason };

// A flow that throws is a defect; it concerns this record and never its neighbours.
function ask({ clock }: EngineParts, { active, record, mapping }: Candidate): Asked {
  const { flow } = active;
  if (!flow.businessDate && !flow.predecessors) return { reasons: [], predecessors: [] };
  try {
    const payload = JSON.parse(record.payload_json) as unknown;
    const day = flow.businessDate?.(payload, mapping.settings);
    const reasons = day === undefined ? [] : dayReasons(active, day, clock.now());
    return { reasons, predecessors: predecessorsOf(active, payload, mapping) };
  } catch (error) {
    return { defect: { code: 'MAPPING_FAILED', message: toSystemError(error, `looking at ${record.key}`).message } };
  }
}

function predecessorsOf({ flow }: ActiveFlow, payload: unknown, { settings }: LoadedMapping): FlowKey[] {
  const named = flow.predecessors?.(payload, settings) ?? [];
  return named.map((one) => (typeof one === 'string' ? { flowId: flow.id, key: one } : one));
}

function dayReasons({ posting }: ActiveFlow, day: string, now: number): StateReason[] {
  const { maxAgeDays, timeZone = 'UTC' } = posting.rules;
  const closed = closedBy(posting.calendars, day);
  const age = daysBetween(day, dayAt(now, timeZone));
  const reasons: StateReason[] = [];
  if (maxAgeDays !== undefined && age > maxAgeDays)
    reasons.push({
      code: 'BUSINESS_AGE',
      message: `its business day ${day} is ${age} days old, more than ${maxAgeDays}`,
      fix: 'Approve it, or skip it where it was entered by hand.',
    });
  if (closed)
    reasons.push({
      code: 'PERIOD_CLOSED',
      message: `its business day ${day} is closed by ${closed.name}${closed.note ? ` (${closed.note})` : ''}`,
      fix: 'It goes out when the day is opened again; or approve it.',
    });
  return reasons;
}

// A document that a person entered by hand is not found in the target by its mark: only a person can say that it is to be posted all the same.
async function takenOutBefore({ store }: EngineParts, { active, record }: Candidate): Promise<StateReason[]> {
  const { kind, asksAfterSkip = kind === 'document' } = active.flow;
  if (!asksAfterSkip || record.replay_of !== null) return [];
  const why = await takenOutByHand(store, record);
  if (why === undefined) return [];
  return [
    {
      code: 'SKIPPED_BEFORE',
      message: `its version before was taken out by hand (${why}), and the source has changed it since`,
      fix: 'Approve it when it is to be posted; skip it where it was entered by hand.',
    },
  ];
}

async function unapproved({ store }: EngineParts, record: RecordRow, reasons: readonly StateReason[]): Promise<StateReason[]> {
  if (reasons.length === 0) return [];
  const approved = await approvalsOf(store, record.id);
  return reasons.filter(({ code }) => !approved.includes(code));
}
