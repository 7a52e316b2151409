import { mapRecord, type BlockReason, type Flow, type MapOutcome } from '../flows/index.ts';
import type { LoadedMapping } from '../mapping/index.ts';
import type { RecordRow } from '../store/index.ts';
import { differencesOf, fieldOf } from './differences.ts';

/** Two mappings side by side: what a draft would change. */
export interface ComparisonReport {
  compared: number;
  /** Both give the same. */
  same: number;
  differing: number;
  /** Blocked by the draft only. */
  newlyBlocked: { records: number; examples: Example[] };
  /** Blocked by the live mapping only. */
  unblocked: { records: number; examples: Example[] };
  /** Left out by one of the two only. */
  filteredDifferently: { records: number; examples: Example[] };
  /** Fields that differ, those of most records first. */
  fields: { field: string; records: number; examples: (Example & { path: string; live: unknown; draft: unknown })[] }[];
}

interface Example {
  recordId: string;
  key: string;
  label: string;
  why: string;
}

export function emptyReport(): ComparisonReport {
  const none = (): { records: number; examples: Example[] } => ({ records: 0, examples: [] });
  return { compared: 0, same: 0, differing: 0, newlyBlocked: none(), unblocked: none(), filteredDifferently: none(), fields: [] };
}

type Usable = Pick<LoadedMapping, 'mapping' | 'overrides' | 'settings'>;

const mostExamples = 5;
const mostFields = 200;

/** Maps a record by both and adds what is different to the report, which stays small however many records there are. */
export async function compareRecord(
  report: ComparisonReport,
  { flow, live, draft }: { flow: Flow; live: Usable; draft: Usable },
  record: RecordRow,
): Promise<void> {
  const toMap = { key: record.key, payload: JSON.parse(record.payload_json) as unknown };
  const [ofLive, ofDraft] = await Promise.all([mapRecord(flow, live, toMap), mapRecord(flow, draft, toMap)]);
  report.compared++;
  const example = { recordId: record.id, key: record.key, label: record.label };
  if (ofLive.outcome !== ofDraft.outcome) {
    report.differing++;
    const kind = ofDraft.outcome === 'blocked' ? 'newlyBlocked' : ofLive.outcome === 'blocked' ? 'unblocked' : 'filteredDifferently';
    add(report[kind], { ...example, why: whyOf(ofDraft.outcome === 'mapped' ? ofLive : ofDraft) });
    return;
  }
  const differences = ofLive.outcome === 'mapped' && ofDraft.outcome === 'mapped' ? differencesOf(ofLive.body, ofDraft.body) : [];
  if (differences.length === 0) {
    report.same++;
    return;
  }
  report.differing++;
  const byField = Map.groupBy(differences, ({ path }) => fieldOf(path));
  for (const [field, [first]] of byField) {
    let known = report.fields.find((one) => one.field === field);
    if (!known && report.fields.length >= mostFields) continue;
    if (!known) report.fields.push((known = { field, records: 0, examples: [] }));
    known.records++;
    if (first && known.examples.length < mostExamples)
      known.examples.push({ ...example, why: '', path: first.path, live: short(first.before), draft: short(first.after) });
  }
  report.fields.sort((one, other) => other.records - one.records);
}

function add(group: { records: number; examples: Example[] }, example: Example): void {
  group.records++;
  if (group.examples.length < mostExamples) group.examples.push(example);
}

function whyOf(outcome: MapOutcome<unknown>): string {
  if (outcome.outcome === 'mapped') return '';
  if (outcome.outcome === 'skipped') return outcome.reason;
  return outcome.reasons.map(({ code, message }: BlockReason) => `${message} (${code})`).join('; ');
}

function short(value: unknown): unknown {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length <= 500 ? value : `${text.slice(0, 500)}…`;
}
