import { compareAmounts, SystemError, type Condition } from '@ml-connector/shared';
import type { Row } from '../session.ts';
import type { SapDocumentItem } from './document.ts';
import type { HeaderRow } from './headers.ts';
import { byDocument, entryView, realAmount, type ItemSource, type ItemSourceDeps } from './item-source.ts';

/** The leading ledger of every ECC; its items are those of the entry view. */
export const leadingLedger = '0L';

const lineFields = [
  'RYEAR',
  'DOCNR',
  'RLDNR',
  'RBUKRS',
  'DOCLN',
  'RTCUR',
  'RACCT',
  'RCNTR',
  'PRCTR',
  'TSL',
  'HSL',
  'DRCRK',
  'BUZEI',
] as const;
type LineRow = Row<(typeof lineFields)[number]>;

/**
 * Items as one ledger of the new general ledger holds them: split lines, its own accounts and valuations, and documents that are posted in
 * it alone (BSTAT L). Texts, partners and tax codes are those of the entry view's item where there is one. Rejects with `halt` where the
 * system has no new general ledger or no such ledger.
 */
export async function openItemSource(deps: ItemSourceDeps, ledger: string): Promise<ItemSource> {
  const entries = entryView(deps);
  if (ledger === leadingLedger) return entries;
  await assertLedger(deps, ledger);
  const { session, scope, decimals } = deps;
  return {
    statuses: ['', 'L'],
    async *read(list, headers) {
      const { companyCode, fiscalYear, numbers } = list;
      const entered = new Map<string, SapDocumentItem>();
      for await (const { number, items } of entries.read(list, headers)) for (const item of items) entered.set(number + item.number, item);
      const where: Condition[] = [
        { field: 'RYEAR', op: 'EQ', value: fiscalYear },
        { field: 'DOCNR', op: 'IN', values: numbers },
        { field: 'RLDNR', op: 'EQ', value: ledger },
        { field: 'RBUKRS', op: 'EQ', value: companyCode },
      ];
      const rows = session.readTable({ table: 'FAGLFLEXA', fields: lineFields, where, amounts: 'stored' }, scope);
      const toItem = (row: LineRow): SapDocumentItem =>
        lineItem(row, { header: headers.get(row.DOCNR), entry: entered.get(row.DOCNR + row.BUZEI), decimals });
      yield* byDocument(rows, ({ DOCNR }) => DOCNR, toItem);
    },
  };
}

async function assertLedger({ session, scope }: ItemSourceDeps, ledger: string): Promise<void> {
  const { tables } = await session.describe({ tables: ['FAGLFLEXA'] }, scope);
  if (!tables['FAGLFLEXA'])
    throw new SystemError('SAP_NO_NEW_LEDGER', 'halt', `reading ledger ${ledger}: the system has no new general ledger (table FAGLFLEXA)`, {
      fix: 'Set the ledger of this flow to 0L: a classic general ledger has one view only.',
    });
  const where: Condition[] = [{ field: 'RLDNR', op: 'EQ', value: ledger }];
  for await (const _row of session.readTable({ table: 'T881', fields: ['RLDNR'], where }, scope)) return;
  throw new SystemError('SAP_LEDGER_UNKNOWN', 'halt', `reading ledger ${ledger}: table T881 has no such ledger`, {
    fix: 'Choose one of the ledgers that T881 lists.',
  });
}

interface LineContext {
  header: HeaderRow | undefined;
  entry: SapDocumentItem | undefined;
  decimals: ReadonlyMap<string, number>;
}

// Signed amounts: what DRCRK says of a line with the other sign is a negative posting.
function lineItem(row: LineRow, { header, entry, decimals }: LineContext): SapDocumentItem {
  const amount = realAmount(row.TSL, row.RTCUR, decimals);
  const localAmount = realAmount(row.HSL, header?.HWAER ?? '', decimals);
  const isCredit = compareAmounts(localAmount, '0') < 0 || (compareAmounts(localAmount, '0') === 0 && compareAmounts(amount, '0') < 0);
  if (compareAmounts(amount, '0') * (isCredit ? -1 : 1) < 0)
    throw new SystemError(
      'SAP_ITEM_UNREADABLE',
      'refused',
      `line ${row.DOCLN} of document ${row.RBUKRS}/${row.DOCNR}/${row.RYEAR} has amounts of different signs`,
    );
  return {
    number: row.DOCLN,
    accountType: entry?.accountType ?? 'S',
    side: isCredit ? 'credit' : 'debit',
    account: row.RACCT,
    amount: amount.replace('-', ''),
    localAmount: localAmount.replace('-', ''),
    isNegativePosting: isCredit ? row.DRCRK === 'S' : row.DRCRK === 'H',
    taxCode: entry?.taxCode ?? '',
    customer: entry?.customer ?? '',
    vendor: entry?.vendor ?? '',
    costCenter: row.RCNTR,
    profitCenter: row.PRCTR,
    order: entry?.order ?? '',
    assignment: entry?.assignment ?? '',
    text: entry?.text ?? '',
  };
}
