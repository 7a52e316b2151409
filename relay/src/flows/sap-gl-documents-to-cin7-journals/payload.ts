import { fromSapDate, toSapDate } from '@ml-connector/shared';
import type { Cin7JournalBody } from '../../systems/cin7-core/index.ts';
import type { BlockReason } from '../flow.ts';
import { longestNotes } from './notes.ts';

/** What is asked of Cin7 Core for one document. */
export interface JournalsBody {
  key: string;
  /** Currency of the company code; Cin7 Core must keep its books in it. */
  baseCurrency: string;
  /** For all journals; the only part that field overrides may change, as the rest has to balance and to be found again. */
  header: JournalHeader;
  /** In their order; one, unless the document needs a second one in base currency or has too many lines. */
  journals: JournalPart[];
  /** Key of the document that this one reverses. */
  reverses?: string;
}

export interface JournalHeader {
  /** `YYYY-MM-DD`. */
  EffectiveDate: string;
  Notes: string;
}

/** Its notes are those on its own items. */
export type JournalPart = Omit<Cin7JournalBody, 'EffectiveDate'>;

/** The journals as they are sent. */
export function wantedJournals({ header, journals }: JournalsBody): Cin7JournalBody[] {
  return journals.map(({ Notes, ...part }) => ({
    ...part,
    EffectiveDate: header.EffectiveDate,
    Notes: [header.Notes, Notes].filter(Boolean).join('\n'),
  }));
}

/** What field overrides may have done to the header. */
export function checkJournals({ header: { EffectiveDate, Notes } }: JournalsBody): BlockReason[] {
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(EffectiveDate) && fromSapDate(toSapDate(EffectiveDate)) !== undefined;
  return [
    ...(isDay ? [] : [{ code: 'FIELD_INVALID', message: `EffectiveDate "${EffectiveDate}" is no day like 2024-05-31` }]),
    ...(Notes.length <= longestNotes
      ? []
      : [{ code: 'FIELD_INVALID', message: `Notes has ${Notes.length} characters, ${longestNotes} are allowed` }]),
  ];
}
