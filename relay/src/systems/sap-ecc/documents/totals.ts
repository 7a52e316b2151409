import { addAmounts } from '@ml-connector/shared';
import type { SapDocument } from './document.ts';
import type { DocumentBatch } from './read-documents.ts';

/** Documents of one company code and fiscal period as SAP holds them. */
export interface DocumentTotals {
  companyCode: string;
  fiscalYear: string;
  /** MONAT. */
  period: string;
  localCurrency: string;
  count: number;
  /** Sum of the debits in the local currency. */
  debits: string;
}

/** Counts and sums documents as they are read: memory is that of the periods. In order of company code, year and period. */
export async function totalDocuments(batches: AsyncIterable<DocumentBatch>): Promise<DocumentTotals[]> {
  const totals = new Map<string, DocumentTotals>();
  for await (const { documents } of batches) for (const document of documents) add(totals, document);
  return [...totals].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, total]) => total);
}

function add(totals: Map<string, DocumentTotals>, document: SapDocument): void {
  const { companyCode, fiscalYear, period, localCurrency } = document;
  const name = [companyCode, fiscalYear, period].join('\0');
  const total = totals.get(name) ?? { companyCode, fiscalYear, period, localCurrency, count: 0, debits: '0' };
  totals.set(name, { ...total, count: total.count + 1, debits: addAmounts(total.debits, debitsOf(document)) });
}

/** Sum of a document's debits in the local currency. */
export function debitsOf({ items }: Pick<SapDocument, 'items'>): string {
  return addAmounts('0', ...items.filter(({ side }) => side === 'debit').map(({ localAmount }) => localAmount));
}
