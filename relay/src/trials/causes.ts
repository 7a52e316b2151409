import { hash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RecordState, StateReason } from '../ledger/index.ts';
import type { RecordRow, Store } from '../store/index.ts';
import { messageClass } from './message-class.ts';

/** Records that stand still for the same reason. A record with several reasons belongs to several causes. */
export interface Cause {
  /** The same cause keeps its id from one look to the next. */
  id: string;
  integrationId: string;
  flowId: string;
  /** `VALUE_MAP_MISSING`. */
  code: string;
  /** The message without what is different from record to record. */
  message: string;
  /** Set where entries of a value map are missing, with the codes that hold up most records. */
  missing: { valueMapId: string; codes: { code: string; records: number }[] } | null;
  records: number;
  states: Partial<Record<RecordState, number>>;
  /** When the record that came first was taken in. */
  oldestAt: number;
  examples: { recordId: string; key: string; label: string; message: string }[];
  fix: string;
  /** What lets these records go. */
  frees: string;
}

export interface Causes {
  /** Those with most records first. */
  causes: Cause[];
  /** Records looked at; false when there are more than can be looked at. */
  examined: number;
  isComplete: boolean;
}

export interface CauseFilter {
  tenantId: string;
  integrationId?: string | undefined;
  flowId?: string | undefined;
  states?: readonly RecordState[] | undefined;
}

export const standingStates = ['blocked', 'failed', 'uncertain', 'waiting'] as const satisfies readonly RecordState[];
const mostExamined = 200_000;
const mostCauses = 500;
const mostCodes = 20;

/** Clusters what stands still by its cause. */
export async function causesOf(store: Store, filter: CauseFilter): Promise<Causes> {
  const byId = new Map<string, Gathered>();
  let examined = 0;
  let isComplete = true;
  for await (const rows of standingPages(store, filter)) {
    examined += rows.length;
    for (const row of rows) for (const { id, ...of } of causesOfRecord(row)) gather(byId, id, of, row);
    if (examined < mostExamined) continue;
    isComplete = false;
    break;
  }
  const causes = [...byId.entries()].map(([id, gathered]) => conclude(id, gathered));
  return {
    causes: causes.toSorted(mostRecordsFirst).slice(0, mostCauses),
    examined,
    isComplete: isComplete && causes.length <= mostCauses,
  };
}

/** Ids of the records of one cause, oldest first; no more than `limit`. */
export async function recordsOfCause(store: Store, filter: CauseFilter, causeId: string, limit: number): Promise<string[]> {
  const ids: string[] = [];
  for await (const rows of standingPages(store, filter)) {
    for (const row of rows) if (causesOfRecord(row).some(({ id }) => id === causeId)) ids.push(row.id);
    if (ids.length >= limit) break;
  }
  return ids.slice(0, limit);
}

/** The causes of one record, each once, with what identifies them. */
export function causesOfRecord(row: StandingRow): CauseOfRecord[] {
  const reasons = row.reason_json === null ? [] : (JSON.parse(row.reason_json) as StateReason[]);
  const causes = reasons.map((reason): CauseOfRecord => {
    const message = messageClass(reason.message, row);
    const parts = [row.integration_id, row.flow_id, reason.code, reason.missing?.valueMapId ?? message];
    return { id: `cause_${hash('sha256', parts.join('\n'), 'hex').slice(0, 16)}`, message, reason };
  });
  return [...new Map(causes.map((cause) => [`${cause.id} ${cause.reason.missing?.code ?? ''}`, cause])).values()];
}

export interface CauseOfRecord {
  id: string;
  message: string;
  reason: StateReason;
}

export type StandingRow = Pick<RecordRow, 'id' | 'integration_id' | 'flow_id' | 'key' | 'label' | 'state' | 'reason_json' | 'created_at'>;

async function* standingPages(store: Store, filter: CauseFilter): AsyncGenerator<StandingRow[]> {
  for (let after = ''; ;) {
    let query = store.db
      .selectFrom('record')
      .select(['id', 'integration_id', 'flow_id', 'key', 'label', 'state', 'reason_json', 'created_at'])
      .where('tenant_id', '=', filter.tenantId)
      .where('state', 'in', filter.states ?? standingStates)
      .where('id', '>', after);
    if (filter.integrationId) query = query.where('integration_id', '=', filter.integrationId);
    if (filter.flowId) query = query.where('flow_id', '=', filter.flowId);
    const rows = await query.orderBy('id').limit(1000).execute();
    yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < 1000) return;
    after = last.id;
    // SQLite answers in this very thread; others come in between.
    await nextTurn();
  }
}

interface Gathered extends Omit<Cause, 'id' | 'frees' | 'missing'> {
  valueMapId: string | undefined;
  codes: Map<string, number>;
  last: string;
}

function gather(byId: Map<string, Gathered>, id: string, { message, reason }: Omit<CauseOfRecord, 'id'>, row: StandingRow): void {
  const known = byId.get(id) ?? {
    integrationId: row.integration_id,
    flowId: row.flow_id,
    code: reason.code,
    message,
    valueMapId: reason.missing?.valueMapId,
    codes: new Map<string, number>(),
    records: 0,
    states: {},
    oldestAt: row.created_at,
    examples: [],
    fix: reason.fix ?? '',
    last: '',
  };
  byId.set(id, known);
  const code = reason.missing?.code;
  if (code !== undefined) known.codes.set(code, (known.codes.get(code) ?? 0) + 1);
  // Two codes missing of one map: still one record.
  if (known.last === row.id) return;
  known.last = row.id;
  known.records++;
  const state = row.state as RecordState;
  known.states[state] = (known.states[state] ?? 0) + 1;
  known.oldestAt = Math.min(known.oldestAt, row.created_at);
  if (known.examples.length < 3) known.examples.push({ recordId: row.id, key: row.key, label: row.label, message: reason.message });
}

function conclude(id: string, { valueMapId, codes, last: _last, ...cause }: Gathered): Cause {
  const missing = valueMapId === undefined ? null : { valueMapId, codes: mostHeldUp(codes) };
  return { id, ...cause, missing, frees: whatFrees({ ...cause, missing }) };
}

function mostHeldUp(codes: Map<string, number>): { code: string; records: number }[] {
  const all = [...codes].map(([code, records]) => ({ code, records }));
  return all.toSorted((one, other) => other.records - one.records || (one.code < other.code ? -1 : 1)).slice(0, mostCodes);
}

function whatFrees({ code, states, missing, fix }: Pick<Cause, 'code' | 'states' | 'missing' | 'fix'>): string {
  if (missing) return `entries in the value map ${missing.valueMapId}; its records then go out by themselves`;
  if (code.startsWith('OVERRIDE_')) return 'a change of that field override; its records are then mapped again by themselves';
  if (states.blocked) return `${fix === '' ? 'mend the cause' : fix.replace(/\.$/, '')}, then replay this cause`;
  if (states.uncertain) return 'the target, once it can be asked what it holds';
  return 'nothing needs to be done: they are tried again by themselves';
}

function mostRecordsFirst(one: Cause, other: Cause): number {
  return other.records - one.records || one.oldestAt - other.oldestAt;
}
