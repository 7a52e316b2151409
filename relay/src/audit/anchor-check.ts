import type { AuditAnchorRow, Store } from '../store/index.ts';
import { anchorsIn } from './anchor-file.ts';
import type { CheckSignature } from './anchor-key.ts';
import { anchorHash, headsDigest } from './anchor.ts';
import type { AnchoredTenant } from './chain-check.ts';
import type { AuditFault } from './faults.ts';

/** The anchors of one tenant, with a running digest over the heads of each. */
export interface CheckedAnchors extends AnchoredTenant {
  newest: number;
  count: number;
  /** Takes a head of any of the anchors; those of one anchor come in order of their subjects. */
  addHead(head: { number: number; subject_id: string; seq: number; hash: string; gone: number }): void;
  /** All heads were added: reports anchors whose heads are not those that were signed. */
  end(): void;
}

export interface AnchorCheckInput {
  tenantId: string | undefined;
  checkSignature: CheckSignature;
  /** Anchors kept outside the database. */
  anchorFile: string | undefined;
  report: (fault: AuditFault) => void;
  readAt: number;
}

/** Checks all anchors, or one tenant's, in themselves, in their sequence and against those kept outside; by tenant. */
export async function checkAnchors(store: Store, input: AnchorCheckInput): Promise<Map<string, CheckedAnchors>> {
  let query = store.db.selectFrom('audit_anchor').selectAll().orderBy('tenant_id').orderBy('number');
  if (input.tenantId !== undefined) query = query.where('tenant_id', '=', input.tenantId);
  const rows = await query.execute();
  const checked = new Map<string, CheckedAnchors>();
  for (const [tenantId, anchors] of Map.groupBy(rows, ({ tenant_id }) => tenant_id)) {
    checkSequence(anchors, input);
    checked.set(tenantId, withHeads(tenantId, anchors, input));
  }
  if (input.anchorFile !== undefined) await compareOutside(rows, input.anchorFile, input);
  return checked;
}

function checkSequence(anchors: readonly AuditAnchorRow[], { checkSignature, report }: AnchorCheckInput): void {
  let previous: Pick<AuditAnchorRow, 'number' | 'hash'> = { number: 0, hash: '' };
  for (const anchor of anchors) {
    const at = { tenantId: anchor.tenant_id, subjectId: null, seq: anchor.number, day: anchor.day };
    if (anchor.number !== previous.number + 1) {
      const detail = `anchors ${previous.number + 1} to ${anchor.number - 1} are missing before the one of ${anchor.day}`;
      report({ ...at, seq: previous.number + 1, fault: 'anchor removed', detail });
    } else if (anchor.prev_hash !== previous.hash) {
      report({ ...at, fault: 'anchor edited', detail: 'it does not follow the anchor before it' });
    }
    if (anchorHash(anchor) !== anchor.hash) report({ ...at, fault: 'anchor edited', detail: 'what it says does not fit its hash' });
    else if (!checkSignature(anchor.key_id, anchor.hash, anchor.signature))
      report({ ...at, fault: 'anchor forged', detail: 'its signature is not by a key of this relay' });
    previous = anchor;
  }
}

function withHeads(tenantId: string, anchors: readonly AuditAnchorRow[], { report, readAt }: AnchorCheckInput): CheckedAnchors {
  const byNumber = new Map(anchors.map((anchor) => [anchor.number, { anchor, digest: headsDigest() }]));
  const newest = anchors.at(-1);
  return {
    throughAt: newest?.through_at ?? Number.MIN_SAFE_INTEGER,
    contentBefore: newest?.content_before ?? Number.MIN_SAFE_INTEGER,
    readAt,
    newest: newest?.number ?? 0,
    count: anchors.length,
    dayOf: (number) => byNumber.get(number)?.anchor.day ?? '',
    madeAt: (number) => byNumber.get(number)?.anchor.made_at,
    hashOf: (number) => byNumber.get(number)?.anchor.hash,
    addHead(head) {
      // Under a number below zero an anchor is in the making.
      byNumber.get(head.number)?.digest.add(head);
    },
    end() {
      for (const { anchor, digest } of byNumber.values()) {
        if (digest.count === anchor.head_count && digest.end() === anchor.heads_hash) continue;
        const detail = `the ${digest.count} chains that it lists are not the ${anchor.head_count} that were signed`;
        report({ tenantId, subjectId: null, seq: anchor.number, day: anchor.day, fault: 'anchor edited', detail });
      }
    },
  };
}

async function compareOutside(rows: readonly AuditAnchorRow[], file: string, { tenantId, report }: AnchorCheckInput): Promise<void> {
  const present = new Map(rows.map((row) => [`${row.tenant_id} ${row.number}`, row.hash]));
  for (const [name, kept] of await anchorsIn(file)) {
    if (tenantId !== undefined && kept.tenantId !== tenantId) continue;
    const hash = present.get(name);
    if (hash === kept.hash) continue;
    const at = { tenantId: kept.tenantId, subjectId: null, seq: kept.number, day: kept.day };
    if (hash === undefined) report({ ...at, fault: 'anchor removed', detail: `it is in ${file} but not in the database` });
    else report({ ...at, fault: 'anchor edited', detail: `the one in ${file} is another` });
  }
}
