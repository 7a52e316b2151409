import type { Cin7JournalBody } from '../../systems/cin7-core/index.ts';

/** What is asked of Cin7 Core for one document. */
export interface JournalsBody {
  key: string;
  /** Currency of the company code; Cin7 Core must keep its books in it. */
  baseCurrency: string;
  /** In their order; one, unless the document needs a second one in base currency or has too many lines. */
  journals: Cin7JournalBody[];
  /** Key of the document that this one reverses. */
  reverses?: string;
}
