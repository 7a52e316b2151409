import { addAmounts, compareMoments, fromStoredAmount, type Condition } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import { findReversals, headerFields, idOf, nameOf, type HeaderRow } from '../documents/index.ts';
import type { SapSession } from '../session.ts';
import type { SapKeys } from './keys.ts';
import { postingReads } from './reads.ts';
import type { FoundFiDocument } from './types.ts';

export interface DocumentSearch {
  companyCode: string;
  reference: string;
  documentTypes?: readonly string[];
}

/** Posted documents with this reference, oldest first, by index 1 of BKPF (BUKRS, BSTAT, XBLNR). */
export async function findFiDocuments(
  { session, keys, scope }: { session: SapSession; keys: SapKeys; scope: CallScope },
  { companyCode, reference, documentTypes = [] }: DocumentSearch,
): Promise<FoundFiDocument[]> {
  const where: Condition[] = [
    { field: 'BUKRS', op: 'EQ', value: companyCode },
    { field: 'BSTAT', op: 'EQ', value: '' },
    { field: 'XBLNR', op: 'EQ', value: reference },
  ];
  if (documentTypes.length > 0) where.push({ field: 'BLART', op: 'IN', values: [...documentTypes] });
  const headers: HeaderRow[] = [];
  for await (const row of session.readTable({ table: 'BKPF', fields: headerFields, where }, scope)) headers.push(row);
  if (headers.length === 0) return [];
  const reversals = await findReversals({ session, scope }, headers);
  const totals = await readTotals({ session, keys, scope }, headers);
  return headers.toSorted(byEntry).map((header) => {
    const name = nameOf(idOf(header));
    return {
      companyCode: header.BUKRS,
      documentNumber: header.BELNR,
      fiscalYear: header.GJAHR,
      documentType: header.BLART,
      reference: header.XBLNR,
      headerText: header.BKTXT,
      currency: header.WAERS,
      postingDate: header.BUDAT,
      documentDate: header.BLDAT,
      total: totals.get(name) ?? '0',
      ...(header.STBLG !== '' && { reversal: { documentNumber: header.STBLG, fiscalYear: partnerYear(header) } }),
      isReversal: reversals.has(name),
    };
  });
}

/** Debits in document currency by document. BSEG is a cluster: only a selection by its key is one (facts/sap-ecc.md 2.11). */
async function readTotals(
  { session, keys, scope }: { session: SapSession; keys: SapKeys; scope: CallScope },
  headers: readonly HeaderRow[],
): Promise<Map<string, string>> {
  const totals = new Map<string, string>();
  for (const header of headers) {
    const where: Condition[] = (['BUKRS', 'BELNR', 'GJAHR'] as const).map((field) => ({ field, op: 'EQ', value: header[field] }));
    const rows = session.readTable({ table: 'BSEG', fields: postingReads.BSEG, where, amounts: 'stored' }, scope);
    const debits: string[] = [];
    for await (const { SHKZG, WRBTR } of rows)
      if (SHKZG === 'S') debits.push(fromStoredAmount(WRBTR, keys.decimals.get(header.WAERS) ?? 2));
    totals.set(nameOf(idOf(header)), addAmounts('0', ...debits));
  }
  return totals;
}

function partnerYear({ STJAH, GJAHR }: HeaderRow): string {
  return STJAH === '0000' || STJAH === '' ? GJAHR : STJAH;
}

function byEntry(one: HeaderRow, other: HeaderRow): number {
  const order = compareMoments({ date: one.CPUDT, time: one.CPUTM }, { date: other.CPUDT, time: other.CPUTM });
  return order !== 0 ? order : one.GJAHR + one.BELNR < other.GJAHR + other.BELNR ? -1 : 1;
}
