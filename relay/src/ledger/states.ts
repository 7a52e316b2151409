import type { Clock } from '@ml-connector/shared';
import type { Kysely } from 'kysely';
import type { Db, Sql, Steps } from '../store/index.ts';

/** The one table of what may follow what; the database's conditional updates, the API and the UI read it. */
export const nextStates = {
  pending: ['posting', 'skipped', 'waiting', 'blocked'], // blocked: the mapping is incomplete, so nothing was sent
  posting: ['succeeded', 'failed', 'uncertain', 'blocked', 'waiting'], // waiting: the target does not take it yet, nothing was sent
  uncertain: ['succeeded', 'pending', 'blocked'], // decided by asking the target what it holds
  failed: ['pending', 'skipped'], // its time has come, or a newer version superseded it
  waiting: ['pending', 'skipped'], // the period opened, the predecessor is through
  blocked: ['pending', 'skipped'], // the mapping was added, or a person pressed Replay
  succeeded: [],
  skipped: [],
} as const satisfies Record<string, readonly string[]>;
export type RecordState = keyof typeof nextStates;
export type Next<From extends RecordState> = (typeof nextStates)[From][number];

/** What each state means, for people. */
export const stateMeanings: Record<RecordState, string> = {
  pending: 'waits for its turn',
  posting: 'is being sent to the target',
  uncertain: 'may have been applied: the target is being asked what it holds',
  succeeded: 'the target holds it',
  failed: 'was not applied; will be tried again by itself',
  blocked: 'needs a person: a mapping is missing, or the target refused it',
  waiting: 'waits for something outside: a period to open, a predecessor',
  skipped: 'was not sent: filtered, unchanged, or superseded by a newer version',
};

/** States that a newer version of a master record supersedes: surely not applied, and not in somebody's hands. */
export const supersedableStates = ['pending', 'failed', 'blocked', 'waiting'] as const satisfies readonly RecordState[];

/** Why a record is in its state; several when several things are missing. */
export interface StateReason {
  /** Stable: `VALUE_MAP_MISSING`, `SUPERSEDED`, or the code of the error. */
  code: string;
  message: string;
  fix?: string | undefined;
  missing?: { valueMapId: string; code: string } | undefined;
}

export interface Moved {
  id: string;
  reasons?: StateReason[];
  nextAttemptAt?: number;
}

/** Moves a record, or answers false when another worker moved it first. */
export async function move<From extends RecordState>(
  db: Kysely<Db>,
  clock: Clock,
  { id, reasons, nextAttemptAt }: Moved,
  from: From,
  to: Next<From>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('record')
    .set({ state: to, reason_json: reasonText(reasons), next_attempt_at: nextAttemptAt ?? null, changed_at: clock.now() })
    .where('id', '=', id)
    .where('state', '=', from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** What else a move writes, in the same update. */
export interface Written {
  mapping_version?: string;
  target_id?: string;
  target_label?: string;
  action?: string;
}

/** The same as `move`, inside a job of the hot paths. */
export function* moveNow<From extends RecordState>(
  sql: Sql,
  clock: Clock,
  { id, reasons, nextAttemptAt }: Moved,
  from: From,
  to: Next<From>,
  written: Written = {},
): Steps<boolean> {
  const { changes } = yield* sql.run(
    moveText(from, to, written),
    reasonText(reasons),
    nextAttemptAt ?? null,
    clock.now(),
    ...(Object.values(written) as string[]),
    id,
  );
  return changes === 1;
}

const moveTexts = new Map<string, string>();

// The states are literals: compared with a parameter, SQLite plans the statement anew for each record, since one index holds a single state.
function moveText(from: RecordState, to: RecordState, written: Written): string {
  const columns = Object.keys(written);
  const name = `${from} ${to} ${columns.length === 0 ? '' : columns.join(' ')}`;
  let text = moveTexts.get(name);
  if (text === undefined) {
    const more = columns.map((column) => `, ${column} = ?`).join('');
    text = `update record set state = '${to}', reason_json = ?, next_attempt_at = ?, changed_at = ?${more} where id = cast(? as text) and state = '${from}'`;
    moveTexts.set(name, text);
  }
  return text;
}

/** Pending becomes posting, with one attempt more than `attempts`; answers false when another worker moved it first. */
export function* moveToPosting(
  sql: Sql,
  clock: Clock,
  { id, attempts, mappingVersion, nodeId }: { id: string; attempts: number; mappingVersion: string; nodeId: string | null },
): Steps<boolean> {
  const { changes } = yield* sql.run(
    `update record set state = 'posting', reason_json = null, next_attempt_at = null, changed_at = ?, attempts = attempts + 1,
       mapping_version = ?, node_id = ? where id = cast(? as text) and state = 'pending' and attempts = ?`,
    clock.now(),
    mappingVersion,
    nodeId,
    id,
    attempts,
  );
  return changes === 1;
}

/** Many records from one state to another; answers the ids of those that were still in it. */
export function* moveMany<From extends RecordState>(
  sql: Sql,
  clock: Clock,
  { ids, reasons }: { ids: readonly string[]; reasons?: StateReason[] },
  from: From,
  to: Next<From>,
): Steps<string[]> {
  if (ids.length === 0) return [];
  const moved = yield* sql.all<{ id: string }>(
    `update record set state = '${to}', reason_json = ?, next_attempt_at = null, changed_at = ? where id in ?* and state = '${from}'
     returning id`,
    reasonText(reasons),
    clock.now(),
    ids,
  );
  return moved.map(({ id }) => id);
}

function reasonText(reasons: StateReason[] | undefined): string | null {
  return reasons && reasons.length > 0 ? JSON.stringify(reasons) : null;
}
