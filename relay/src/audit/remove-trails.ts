import type { Kysely } from 'kysely';
import { checkChain } from '../ledger/index.ts';
import type { AuditAnchorRow, Db, EventRow } from '../store/index.ts';
import { appendAnchor } from './anchor-file.ts';
import { anchorKey } from './anchor-key.ts';
import { dayOf, exportOf } from './anchor.ts';
import { lastAnchor, writeAnchor, type AnchorDeps } from './make-anchor.ts';

/** Signs that content older than that may be gone, before the first is dropped. Nothing happens where that is signed already. */
export async function allowDropping(
  deps: AnchorDeps,
  { tenantId, contentBefore }: { tenantId: string; contentBefore: number },
): Promise<void> {
  const key = await anchorKey(deps);
  const row = await deps.store.transaction(async (transaction) => {
    const last = await lastAnchor(transaction, tenantId);
    if ((last?.content_before ?? 0) >= contentBefore) return undefined;
    return removalAnchor(transaction, { deps, key, last, tenantId, contentBefore });
  });
  await keepOutside(deps, row);
}

/**
 * Removes whole trails, and the attempts or runs that they tell of. Their last hashes go into a signed anchor in the same transaction. A
 * trail that is not as it was written stays, as evidence.
 */
export async function removeTrails(
  deps: AnchorDeps,
  { tenantId, subjects, runs = false }: { tenantId: string; subjects: readonly string[]; runs?: boolean },
): Promise<{ removed: number; damaged: number }> {
  if (subjects.length === 0) return { removed: 0, damaged: 0 };
  const key = await anchorKey(deps);
  const outcome = await deps.store.transaction(
    async (transaction) => {
      const trails = await trailsOf(transaction, subjects);
      const sound = await soundOnes(transaction, trails);
      const last = await lastAnchor(transaction, tenantId);
      const number = (last?.number ?? 0) + 1;
      const heads = sound.map((trail) => trail.at(-1)!);
      const ids = heads.map(({ subject_id }) => subject_id);
      const damaged = trails.length - sound.length;
      const without = runs ? subjects.filter((id) => !trails.some(([first]) => first?.subject_id === id)) : [];
      if (runs && without.length > 0) await transaction.deleteFrom('run').where('id', 'in', without).execute();
      if (ids.length === 0) return { removed: without.length, damaged, row: undefined };
      await transaction
        .insertInto('audit_head')
        .values(heads.map(({ subject_id, seq, hash }) => ({ tenant_id: tenantId, number, subject_id, seq, hash, gone: 1 })))
        .execute();
      const row = await removalAnchor(transaction, { deps, key, last, tenantId });
      await transaction.deleteFrom('event').where('subject_id', 'in', ids).execute();
      if (runs) await transaction.deleteFrom('run').where('id', 'in', ids).execute();
      else await transaction.deleteFrom('attempt').where('record_id', 'in', ids).execute();
      return { removed: ids.length + without.length, damaged, row };
    },
    { alone: true },
  );
  await keepOutside(deps, outcome.row);
  return { removed: outcome.removed, damaged: outcome.damaged };
}

interface Removal {
  deps: AnchorDeps;
  key: Awaited<ReturnType<typeof anchorKey>>;
  last: AuditAnchorRow | undefined;
  tenantId: string;
  contentBefore?: number;
}

function removalAnchor(transaction: Kysely<Db>, { deps, key, last, tenantId, contentBefore }: Removal): Promise<AuditAnchorRow> {
  const number = (last?.number ?? 0) + 1;
  const throughAt = last?.through_at ?? 0;
  const anchor = { tenantId, number, kind: 'removal', day: dayOf(deps.clock.now()), throughAt, ...(contentBefore && { contentBefore }) };
  return writeAnchor(transaction, deps, key, { last, anchor, actor: 'engine' });
}

async function keepOutside({ anchorFile }: AnchorDeps, row: AuditAnchorRow | undefined): Promise<void> {
  if (anchorFile !== undefined && row) await appendAnchor(anchorFile, exportOf(row));
}

async function trailsOf(db: Kysely<Db>, subjects: readonly string[]): Promise<EventRow[][]> {
  const rows = await db.selectFrom('event').selectAll().where('subject_id', 'in', subjects).orderBy('subject_id').orderBy('seq').execute();
  return [...Map.groupBy(rows, ({ subject_id }) => subject_id).values()];
}

async function soundOnes(db: Kysely<Db>, trails: readonly EventRow[][]): Promise<EventRow[][]> {
  const whole = trails.filter((trail) => checkChain(trail) === undefined);
  if (whole.length === 0) return [];
  const heads = await db
    .selectFrom('audit_head')
    .select(['subject_id', 'seq', 'hash'])
    .where(
      'subject_id',
      'in',
      whole.map(([first]) => first!.subject_id),
    )
    .where('gone', '=', 0)
    .execute();
  const anchored = Map.groupBy(heads, ({ subject_id }) => subject_id);
  return whole.filter((trail) => (anchored.get(trail[0]!.subject_id) ?? []).every(({ seq, hash }) => trail[seq - 1]?.hash === hash));
}
