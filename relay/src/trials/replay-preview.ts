import type { BlockReason, Flow, MapOutcome } from '../flows/index.ts';
import type { RecordState } from '../ledger/index.ts';
import type { RecordRow, Store } from '../store/index.ts';
import { createMapper } from './mappers.ts';
import { messageClass } from './message-class.ts';
import { recordsOf, selectedIds, type RecordSelection } from './selection.ts';

/** What a replay of these records would come to, with the mapping of now. Nothing is stored or sent. */
export interface ReplayPreview {
  selected: number;
  /** Of those selected; the rest was too much for a preview. */
  examined: number;
  /** Would be mapped and posted. */
  wouldPass: number;
  /** The mapping leaves them out. */
  wouldBeSkipped: number;
  stillBlocked: number;
  /** Pending, being sent or looked up: a replay does not touch them. */
  underWay: number;
  /** Why they stay blocked, most records first. */
  blockedBy: {
    code: string;
    message: string;
    records: number;
    examples: { recordId: string; key: string; label: string; message: string }[];
  }[];
}

const mostExamined = 5000;

export async function previewReplay(
  { store, flows }: { store: Store; flows: readonly Flow[] },
  tenantId: string,
  selection: RecordSelection,
  signal: AbortSignal,
): Promise<ReplayPreview> {
  const ids = await selectedIds(store, tenantId, selection);
  const map = createMapper(store, flows);
  const preview: ReplayPreview = {
    selected: ids.length,
    examined: 0,
    wouldPass: 0,
    wouldBeSkipped: 0,
    stillBlocked: 0,
    underWay: 0,
    blockedBy: [],
  };
  const causes = new Map<string, ReplayPreview['blockedBy'][number]>();
  for await (const records of recordsOf(store, tenantId, ids.slice(0, mostExamined))) {
    signal.throwIfAborted();
    for (const record of records) {
      preview.examined++;
      const outlook = await outlookOf(record, map);
      if (outlook.will === 'stay') preview.underWay++;
      else if (outlook.will === 'be posted') preview.wouldPass++;
      else if (outlook.will === 'be skipped') preview.wouldBeSkipped++;
      else {
        preview.stillBlocked++;
        const reasons = new Map(outlook.reasons.map((reason) => [classOf(record, reason), reason]));
        for (const [message, reason] of reasons) addCause(causes, record, message, reason);
      }
    }
  }
  preview.blockedBy = [...causes.values()].toSorted((one, other) => other.records - one.records).slice(0, 50);
  return preview;
}

/** What the mapping of now says of a record. */
export type Outlook =
  | { will: 'be posted' }
  | { will: 'be skipped'; why: string }
  | { will: 'be blocked'; reasons: BlockReason[] }
  | { will: 'stay'; why: string };

const untouchable: readonly RecordState[] = ['pending', 'posting', 'uncertain'];

export async function outlookOf(record: RecordRow, map: (record: RecordRow) => Promise<MapOutcome<unknown>>): Promise<Outlook> {
  if (untouchable.includes(record.state as RecordState)) return { will: 'stay', why: `is ${record.state}` };
  const mapped = await map(record);
  if (mapped.outcome === 'blocked') return { will: 'be blocked', reasons: mapped.reasons };
  return mapped.outcome === 'mapped' ? { will: 'be posted' } : { will: 'be skipped', why: mapped.reason };
}

function classOf(record: RecordRow, { missing, message }: BlockReason): string {
  return missing ? `no entry in the value map ${missing.valueMapId}` : messageClass(message, record);
}

function addCause(causes: Map<string, ReplayPreview['blockedBy'][number]>, record: RecordRow, message: string, reason: BlockReason): void {
  const name = `${reason.code} ${message}`;
  const known = causes.get(name) ?? { code: reason.code, message, records: 0, examples: [] };
  causes.set(name, known);
  known.records++;
  if (known.examples.length < 5)
    known.examples.push({ recordId: record.id, key: record.key, label: record.label, message: reason.message });
}
