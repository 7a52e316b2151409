import { eventHash, isContentDropped } from '../ledger/index.ts';
import type { AuditHeadRow, EventRow } from '../store/index.ts';
import { dayOf } from './anchor.ts';
import type { AuditFault } from './faults.ts';

/** What the anchors of a tenant say of all its chains. */
export interface AnchoredTenant {
  /** Every event dated until then is in an anchor. */
  throughAt: number;
  contentBefore: number;
  /** Of an anchor by its number. */
  dayOf(number: number): string;
  hashOf(number: number): string | undefined;
  madeAt(number: number): number | undefined;
  /** When the anchors were read: what is newer is not known here. */
  readAt: number;
}

/** Checks one chain, event by event in order of `seq`, against itself and against the anchored heads of its subject. */
export class ChainCheck {
  readonly #tenantId: string;
  readonly #subjectId: string;
  readonly #heads: readonly AuditHeadRow[];
  readonly #anchored: AnchoredTenant;
  readonly #report: (fault: AuditFault) => void;
  readonly #anchoredSeq: number;
  /** When the retention removed this chain; what comes later begins anew. */
  readonly #goneAt: number | undefined;
  #isRewritten = false;
  #previous: { seq: number; hash: string } = { seq: 0, hash: '' };

  constructor(about: {
    tenantId: string;
    subjectId: string;
    /** In order of their anchors. */
    heads: readonly AuditHeadRow[];
    anchored: AnchoredTenant;
    report: (fault: AuditFault) => void;
  }) {
    this.#tenantId = about.tenantId;
    this.#subjectId = about.subjectId;
    const goneAt = about.heads.findLastIndex((head) => head.gone === 1);
    const gone = about.heads[goneAt];
    this.#heads = about.heads.slice(goneAt + 1);
    this.#anchored = about.anchored;
    this.#report = about.report;
    this.#anchoredSeq = Math.max(0, ...this.#heads.map(({ seq }) => seq));
    this.#goneAt = gone && about.anchored.madeAt(gone.number);
  }

  next(event: EventRow): void {
    const { seq, hash } = event;
    const previous = this.#previous;
    this.#previous = { seq, hash };
    const day = dayOf(event.at);
    if (seq !== previous.seq + 1) {
      const missing = seq - previous.seq - 1;
      this.#fault('removed', previous.seq + 1, day, missing === 1 ? 'the event is missing' : `${missing} events are missing from here on`);
    } else if (event.prev_hash !== previous.hash) {
      this.#fault(
        'not linked',
        seq,
        day,
        'it does not follow the event before it: reordered, put in between, or the one before was replaced',
      );
    }
    if (hash !== eventHash(event)) return this.#fault('edited', seq, day, 'what it says does not fit its hash');
    const rewritten = this.#heads.find((head) => head.seq === seq && head.hash !== hash);
    if (rewritten && this.#isRewritten) return;
    if (rewritten) {
      this.#isRewritten = true; // as is, then, every later one
      const anchor = `the anchor of ${this.#anchored.dayOf(rewritten.number)} (number ${rewritten.number})`;
      return this.#fault('edited', seq, day, `${anchor} holds another hash: this event or one before it was rewritten`);
    }
    if (this.#goneAt !== undefined && event.at < this.#goneAt)
      return this.#fault('inserted', seq, day, 'the retention removed this chain later than this event is dated');
    if (seq > this.#anchoredSeq && event.at <= this.#anchored.throughAt) {
      const detail = 'it is dated before the newest anchor but not in it: put there later, or the clock of the relay went back';
      return this.#fault('inserted', seq, day, detail);
    }
    if (event.kind === 'audit.anchored' && this.#subjectId === this.#tenantId) this.#checkAnnounced(event);
    if (isContentDropped(event.data_json) && !this.#mayBeDropped(event))
      this.#fault('content removed', seq, day, 'only the digest of its content is left, and no retention says so');
  }

  /** There are no further events. */
  end(): void {
    const { seq: last } = this.#previous;
    const missing = this.#heads.findLast((head) => head.seq > last);
    if (!missing) return;
    const day = this.#anchored.dayOf(missing.number);
    const found = last === 0 ? 'nothing of it is there' : `only ${last} of them are there`;
    this.#fault('removed', last + 1, day, `the anchor of ${day} (number ${missing.number}) holds ${missing.seq} events; ${found}`);
  }

  /** Every anchor has a line in the tenant's trail: one that is there only is missing. */
  #checkAnnounced({ at, data_json: dataJson, seq }: EventRow): void {
    const { number, hash, day } = JSON.parse(dataJson) as { number: number; hash: string; day: string };
    const present = this.#anchored.hashOf(number);
    if (present === hash || (present === undefined && at > this.#anchored.readAt)) return;
    const detail = `event ${seq} of the trail says that anchor ${number} was made, with hash ${hash}`;
    const fault = present === undefined ? 'anchor removed' : 'anchor edited';
    this.#report({ tenantId: this.#tenantId, subjectId: null, seq: number, fault, day, detail });
  }

  #mayBeDropped({ at, subject_id }: EventRow): boolean {
    return at < this.#anchored.contentBefore && /^(rec|run)_/.test(subject_id);
  }

  #fault(fault: AuditFault['fault'], seq: number, day: string, detail: string): void {
    this.#report({ tenantId: this.#tenantId, subjectId: this.#subjectId, seq, fault, day, detail });
  }
}
