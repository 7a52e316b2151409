import { isAmount, roundAmount } from '@ml-connector/shared';
import { failure, invalid, newId, ok, oddTimestamp, text, type Answer } from './answers.ts';
import { headerProblems, supplierOf } from './purchase-header-rules.ts';
import { listOf, orderProblems, productOf } from './purchase-order-rules.ts';
import type { PurchaseChargeRow, PurchaseLineRow, PurchaseRow } from './purchase-rows.ts';
import { shownOrder, shownPurchase } from './purchase-shown.ts';
import { isInUse } from './purchase-status.ts';
import { sameText } from './reference.ts';
import type { ApiRequest } from './request.ts';
import { rateOf } from './seed-rates.ts';
import type { Cin7State } from './state.ts';

type Body = Record<string, unknown>;

export interface PurchaseOutcome {
  answer: Answer;
  row?: PurchaseRow;
}

export function getPurchase(state: Cin7State, request: ApiRequest): Answer {
  const row = state.purchases.get(request.param('ID')?.toLowerCase() ?? '');
  return row ? ok(shownPurchase(state, row, 'advanced')) : notFound();
}

/** The deprecated path: simple purchases only. */
export function getSimplePurchase(state: Cin7State, request: ApiRequest): Answer {
  const row = state.purchases.get(request.param('ID')?.toLowerCase() ?? '');
  if (!row) return notFound();
  if (row.Type === 'Simple Purchase') return ok(shownPurchase(state, row, 'simple'));
  return failure(
    400,
    'This endpoint is deprecated and does not support Advanced Purchase and Service Purchase. Please use AdvancedPurchase endpoint',
  );
}

/** Lines, order number, date, currency and status of the body are dropped, with 200. */
export function createPurchase(state: Cin7State, body: Body, now: number): PurchaseOutcome {
  const problems = headerProblems(state, body, true);
  if (problems.length > 0) return { answer: invalid(problems) };
  const isService = sameText(text(body['IsServiceOnly']), 'true');
  const isAdvanced = sameText(text(body['PurchaseType']), 'Advanced');
  const row = merged(state, body, {
    ...emptyPurchase,
    ID: newId(),
    OrderNumber: `PO-${String(state.purchases.size + 1).padStart(5, '0')}`,
    OrderDate: `${new Date(now).toISOString().slice(0, 10)}T00:00:00`,
    Type: isService ? 'Service Purchase' : isAdvanced ? 'Advanced Purchase' : 'Simple Purchase',
  });
  return written(state, isService ? { ...row, Approach: 'INVOICE' } : row, now);
}

/** Partial; the type stays what it is. */
export function updatePurchase(state: Cin7State, body: Body, now: number): PurchaseOutcome {
  const current = state.purchases.get(text(body['ID']).toLowerCase());
  if (!current) return { answer: notFound() };
  if (current.isVoided) return { answer: failure(400, 'Purchase in status VOIDED can not be changed') };
  const problems = headerProblems(state, body, false);
  if (problems.length > 0) return { answer: invalid(problems) };
  const row = merged(state, body, current);
  if (row.SupplierID !== current.SupplierID && current.Order.Status === 'AUTHORISED')
    return { answer: failure(400, 'Supplier of an authorised purchase can not be changed') };
  return written(state, row, now);
}

/** Undo by default: an authorised order is a draft again. With `Void=true` the purchase is voided. */
export function deletePurchase(state: Cin7State, request: ApiRequest, now: number): PurchaseOutcome {
  const current = state.purchases.get(request.param('ID')?.toLowerCase() ?? '');
  if (!current) return { answer: notFound() };
  if (current.isVoided) return { answer: failure(400, 'Purchase in status VOIDED can not be changed') };
  if (isInUse(current)) return { answer: failure(400, 'Purchase has authorised stock received or invoices and can not be undone') };
  const isVoided = sameText(request.param('Void') ?? '', 'true');
  const Order: PurchaseRow['Order'] = current.Order.Status === 'AUTHORISED' ? { ...current.Order, Status: 'DRAFT' } : current.Order;
  const row = { ...current, ...(isVoided ? { isVoided } : { Order }), LastUpdatedDate: oddTimestamp(now) };
  return { row, answer: ok({ Success: true }) };
}

