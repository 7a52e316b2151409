import { addAmounts, subtractAmounts } from '@ml-connector/shared';
import { exactDecimal } from './answers.ts';
import type { PurchaseChargeRow, PurchaseLineRow, PurchaseRow } from './purchase-rows.ts';
import { statusesOf } from './purchase-status.ts';
import type { Cin7State } from './state.ts';

/** As the API shows it. The blocks after the order are lists on the advanced path, objects on the simple one. */
export function shownPurchase(state: Cin7State, row: PurchaseRow, path: 'advanced' | 'simple'): Record<string, unknown> {
  const { Status, StockReceivedStatus, InvoiceStatus, CombinedReceivingStatus, CombinedInvoiceStatus } = statusesOf(row);
  const stock = { Status: StockReceivedStatus, Lines: [] };
  const invoice = { Status: InvoiceStatus, InvoiceNumber: row.InvoiceNumber || null, Lines: [], AdditionalCharges: [] };
  const blocks = (block: object): unknown =>
    path === 'advanced' ? [{ TaskID: row.ID.toUpperCase(), InvoicingAndReceivingNumber: 1, ...block }] : block;
  return {
    ID: row.ID.toUpperCase(),
    SupplierID: row.SupplierID,
    Supplier: supplierName(state, row),
    Contact: row.Contact || null,
    Phone: row.Phone || null,
    InventoryAccount: '715',
    Approach: row.Approach,
    BlindReceipt: row.BlindReceipt,
    BaseCurrency: state.me.Currency,
    SupplierCurrency: row.SupplierCurrency,
    CurrencyRate: exactDecimal(row.CurrencyRate, 10),
    TaxRule: row.TaxRule,
    TaxCalculation: row.TaxCalculation,
    Terms: row.Terms,
    RequiredBy: row.RequiredBy,
    Location: row.Location,
    Note: row.Note,
    OrderNumber: row.OrderNumber,
    OrderDate: row.OrderDate,
    Type: row.Type,
    IsServiceOnly: row.Type === 'Service Purchase',
    Status,
    CombinedReceivingStatus,
    CombinedInvoiceStatus,
    CombinedPaymentStatus: row.isVoided ? 'VOIDED' : 'UNPAID',
    RelatedDropShipSaleTask: null,
    LastUpdatedDate: row.LastUpdatedDate,
    AdditionalAttributes: null,
    Order: { ...shownOrder(row), Prepayments: [] },
    StockReceived: blocks(stock),
    ...(path === 'advanced' ? { PutAway: [] } : {}),
    Invoice: blocks(invoice),
    CreditNote: path === 'advanced' ? [] : { Status: 'NOT AVAILABLE', Lines: [] },
    ManualJournals: path === 'advanced' ? [] : { Status: 'NOT AVAILABLE', Lines: [] },
    Attachments: [],
    InventoryMovements: [],
  };
}

export function shownOrder({ Order, isVoided, TaxCalculation }: PurchaseRow): Record<string, unknown> {
  const entries = [...Order.Lines, ...Order.AdditionalCharges];
  const totals = addAmounts('0', ...entries.map(({ Total }) => Total));
  const tax = addAmounts('0', ...entries.map(({ Tax }) => Tax));
  const isInclusive = TaxCalculation === 'Inclusive';
  return {
    Memo: Order.Memo,
    Status: isVoided ? 'VOIDED' : Order.Status,
    Lines: Order.Lines.map((line) => ({ ...line, ProductID: line.ProductID.toUpperCase(), ...shownAmounts(line) })),
    AdditionalCharges: Order.AdditionalCharges.map((charge) => ({ ...charge, ...shownAmounts(charge) })),
    TotalBeforeTax: exactDecimal(isInclusive ? subtractAmounts(totals, tax) : totals, 4),
    Tax: exactDecimal(tax, 4),
    Total: exactDecimal(isInclusive ? totals : addAmounts(totals, tax), 4),
  };
}

/** Purchases know their supplier by ID: a new name shows at once. */
export function supplierName(state: Cin7State, { SupplierID }: PurchaseRow): string {
  return state.suppliers.get(SupplierID)?.Name ?? '';
}

function shownAmounts(entry: PurchaseLineRow | PurchaseChargeRow): Record<string, unknown> {
  const { Quantity, Price, Discount, Tax, Total } = entry;
  return {
    Quantity: exactDecimal(Quantity, 4),
    Price: exactDecimal(Price, 4),
    Discount: exactDecimal(Discount, 10),
    Tax: exactDecimal(Tax, 4),
    Total: exactDecimal(Total, 4),
  };
}
