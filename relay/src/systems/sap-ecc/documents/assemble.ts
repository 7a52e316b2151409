import { addAmounts, compareAmounts, fromSapDate, negateAmount, SystemError } from '@ml-connector/shared';
import type { SapSystemInfo } from '../system-info.ts';
import type { DocumentId } from './cursor.ts';
import type { SapDocument, SapDocumentItem } from './document.ts';
import { idOf, nameOf, type HeaderRow } from './headers.ts';

export interface DocumentParts {
  info: Pick<SapSystemInfo, 'systemId' | 'client'>;
  header: HeaderRow;
  items: SapDocumentItem[];
  reverses: DocumentId | undefined;
}

/** The whole document, or a throw that says what is missing: a document is never handed on half. */
export function assembleDocument({ info, header, items, reverses }: DocumentParts): SapDocument {
  const name = nameOf(idOf(header));
  const documentDate = fromSapDate(header.BLDAT);
  const postingDate = fromSapDate(header.BUDAT);
  if (!documentDate || !postingDate) throw incomplete(name, `has document date ${header.BLDAT} and posting date ${header.BUDAT}`);
  if (items.length === 0) throw incomplete(name, 'has a header and no items');
  assertBalance(name, header.WAERS, items, 'amount');
  assertBalance(name, header.HWAER, items, 'localAmount');
  return {
    systemId: info.systemId,
    client: info.client,
    companyCode: header.BUKRS,
    number: header.BELNR,
    fiscalYear: header.GJAHR,
    documentType: header.BLART,
    documentDate,
    postingDate,
    period: header.MONAT,
    user: header.USNAM,
    transaction: header.TCODE,
    reference: header.XBLNR,
    headerText: header.BKTXT,
    currency: header.WAERS,
    localCurrency: header.HWAER,
    ...(reverses && { reverses: { number: reverses.number, fiscalYear: reverses.fiscalYear } }),
    items,
  };
}

function assertBalance(name: string, currency: string, items: readonly SapDocumentItem[], field: 'amount' | 'localAmount'): void {
  const negative = items.find((item) => item[field].startsWith('-'));
  if (negative) throw incomplete(name, `has a negative amount in item ${negative.number}, where SAP keeps amounts unsigned`);
  const difference = addAmounts(...items.map((item) => (item.side === 'debit' ? item[field] : negateAmount(item[field]))));
  if (compareAmounts(difference, '0') !== 0)
    throw incomplete(name, `does not balance: debits and credits of its ${items.length} items differ by ${difference} ${currency}`);
}

function incomplete(name: string, what: string): SystemError {
  return new SystemError('SAP_DOCUMENT_INCOMPLETE', 'refused', `document ${name} ${what}`, {
    fix: 'Look at the document in FB03. Items may be archived, or kept from the SAP user or by the policy of the agent.',
  });
}
