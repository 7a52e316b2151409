import type { CallScope } from '../system.ts';
import type { Cin7Client } from './client.ts';
import { unreadable } from './judge.ts';
import { readAll } from './pages.ts';
import { purchaseIn, readRow, type PurchasePath } from './purchase-reading.ts';
import { sameWord, text, type Row } from './rows.ts';
import type { Cin7Purchase, Cin7Purchases } from './types.ts';

type Where = Parameters<Cin7Purchases['findByNote']>[1];

const mostRemembered = 50_000;

/**
 * Finds purchases by the first line of their note, which only reading each of them shows. What a supplier's other purchases bear is remembered as
 * long as the list says that they were not touched: else each order of a supplier would read all those before it.
 */
export function openFinding(client: Cin7Client): Cin7Purchases['findByNote'] {
  const remembered = new Map<string, { updated: string; firstLine: string }>();

  const bearsAnother = (row: Row, firstLine: string): boolean => {
    const known = remembered.get(idOf(row));
    return known !== undefined && known.updated === text(row['LastUpdatedDate']) && known.firstLine !== firstLine;
  };
  const remember = (row: Row, firstLine: string): void => {
    const [oldest] = remembered.keys();
    if (remembered.size >= mostRemembered && oldest !== undefined) remembered.delete(oldest);
    // The date of the list, which is from before the reading: a change in between shows in the next list.
    if (text(row['LastUpdatedDate']) !== '') remembered.set(idOf(row), { updated: text(row['LastUpdatedDate']), firstLine });
  };
  return async (line, where, scope) => {
    const firstLine = line.trim();
    const doing = `looking for purchase ${firstLine}`;
    const read = new Set<string>();
    const matchesIn = async (query: Record<string, string>): Promise<Cin7Purchase[]> => {
      const found: Cin7Purchase[] = [];
      for (const row of await candidates(client, { query, where, doing }, scope)) {
        if (read.has(idOf(row)) || bearsAnother(row, firstLine)) continue;
        read.add(idOf(row));
        const path: PurchasePath = /^simple/i.test(text(row['Type'])) ? 'purchase' : 'advanced-purchase';
        const purchase = await readRow(client, { id: idOf(row), path }, scope);
        if (!purchase) continue;
        remember(row, firstLineOf(purchase));
        if (firstLineOf(purchase) === firstLine) found.push(purchaseIn(purchase, { writes: false, doing }));
      }
      return found;
    };
    const ofName = await matchesIn({ UpdatedSince: where.since, Search: where.supplierName.trim() });
    // When none of this name bears it, the supplier may have another name by now.
    return ofName.length > 0 ? ofName : matchesIn({ UpdatedSince: where.since });
  };
}

/** Rows of the supplier's purchases. */
async function candidates(
  client: Cin7Client,
  { query, where, doing }: { query: Record<string, string>; where: Where; doing: string },
  scope: CallScope,
): Promise<Row[]> {
  const rows = await readAll(client, { path: 'purchaseList', key: 'PurchaseList', query, limit: 1000, doing }, scope);
  if (rows.some((row) => idOf(row) === '' || text(row['SupplierID']) === ''))
    throw unreadable({ writes: false, doing }, 'a row of the list has no ID or no SupplierID');
  return rows.filter((row) => sameWord(text(row['SupplierID']), where.supplierId));
}

function idOf(row: Row): string {
  return text(row['ID']).toLowerCase();
}

function firstLineOf(row: Row): string {
  return text(row['Note']).split(/\r?\n/, 1)[0]?.trim() ?? '';
}
