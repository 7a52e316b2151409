import { createHash, hash, type Hash } from 'node:crypto';
import type { AuditAnchorRow, AuditHeadRow } from '../store/index.ts';

/** Of the trail that belongs to no tenant. */
export const relayTrail = 'relay';

/** An anchor as it is kept outside: a line of the anchor file, the body of an export. */
export interface AnchorExport {
  tenantId: string;
  number: number;
  kind: string;
  day: string;
  throughAt: number;
  madeAt: number;
  headCount: number;
  headsHash: string;
  contentBefore: number | null;
  prevHash: string;
  hash: string;
  keyId: string;
  signature: string;
}

/** All that an anchor says, as it is hashed and signed. */
export function anchorHash(row: Omit<AuditAnchorRow, 'hash' | 'signature'>): string {
  const { tenant_id, number, kind, day, through_at, made_at, head_count, heads_hash, content_before, prev_hash, key_id } = row;
  const content = [tenant_id, number, kind, day, through_at, made_at, head_count, heads_hash, content_before, prev_hash, key_id];
  return hash('sha256', JSON.stringify(content), 'hex');
}

/** Takes the heads of one anchor in order of their subjects; answers their digest at the end. */
export function headsDigest(): {
  add(head: Pick<AuditHeadRow, 'subject_id' | 'seq' | 'hash' | 'gone'>): void;
  count: number;
  end(): string;
} {
  const digest: Hash = createHash('sha256');
  return {
    count: 0,
    add({ subject_id, seq, hash: head, gone }) {
      this.count++;
      digest.update(`${JSON.stringify([subject_id, seq, head, gone])}\n`);
    },
    end: () => digest.digest('hex'),
  };
}

export function exportOf(row: AuditAnchorRow): AnchorExport {
  return {
    tenantId: row.tenant_id,
    number: row.number,
    kind: row.kind,
    day: row.day,
    throughAt: row.through_at,
    madeAt: row.made_at,
    headCount: row.head_count,
    headsHash: row.heads_hash,
    contentBefore: row.content_before,
    prevHash: row.prev_hash,
    hash: row.hash,
    keyId: row.key_id,
    signature: row.signature,
  };
}

/** `2026-05-31`, UTC. */
export function dayOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

export const dayMs = 86_400_000;
