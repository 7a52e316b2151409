import type { Clock } from '@ml-connector/shared';
import { sql, type Kysely } from 'kysely';
import { addEvent } from '../ledger/index.ts';
import type { AuditAnchorRow, AuditHeadRow, Db, Store } from '../store/index.ts';
import type { Vault } from '../vault/index.ts';
import { appendAnchor } from './anchor-file.ts';
import { anchorKey } from './anchor-key.ts';
import { anchorHash, dayMs, dayOf, exportOf, headsDigest, type AnchorExport } from './anchor.ts';

export interface AnchorDeps {
  store: Store;
  vault: Vault;
  clock: Clock;
  /** Where every anchor is written as well, outside the database; see `anchorFileOf`. */
  anchorFile: string | undefined;
}

/** Events are written soon after the time that they are dated; by then they surely are. */
export const settledMs = 15 * 60_000;

// A chain may have got an event dated before the last anchor's end after that anchor was made.
const overlapMs = 60 * 60_000;

/**
 * Anchors a tenant's trail: `day` up to the end of the last day that is over for at least `settledMs`, `now` up to that long ago. Both
 * commit to every chain touched since the anchor before, as it stands now. Answers undefined when the day is anchored already.
 */
export async function makeAnchor(
  deps: AnchorDeps,
  { tenantId, kind, actor = 'engine' }: { tenantId: string; kind: 'day' | 'now'; actor?: string },
): Promise<AnchorExport | undefined> {
  const { store, clock } = deps;
  const settledAt = clock.now() - settledMs;
  const throughAt = kind === 'now' ? settledAt : settledAt - (settledAt % dayMs) - 1;
  const last = await lastAnchor(store.db, tenantId);
  if (kind === 'day' && last && last.through_at >= throughAt) return undefined;
  const staging = -Math.floor(clock.now() / 1000);
  await clearStaging(store.db, tenantId, staging);
  await collectHeads(store, { tenantId, number: staging, since: last ? last.through_at - overlapMs : undefined });
  const key = await anchorKey(deps);
  const row = await store.transaction(async (transaction) => {
    const present = await lastAnchor(transaction, tenantId);
    // Another relay on the same database was faster.
    if (kind === 'day' && present && present.through_at >= throughAt) return undefined;
    const number = (present?.number ?? 0) + 1;
    await transaction.updateTable('audit_head').set({ number }).where('tenant_id', '=', tenantId).where('number', '=', staging).execute();
    const end = Math.max(throughAt, present?.through_at ?? 0);
    return writeAnchor(transaction, deps, key, {
      last: present,
      anchor: { tenantId, number, kind, day: dayOf(throughAt), throughAt: end },
      actor,
    });
  });
  if (!row) return undefined;
  const anchor = exportOf(row);
  if (deps.anchorFile !== undefined) await appendAnchor(deps.anchorFile, anchor);
  return anchor;
}

/** Heads are collected under a number below zero, the second it began; what is a day old is of an attempt that was broken off. */
async function clearStaging(db: Kysely<Db>, tenantId: string, staging: number): Promise<void> {
  await db
    .deleteFrom('audit_head')
    .where('tenant_id', '=', tenantId)
    .where('number', '<', 0)
    .where('number', '>', staging + dayMs / 1000)
    .execute();
}

export function lastAnchor(db: Kysely<Db>, tenantId: string): Promise<AuditAnchorRow | undefined> {
  return db.selectFrom('audit_anchor').selectAll().where('tenant_id', '=', tenantId).orderBy('number', 'desc').limit(1).executeTakeFirst();
}

interface Place {
  at: number;
  subject_id: string;
  seq: number;
}

const chunk = 1000;

/** The present head of every chain with an event dated later than `since`, chunk by chunk: days may be long. */
async function collectHeads(store: Store, { tenantId, number, since }: { tenantId: string; number: number; since: number | undefined }) {
  let from: Place = { at: since ?? Number.MIN_SAFE_INTEGER, subject_id: '', seq: 0 };
  for (;;) {
    const places = await store.db
      .selectFrom('event')
      .select(['at', 'subject_id', 'seq'])
      .where('tenant_id', '=', tenantId)
      .where(sql<boolean>`(at, subject_id, seq) > (${from.at}, ${from.subject_id}, ${from.seq})`)
      .orderBy('at')
      .orderBy('subject_id')
      .orderBy('seq')
      .limit(chunk)
      .execute();
    const newest = places.at(-1);
    if (!newest) return;
    from = newest;
    const subjects = [...new Set(places.map(({ subject_id }) => subject_id))];
    const heads = await headsNow(store.db, subjects);
    await store.db
      .insertInto('audit_head')
      .values(heads.map((head) => ({ ...head, tenant_id: tenantId, number, gone: 0 })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** The newest event of each of these chains. */
export function headsNow(db: Kysely<Db>, subjects: readonly string[]): Promise<Pick<AuditHeadRow, 'subject_id' | 'seq' | 'hash'>[]> {
  return db
    .selectFrom('event as one')
    .select(['one.subject_id', 'one.seq', 'one.hash'])
    .where('one.subject_id', 'in', subjects)
    .where('one.seq', '=', (inner) =>
      inner
        .selectFrom('event as newest')
        .select(({ fn }) => fn.max('newest.seq').as('seq'))
        .whereRef('newest.subject_id', '=', 'one.subject_id'),
    )
    .execute();
}

interface OpenAnchor {
  last: AuditAnchorRow | undefined;
  anchor: { tenantId: string; number: number; kind: string; day: string; throughAt: number; contentBefore?: number };
  actor: string;
}

/** The anchor's row over the heads that stand under its number, and its line in the tenant's trail. */
export async function writeAnchor(
  transaction: Kysely<Db>,
  { clock }: Pick<AnchorDeps, 'clock'>,
  key: Awaited<ReturnType<typeof anchorKey>>,
  { last, anchor, actor }: OpenAnchor,
): Promise<AuditAnchorRow> {
  const { tenantId, number, kind, day, throughAt, contentBefore } = anchor;
  const digest = headsDigest();
  for await (const head of headsOf(transaction, { tenantId, number })) digest.add(head);
  const unsigned = {
    tenant_id: tenantId,
    number,
    kind,
    day,
    through_at: throughAt,
    made_at: clock.now(),
    head_count: digest.count,
    heads_hash: digest.end(),
    content_before: contentBefore ?? last?.content_before ?? null,
    prev_hash: last?.hash ?? '',
    key_id: key.keyId,
  };
  const anchorDigest = anchorHash(unsigned);
  const row = { ...unsigned, hash: anchorDigest, signature: key.sign(anchorDigest) };
  await transaction.insertInto('audit_anchor').values(row).execute();
  const data = { number, anchor: kind, day, heads: row.head_count, hash: row.hash };
  await addEvent(transaction, { subjectId: tenantId, tenantId, at: row.made_at, actor, kind: 'audit.anchored', data });
  return row;
}

/** In order of their subjects. */
async function* headsOf(db: Kysely<Db>, { tenantId, number }: { tenantId: string; number: number }): AsyncGenerator<AuditHeadRow> {
  for (let after = ''; ;) {
    const page = await db
      .selectFrom('audit_head')
      .selectAll()
      .where('tenant_id', '=', tenantId)
      .where('number', '=', number)
      .where('subject_id', '>', after)
      .orderBy('subject_id')
      .limit(chunk)
      .execute();
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < chunk) return;
    after = last.subject_id;
  }
}
