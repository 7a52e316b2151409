import type { PurchaseRow } from './purchase-rows.ts';

export interface PurchaseStatuses {
  Status: string;
  OrderStatus: string;
  StockReceivedStatus: string;
  InvoiceStatus: string;
  CombinedReceivingStatus: string;
  CombinedInvoiceStatus: string;
}

/** All statuses follow from what was done to the purchase (facts/cin7.md 9.1). */
export function statusesOf(row: PurchaseRow): PurchaseStatuses {
  const { Order, received, invoiced, isVoided } = row;
  if (isVoided) return all('VOIDED');
  const isOrdered = Order.Status === 'AUTHORISED';
  return {
    Status: statusOf(row),
    OrderStatus: Order.Status,
    StockReceivedStatus: documentStatus(isOrdered, received === 'FULLY RECEIVED', received),
    InvoiceStatus: documentStatus(isOrdered, invoiced !== 'NOT INVOICED', 'DRAFT'),
    CombinedReceivingStatus: isOrdered ? received : 'NOT AVAILABLE',
    CombinedInvoiceStatus: isOrdered ? invoiced : 'NOT AVAILABLE',
  };
}

export function isInUse({ received, invoiced }: PurchaseRow): boolean {
  return received !== 'NOT RECEIVED' || invoiced !== 'NOT INVOICED';
}

function all(status: string): PurchaseStatuses {
  return {
    Status: status,
    OrderStatus: status,
    StockReceivedStatus: status,
    InvoiceStatus: status,
    CombinedReceivingStatus: status,
    CombinedInvoiceStatus: status,
  };
}

function statusOf({ Order, received, invoiced }: PurchaseRow): string {
  if (Order.Status === 'NOT AVAILABLE') return 'DRAFT';
  if (Order.Status === 'DRAFT') return 'ORDERING';
  if (invoiced === 'INVOICED') return received === 'FULLY RECEIVED' ? 'COMPLETED' : 'INVOICED';
  if (invoiced === 'PARTIALLY INVOICED') return invoiced;
  if (received === 'FULLY RECEIVED') return 'RECEIVED';
  return received === 'PARTIALLY RECEIVED' ? 'RECEIVING' : 'ORDERED';
}

function documentStatus(isOrdered: boolean, isThrough: boolean, status: string): string {
  if (!isOrdered) return 'NOT AVAILABLE';
  if (isThrough) return 'AUTHORISED';
  return status === 'PARTIALLY RECEIVED' ? status : 'DRAFT';
}
