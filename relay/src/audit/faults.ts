/** Something in an audit trail that is not as it was written. */
export interface AuditFault {
  tenantId: string;
  /** Record, run, connection, tenant …; null: an anchor itself. */
  subjectId: string | null;
  /** Of the event; of the anchor where `subjectId` is null. */
  seq: number;
  fault: FaultKind;
  /** UTC day of the event, or of the anchor that tells. */
  day: string;
  detail: string;
}

export const faultMeanings = {
  edited: 'the event is not as it was written',
  removed: 'events are missing',
  'not linked': 'the event does not follow the one before it: reordered, or put in between',
  inserted: 'the event was put there after its day was anchored',
  'content removed': 'the content is gone though no retention dropped it',
  'anchor edited': 'the anchor, or what it lists, is not as it was signed',
  'anchor removed': 'an anchor is missing',
  'anchor forged': 'the anchor was not signed by this relay',
} as const satisfies Record<string, string>;
export type FaultKind = keyof typeof faultMeanings;
