import type { SapDocument, SapDocumentItem } from '../../systems/sap-ecc/index.ts';
import { plainAccount } from './document-key.ts';

/** No length is documented; what is longer than this loses its end (facts/cin7.md 8). */
const longestNotes = 4000;

/** What a journal has no field for: the document's head, and of each of these items account, amounts, texts and assignments. */
export function notesOf(document: SapDocument, items: readonly SapDocumentItem[]): string {
  const head = [
    `Type ${document.documentType}`,
    `dated ${document.documentDate}`,
    `period ${document.period}/${document.fiscalYear}`,
    ...named({ reference: document.reference, text: document.headerText, user: document.user, transaction: document.transaction }),
  ].join(', ');
  const lines = [head];
  let length = head.length;
  for (const [index, item] of items.entries()) {
    const line = itemLine(document, item);
    length += line.length + 1;
    if (length > longestNotes - 40) {
      lines.push(`(${items.length - index} more items)`);
      break;
    }
    lines.push(line);
  }
  return lines.join('\n').slice(0, longestNotes);
}

function itemLine({ currency, localCurrency }: SapDocument, item: SapDocumentItem): string {
  const local = currency === localCurrency ? [] : [`${item.localAmount} ${localCurrency}`];
  const sign = item.isNegativePosting ? ['negative posting'] : [];
  const more = named({
    tax: item.taxCode,
    customer: plainAccount(item.customer),
    vendor: plainAccount(item.vendor),
    'cost center': plainAccount(item.costCenter),
    'profit center': plainAccount(item.profitCenter),
    order: plainAccount(item.order),
    assignment: item.assignment,
    text: item.text,
  });
  const what = `${item.number} ${item.side} ${plainAccount(item.account)} ${item.amount} ${currency}`;
  return [what, ...local, ...sign, ...more].join(', ');
}

function named(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const text = value.replaceAll(/\s+/gu, ' ').trim();
    return text === '' ? [] : [`${name} ${text}`];
  });
}
