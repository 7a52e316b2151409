import { z } from 'zod';
import type { ReconciliationDifferenceRow, ReconciliationRow, ReconciliationSliceRow } from '../store/index.ts';
import { id, isoTime, isoTimeOrNull, time, timeOrNull } from './ids.ts';

export const reconciliation = z
  .object({
    id: id('reconciliation'),
    integrationId: id('integration'),
    flowId: z.string(),
    days: z.object({ first: z.string(), last: z.string() }).describe('Business days, both included'),
    trigger: z.enum(['schedule', 'manual']),
    state: z.enum(['waiting', 'running', 'succeeded', 'failed']),
    progress: z.string(),
    sliceCount: z.int().describe('Company codes and periods compared'),
    differenceCount: z.int(),
    problem: z.object({ code: z.string(), message: z.string(), fix: z.string() }).nullable(),
    requestedAt: time,
    startedAt: timeOrNull,
    endedAt: timeOrNull,
  })
  .meta({ id: 'Reconciliation' });

const side = z.object({ count: z.int(), sum: z.string().describe('Decimal text') });

export const slice = z
  .object({ name: z.string(), source: side, ledger: side, target: side, differenceCount: z.int() })
  .meta({ id: 'ReconciliationSlice' });

export const difference = z
  .object({
    slice: z.string(),
    key: z.string(),
    code: z.string(),
    message: z.string(),
    recordId: z.string().nullable(),
  })
  .meta({ id: 'ReconciliationDifference' });

export function showReconciliation(row: ReconciliationRow): z.input<typeof reconciliation> {
  const error = row.error_json === null ? null : (JSON.parse(row.error_json) as { code: string; message: string; fix?: string });
  return {
    id: row.id,
    integrationId: row.integration_id,
    flowId: row.flow_id,
    days: { first: row.first_day, last: row.last_day },
    trigger: row.trigger as z.input<typeof reconciliation>['trigger'],
    state: row.state as z.input<typeof reconciliation>['state'],
    progress: row.progress,
    sliceCount: row.slice_count,
    differenceCount: row.difference_count,
    problem: error ? { code: error.code, message: error.message, fix: error.fix ?? '' } : null,
    requestedAt: isoTime(row.requested_at),
    startedAt: isoTimeOrNull(row.started_at),
    endedAt: isoTimeOrNull(row.ended_at),
  };
}

export function showSlice(row: ReconciliationSliceRow): z.input<typeof slice> {
  return {
    name: row.name,
    source: { count: row.source_count, sum: row.source_sum },
    ledger: { count: row.ledger_count, sum: row.ledger_sum },
    target: { count: row.target_count, sum: row.target_sum },
    differenceCount: row.difference_count,
  };
}

export function showDifference(row: ReconciliationDifferenceRow, sliceName: string): z.input<typeof difference> {
  return { slice: sliceName, key: row.key, code: row.code, message: row.message, recordId: row.record_id };
}