/** Overwrites the lines of an order that is a draft or not there yet. */
export function postOrder(state: Cin7State, body: Body, now: number): PurchaseOutcome {
  const missing = ['TaskID', 'CombineAdditionalCharges', 'Memo', 'Status'].filter(
    (name) => body[name] === undefined || body[name] === null,
  );
  if (missing.length > 0) return { answer: invalid(missing.map((name) => `Required attribute ${name} is not provided.`)) };
  const current = state.purchases.get(text(body['TaskID']).toLowerCase());
  if (!current) return { answer: notFound() };
  const problems = orderProblems(state, current, body);
  if (problems.length > 0) return { answer: invalid(problems) };
  const row: PurchaseRow = {
    ...current,
    Order: {
      Status: sameText(text(body['Status']), 'AUTHORISED') ? 'AUTHORISED' : 'DRAFT',
      Memo: text(body['Memo']),
      Lines: (listOf(body, 'Lines') ?? []).map((line) => asLine(state, current, line)),
      AdditionalCharges: (listOf(body, 'AdditionalCharges') ?? []).map(asCharge),
    },
    LastUpdatedDate: oddTimestamp(now),
  };
  return { row, answer: ok({ TaskID: row.ID, CombineAdditionalCharges: false, ...shownOrder(row) }) };
}

const emptyPurchase: PurchaseRow = {
  ID: '',
  OrderNumber: '',
  OrderDate: '',
  Type: 'Simple Purchase',
  SupplierID: '',
  SupplierCurrency: '',
  CurrencyRate: '1',
  Approach: '',
  BlindReceipt: false,
  Contact: '',
  Phone: '',
  Location: '',
  TaxRule: '',
  TaxCalculation: 'Exclusive',
  Terms: '',
  RequiredBy: null,
  Note: '',
  isVoided: false,
  Order: { Status: 'NOT AVAILABLE', Memo: '', Lines: [], AdditionalCharges: [] },
  received: 'NOT RECEIVED',
  invoiced: 'NOT INVOICED',
  InvoiceNumber: '',
  LastUpdatedDate: '',
};

/** Currency and, where none is given, tax rule, terms and rate are the supplier's. */
function merged(state: Cin7State, body: Body, current: PurchaseRow): PurchaseRow {
  const supplier = supplierOf(state, body) ?? state.suppliers.get(current.SupplierID);
  const given = (name: keyof PurchaseRow, otherwise?: string): string =>
    name in body ? text(body[name]) : (current[name] as string) || (otherwise ?? '');
  const currency = supplier?.Currency ?? current.SupplierCurrency;
  const ownRate = currency === current.SupplierCurrency ? current.CurrencyRate : rateOf(currency, state.me.Currency);
  return {
    ...current,
    SupplierID: supplier?.ID ?? current.SupplierID,
    SupplierCurrency: currency,
    CurrencyRate: 'CurrencyRate' in body ? text(body['CurrencyRate']) : ownRate,
    Approach: given('Approach').toUpperCase(),
    BlindReceipt: 'BlindReceipt' in body ? sameText(text(body['BlindReceipt']), 'true') : current.BlindReceipt,
    Contact: given('Contact'),
    Phone: given('Phone'),
    Location: given('Location'),
    TaxRule: given('TaxRule', supplier?.TaxRule),
    TaxCalculation: sameText(given('TaxCalculation'), 'Inclusive') ? 'Inclusive' : 'Exclusive',
    Terms: given('Terms', supplier?.PaymentTerm),
    RequiredBy: 'RequiredBy' in body ? dayOf(text(body['RequiredBy'])) : current.RequiredBy,
    Note: given('Note'),
  };
}

function dayOf(date: string): string | null {
  return date === '' ? null : `${date.slice(0, 10)}T00:00:00`;
}

function asLine(state: Cin7State, purchase: PurchaseRow, line: Body): PurchaseLineRow {
  const product = productOf(state, line);
  return {
    ProductID: product?.ID ?? '',
    SKU: product?.SKU ?? '',
    Name: text(line['Name']) || (product?.Name ?? ''),
    ...amountsOf(line),
    TaxRule: text(line['TaxRule']) || purchase.TaxRule,
    SupplierSKU: text(line['SupplierSKU']),
    Comment: text(line['Comment']),
  };
}

function asCharge(charge: Body): PurchaseChargeRow {
  return {
    Description: text(charge['Description']),
    Reference: text(charge['Reference']),
    ...amountsOf(charge),
    TaxRule: text(charge['TaxRule']),
  };
}

/** What has more decimals than there is room for is rounded silently. */
function amountsOf(entry: Body): Pick<PurchaseChargeRow, 'Quantity' | 'Price' | 'Discount' | 'Tax' | 'Total'> {
  const amount = (name: string, decimals: number): string => {
    const value = text(entry[name]);
    return roundAmount(isAmount(value) ? value : '0', decimals);
  };
  return {
    Quantity: amount('Quantity', 4),
    Price: amount('Price', 4),
    Discount: amount('Discount', 2),
    Tax: amount('Tax', 4),
    Total: amount('Total', 4),
  };
}

function written(state: Cin7State, row: PurchaseRow, now: number): PurchaseOutcome {
  const saved = { ...row, LastUpdatedDate: oddTimestamp(now) };
  return { row: saved, answer: ok(shownPurchase(state, saved, 'advanced')) };
}

function notFound(): Answer {
  return failure(400, 'Purchase Task with specified ID not found');
}
