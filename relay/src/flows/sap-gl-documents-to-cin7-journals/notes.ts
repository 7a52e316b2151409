import type { SapDocument, SapDocumentItem } from '../../systems/sap-ecc/index.ts';
import { plainAccount } from './document-key.ts';

/** No length is documented (facts/cin7.md 8). */
export const longestNotes = 4000;

/** What a journal has no field for: `Type KR, dated 2024-05-28, period 05/2024, reference RE-4711`. */
export function headerNotes(document: SapDocument): string {
  return [
    `Type ${document.documentType}`,
    `dated ${document.documentDate}`,
    `period ${document.period}/${document.fiscalYear}`,
    ...named({ reference: document.reference, text: document.headerText, user: document.user, transaction: document.transaction }),
  ].join(', ');
}

/** Of each of these items account, amounts, texts and assignments. */
export function itemNotes(document: SapDocument, items: readonly SapDocumentItem[]): string {
  const lines: string[] = [];
  let length = 0;
  for (const [index, item] of items.entries()) {
    const line = itemLine(document, item);
    length += line.length + 1;
    if (length > longestItemNotes) return [...lines, `(${items.length - index} more items)`].join('\n');
    lines.push(line);
  }
  return lines.join('\n');
}

const longestItemNotes = 3000;

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
