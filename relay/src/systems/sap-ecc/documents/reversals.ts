import { compareMoments } from '@ml-connector/shared';
import type { DocumentId } from './cursor.ts';
import { idOf, nameOf, readHeadersOf, type HeaderRow, type HeaderSource } from './headers.ts';

/**
 * For each header that reverses another document, that document. STBLG stands on both: the one that was entered later reverses the other.
 * A partner that SAP no longer holds was archived, so it is the older one.
 */
export async function findReversals(source: HeaderSource, headers: readonly HeaderRow[]): Promise<Map<string, DocumentId>> {
  const linked = headers.filter(({ STBLG }) => STBLG !== '');
  const known = new Map(headers.map((header) => [nameOf(idOf(header)), header]));
  const absent = linked.map(partnerOf).filter((partner) => !known.has(nameOf(partner)));
  for (const header of await readHeadersOf(source, absent)) known.set(nameOf(idOf(header)), header);
  const reversals = new Map<string, DocumentId>();
  for (const header of linked) {
    const partner = partnerOf(header);
    const other = known.get(nameOf(partner));
    if (!other || isLater(header, other)) reversals.set(nameOf(idOf(header)), partner);
  }
  return reversals;
}

function partnerOf({ BUKRS, STBLG, STJAH, GJAHR }: HeaderRow): DocumentId {
  return { companyCode: BUKRS, number: STBLG, fiscalYear: STJAH === '0000' || STJAH === '' ? GJAHR : STJAH };
}

function isLater(one: HeaderRow, other: HeaderRow): boolean {
  const order = compareMoments({ date: one.CPUDT, time: one.CPUTM }, { date: other.CPUDT, time: other.CPUTM });
  if (order !== 0) return order > 0;
  return one.GJAHR + one.BELNR > other.GJAHR + other.BELNR;
}
