import type { UnitEnding, Verdict } from '@ml-connector/shared';
import type { EntryState, JournalEntry, UnitOutcome } from './entry.ts';

export interface EntryRow {
  unit_id: string;
  content_hash: string;
  system: string;
  functions: string;
  call_id: string;
  record_id: string | null;
  run_id: string | null;
  flow_id: string | null;
  not_after: number;
  started_at: number;
  committing_at: number | null;
  finished_at: number | null;
  state: EntryState;
  ending: UnitEnding | null;
  verdict: 'ok' | Verdict | null;
  code: string | null;
  outcome: string | null;
}

export function toEntry(row: EntryRow): JournalEntry {
  return {
    unitId: row.unit_id,
    contentHash: row.content_hash,
    system: row.system,
    functions: JSON.parse(row.functions) as string[],
    callId: row.call_id,
    recordId: row.record_id ?? undefined,
    runId: row.run_id ?? undefined,
    flowId: row.flow_id ?? undefined,
    notAfter: row.not_after,
    startedAt: row.started_at,
    committingAt: row.committing_at ?? undefined,
    finishedAt: row.finished_at ?? undefined,
    state: row.state,
    ending: row.ending ?? undefined,
    verdict: row.verdict ?? undefined,
    code: row.code ?? undefined,
    outcome: row.outcome === null ? undefined : (JSON.parse(row.outcome) as UnitOutcome),
  };
}
