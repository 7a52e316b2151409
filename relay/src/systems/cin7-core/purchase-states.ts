import { SystemError, type Clock } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import type { Differences } from './purchase-differences.ts';
import type { Cin7Purchase } from './types.ts';

/** Statuses are compounds (`RECEIVED / CREDITED`), so their words are looked for. */
export function isReceivedOrInvoiced({ Status }: Pick<Cin7Purchase, 'Status'>): boolean {
  return /RECEIV|INVOICED|CREDIT|COMPLETED/i.test(Status);
}

export function isVoided({ Status, Order }: Cin7Purchase): boolean {
  return /VOIDED/i.test(Status) || Order.Status === 'VOIDED';
}

export function checkNotVoided(purchase: Cin7Purchase, doing: string): void {
  if (!isVoided(purchase)) return;
  throw new SystemError('CIN7_PURCHASE_GONE', 'refused', `${doing}: ${purchase.OrderNumber} was voided in Cin7 Core`, {
    fix: 'Replay the record, if the purchase shall be made anew.',
  });
}

export function checkNotInUse(purchase: Cin7Purchase, doing: string): void {
  if (!isReceivedOrInvoiced(purchase)) return;
  const { OrderNumber, Status } = purchase;
  throw new SystemError('CIN7_PURCHASE_IN_USE', 'refused', `${doing}: ${OrderNumber} was received or invoiced already (${Status})`, {
    fix: 'Bring the purchase in line by hand in Cin7 Core: undo its receipts and invoices first, or leave it as it is.',
  });
}

export function storedDifferently({ ID, OrderNumber }: Cin7Purchase, differences: string[], doing: string): SystemError {
  const shown = differences.slice(0, 5).join('; ') + (differences.length > 5 ? `; and ${differences.length - 5} more` : '');
  return new SystemError(
    'CIN7_PURCHASE_STORED_DIFFERENTLY',
    'refused',
    `${doing}: Cin7 Core holds ${OrderNumber} otherwise than sent: ${shown}`,
    {
      fix: `Compare ${OrderNumber} in Cin7 Core with the source, and replay the record or correct the purchase by hand.`,
      facts: { id: ID, orderNumber: OrderNumber, differences },
    },
  );
}

/** The API answers 200 while it ignores a field (facts/cin7.md 0.6): the record's story then says which. */
export function tellMinor(clock: Clock, { what, differences }: { what: string; differences: Differences }, scope: CallScope): void {
  if (differences.minor.length === 0) return;
  const answer = { notStored: differences.minor };
  scope.trace({ system: 'cin7-core', what: `compare the answer of ${what}`, at: clock.now(), ms: 0, answer });
}
