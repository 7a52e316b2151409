import type { JdePurchaseOrder, JdePurchaseOrderLine } from '../../systems/jde/index.ts';
import { fit, oneLine } from '../texts/index.ts';
import { isZero } from './amounts.ts';
import type { SortedLines } from './line-kinds.ts';

/** Lengths that Cin7 Core takes (facts/cin7.md 9.2, 9.3). */
export const longest = { note: 1024, memo: 1024, name: 1024, comment: 256, reference: 256, sku: 50 } as const;

/** First the mark, then what a purchase has no field for, for people. What was cut is told in `told`. */
export function noteOf(order: JdePurchaseOrder, mark: string, { cancelled, leftOut, unreleased }: SortedLines, told: string[]): string {
  const lines = [
    mark,
    [
      `Order ${order.number} ${order.type} of company ${order.company}`,
      ...named({
        supplier: order.supplier,
        branch: order.branch,
        ordered: isoDay(order.orderDate),
        by: order.orderedBy,
        terms: order.paymentTerms,
        cancel: isoDay(order.cancelDate),
      }),
    ].join(', '),
    ...labelled('References', order.references.map(oneLine).filter(Boolean).join(' / ')),
    ...labelled('Remark', oneLine(order.remark)),
    ...labelled('Delivery', order.deliveryInstructions.map(oneLine).filter(Boolean).join(' ')),
    ...labelled('Cancelled', numbers(cancelled)),
    ...labelled('Not released yet', numbers(unreleased)),
    ...labelled('Left out', numbers(leftOut)),
  ];
  return fit(lines.join('\n'), { field: 'Note', longest: longest.note }, told);
}

/** Free text of the order's text lines. */
export function memoOf(texts: readonly JdePurchaseOrderLine[], told: string[]): string {
  const memo = texts
    .map(textOf)
    .filter((text) => text !== '')
    .join('\n');
  return fit(memo, { field: 'Memo', longest: longest.memo }, told);
}

export function textOf({ descriptions }: JdePurchaseOrderLine): string {
  return oneLine(descriptions.join(' '));
}

/** `JDE line 1.100, promised 2026-05-31, reference RE-1`; of merged lines their numbers. */
export function commentOf(lines: readonly JdePurchaseOrderLine[], texts: readonly string[], told: string[]): string {
  const [first] = lines;
  const what = lines.length === 1 ? `JDE line ${first?.number}` : `JDE lines ${numbersOf(lines)}`;
  const same = (values: string[]): string => (new Set(values).size === 1 ? (values[0] ?? '') : '');
  const more = named({
    promised: isoDay(same(lines.map(({ promisedDate, requestedDate }) => promisedDate || requestedDate))),
    reference: same(lines.map(({ reference }) => reference)),
  });
  const comment = [[what, ...more].join(', '), ...texts].join('; ');
  return fit(comment, { field: `Comment of line ${first?.number}`, longest: longest.comment }, told);
}

/** `2.000 J Installation 5 HR 7001.5010`: what a charge has no field for. */
export function chargeReference(line: JdePurchaseOrderLine, told: string[]): string {
  const { account, quantity, unit } = line;
  const parts = [
    line.number,
    line.type,
    textOf(line),
    isZero(quantity) ? '' : `${quantity} ${unit}`.trim(),
    [account.businessUnit, account.object, account.subsidiary].filter(Boolean).join('.'),
  ];
  return fit(parts.filter(Boolean).join(' '), { field: `Reference of line ${line.number}`, longest: longest.reference }, told);
}

export function numbersOf(lines: readonly { number: string }[]): string {
  return lines.map(({ number }) => number).join(', ');
}

/** `20260531` as `2026-05-31`, '' as ''. */
export function isoDay(date: string): string {
  return date.replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
}

function numbers(lines: readonly JdePurchaseOrderLine[]): string {
  return lines.length === 0 ? '' : `line ${lines.map((line) => `${line.number} ${textOf(line)}`.trim()).join(', ')}`;
}

function labelled(label: string, text: string): string[] {
  return text === '' ? [] : [`${label}: ${text}`];
}

function named(values: Record<string, string>): string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const text = oneLine(value);
    return text === '' ? [] : [`${name} ${text}`];
  });
}
