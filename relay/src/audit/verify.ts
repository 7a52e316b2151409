import type { Clock } from '@ml-connector/shared';
import { sql } from 'kysely';
import type { AuditHeadRow, EventRow, Store } from '../store/index.ts';
import type { Vault } from '../vault/index.ts';
import { checkAnchors } from './anchor-check.ts';
import { signatureCheck } from './anchor-key.ts';
import { ChainCheck, type AnchoredTenant } from './chain-check.ts';
import type { AuditFault } from './faults.ts';
import { grouped, type Group } from './in-order.ts';

export interface VerifyInput {
  store: Store;
  vault: Vault;
  clock: Clock;
  /** Default: all tenants, and what belongs to none. */
  tenantId?: string | undefined;
  /** Faults of days before are left out. Milliseconds since 1970. */
  since?: number | undefined;
  anchorFile?: string | undefined;
  signal?: AbortSignal | undefined;
  onProgress?: (events: number) => void;
}

export interface AuditReport {
  events: number;
  chains: number;
  anchors: number;
  /** Until when everything is anchored; null: nothing is. */
  anchoredThrough: number | null;
  faultCount: number;
  /** The first `maxFaults`. */
  faults: AuditFault[];
}

export const maxFaults = 1000;

/**
 * Looks whether every audit trail is as it was written, and every anchor as it was signed. Only reads; whoever writes meanwhile is not
 * disturbed. Rejects with `VAULT_KEY_MISSING` when signatures cannot be checked.
 */
export async function verifyAudit(input: VerifyInput): Promise<AuditReport> {
  for (let round = 1; ; round++) {
    const before = await newestAnchors(input);
    const report = await verifyOnce(input);
    // The retention may have removed under our eyes what we expected; it makes an anchor first.
    if (report.faultCount === 0 || round === 3 || (await newestAnchors(input)) === before) return report;
  }
}

async function newestAnchors({ store, tenantId }: VerifyInput): Promise<string> {
  let query = store.db.selectFrom('audit_anchor').select(({ fn }) => ['tenant_id', fn.max('number').as('number')]);
  if (tenantId !== undefined) query = query.where('tenant_id', '=', tenantId);
  const rows = await query.groupBy('tenant_id').orderBy('tenant_id').execute();
  return rows.map(({ tenant_id, number }) => `${tenant_id} ${number}`).join(',');
}

/**
 * Reads every event and every anchored head once, side by side in order of their subjects, page by page.
 */
async function verifyOnce({ store, vault, clock, tenantId, since, anchorFile, signal, onProgress }: VerifyInput): Promise<AuditReport> {
  const report: AuditReport = { events: 0, chains: 0, anchors: 0, anchoredThrough: null, faultCount: 0, faults: [] };
  const firstDay = since === undefined ? '' : new Date(since).toISOString().slice(0, 10);
  const tell = (fault: AuditFault): void => {
    if (fault.day < firstDay) return;
    report.faultCount++;
    if (report.faults.length < maxFaults) report.faults.push(fault);
  };
  const readAt = clock.now();
  const checkSignature = await signatureCheck({ store, vault });
  const anchors = await checkAnchors(store, { tenantId, checkSignature, anchorFile, report: tell, readAt });
  for (const { count } of anchors.values()) report.anchors += count;
  const through = [...anchors.values()].map(({ throughAt }) => throughAt);
  report.anchoredThrough = through.length > 0 ? Math.min(...through) : null;

  for await (const { subjectId, heads, events } of sideBySide(store, tenantId)) {
    signal?.throwIfAborted();
    report.chains++;
    for (const head of heads) anchors.get(head.tenant_id)?.addHead(head);
    await checkOne(subjectId, heads, events);
  }
  for (const checked of anchors.values()) checked.end();
  return report;

  async function checkOne(subjectId: string, heads: AuditHeadRow[], events: AsyncIterable<EventRow> | undefined): Promise<void> {
    let check: ChainCheck | undefined;
    const checkFor = (owner: string): ChainCheck => {
      const anchored = anchors.get(owner) ?? { ...notAnchored, readAt };
      // What an anchor in the making lists is not signed yet.
      const signed = heads.filter((head) => anchored.dayOf(head.number) !== '');
      return new ChainCheck({ tenantId: owner, subjectId, heads: signed, anchored, report: tell });
    };
    if (events)
      for await (const event of events) {
        check ??= checkFor(heads[0]?.tenant_id ?? event.tenant_id);
        check.next(event);
        report.events++;
        if (report.events % 10_000 === 0) {
          onProgress?.(report.events);
          signal?.throwIfAborted();
        }
      }
    check ??= checkFor(heads[0]?.tenant_id ?? '');
    check.end();
  }
}

const notAnchored: Omit<AnchoredTenant, 'readAt'> = {
  throughAt: Number.MIN_SAFE_INTEGER,
  contentBefore: Number.MIN_SAFE_INTEGER,
  dayOf: () => '',
  hashOf: () => undefined,
  madeAt: () => undefined,
};

interface Subject {
  subjectId: string;
  heads: AuditHeadRow[];
  /** To be read before the next subject is asked for; undefined: there are none. */
  events: AsyncIterable<EventRow> | undefined;
}

async function* sideBySide(store: Store, tenantId: string | undefined): AsyncGenerator<Subject> {
  const events = grouped(eventPages(store, tenantId));
  const heads = grouped(headPages(store, tenantId));
  let [chain, anchored]: [Group<EventRow> | undefined, Group<AuditHeadRow> | undefined] = [await events.next(), await heads.next()];
  while (chain || anchored) {
    const isChain = chain !== undefined && (!anchored || chain.subjectId <= anchored.subjectId);
    const isAnchored = anchored !== undefined && (!chain || anchored.subjectId <= chain.subjectId);
    const own: AuditHeadRow[] = [];
    if (isAnchored && anchored) for await (const head of anchored.rows) own.push(head);
    yield { subjectId: (isChain ? chain : anchored)?.subjectId ?? '', heads: own, events: isChain ? chain?.rows : undefined };
    if (isChain) chain = await events.next();
    if (isAnchored) anchored = await heads.next();
  }
}

const pageSize = 500;

async function* eventPages(store: Store, tenantId: string | undefined): AsyncGenerator<EventRow[]> {
  for (let after: EventRow | undefined; ;) {
    let query = store.db.selectFrom('event').selectAll().orderBy('subject_id').orderBy('seq').limit(pageSize);
    if (tenantId !== undefined) query = query.where('tenant_id', '=', tenantId);
    if (after) query = query.where(sql<boolean>`(subject_id, seq) > (${after.subject_id}, ${after.seq})`);
    const page = await query.execute();
    yield page;
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}

async function* headPages(store: Store, tenantId: string | undefined): AsyncGenerator<AuditHeadRow[]> {
  for (let after: AuditHeadRow | undefined; ;) {
    let query = store.db.selectFrom('audit_head').selectAll().orderBy('subject_id').orderBy('number').limit(pageSize);
    if (tenantId !== undefined) query = query.where('tenant_id', '=', tenantId);
    if (after) query = query.where(sql<boolean>`(subject_id, number) > (${after.subject_id}, ${after.number})`);
    const page = await query.execute();
    yield page;
    after = page.at(-1);
    if (page.length < pageSize) return;
  }
}
