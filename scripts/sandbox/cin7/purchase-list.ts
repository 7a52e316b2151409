import { addAmounts } from '@ml-connector/shared';
import { envelope, exactDecimal, type Answer } from './answers.ts';
import type { PurchaseRow } from './purchase-rows.ts';
import { supplierName } from './purchase-shown.ts';
import { statusesOf } from './purchase-status.ts';
import { sameText } from './reference.ts';
import type { ApiRequest } from './request.ts';
import type { Cin7State } from './state.ts';

/**
 * By order number ascending, so a listing cut short loses the newest. Search is contained in number, status, supplier or invoice number, never in
 * the note. Filters take one value each; RestockReceivedStatus and Type are ignored (facts/cin7.md 9.5).
 */
export function listPurchases(state: Cin7State, request: ApiRequest): Answer {
  const search = request.param('Search')?.toLowerCase();
  const since = Date.parse(request.param('UpdatedSince') ?? '');
  const until = Date.parse(request.param('UpdatedUntil') ?? '');
  const requiredBy = request.param('RequiredBy');
  const rows = [...state.purchases.values()]
    .filter((row) => {
      const statuses = statusesOf(row);
      const words = [row.OrderNumber, statuses.Status, supplierName(state, row), row.InvoiceNumber];
      const updated = Date.parse(row.LastUpdatedDate);
      return (
        (!search || words.some((word) => word.toLowerCase().includes(search))) &&
        !(updated < since) &&
        !(updated > until) &&
        (!requiredBy || row.RequiredBy?.slice(0, 10) === requiredBy.slice(0, 10)) &&
        (['Status', 'OrderStatus', 'StockReceivedStatus', 'InvoiceStatus'] as const).every((name) =>
          isWanted(request, name, statuses[name]),
        )
      );
    })
    .sort((a, b) => (a.OrderNumber < b.OrderNumber ? -1 : 1));
  return envelope('PurchaseList', rows, request.paging(), (row) => shownRow(state, row));
}

function isWanted(request: ApiRequest, name: string, value: string): boolean {
  const wanted = request.param(name);
  return wanted === undefined || wanted === '' || sameText(wanted, value);
}

function shownRow(state: Cin7State, row: PurchaseRow): unknown {
  const amount = addAmounts('0', ...row.Order.Lines.flatMap(({ Total, Tax }) => [Total, Tax]));
  return {
    ID: row.ID,
    BlindReceipt: row.BlindReceipt,
    OrderNumber: row.OrderNumber,
    OrderDate: row.OrderDate,
    InvoiceDate: null,
    Supplier: supplierName(state, row),
    SupplierID: row.SupplierID.toUpperCase(),
    InvoiceNumber: row.InvoiceNumber || null,
    InvoiceAmount: exactDecimal(row.invoiced === 'INVOICED' ? amount : '0', 10),
    PaidAmount: exactDecimal('0', 10),
    InvoiceDueDate: null,
    RequiredBy: row.RequiredBy,
    BaseCurrency: state.me.Currency,
    SupplierCurrency: row.SupplierCurrency,
    CreditNoteNumber: null,
    ...statusesOf(row),
    UnstockStatus: 'NOT AVAILABLE',
    CreditNoteStatus: 'NOT AVAILABLE',
    CombinedPaymentStatus: row.isVoided ? 'VOIDED' : 'UNPAID',
    LastUpdatedDate: row.LastUpdatedDate,
    Type: row.Type,
    IsServiceOnly: row.Type === 'Service Purchase',
    DropShipTaskID: null,
  };
}
