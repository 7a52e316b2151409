import { addAmounts, isAmount } from '@ml-connector/shared';
import { isRow, rowsOf, sameWord, text, type Row } from './rows.ts';
import type { Cin7Purchase, Cin7PurchaseCharge, Cin7PurchaseLine } from './types.ts';

/**
 * A purchase as Cin7 Core sends it, made regular. Throws an Error that names what is missing or unreadable: a purchase whose lines or amounts are
 * not understood must not pass for one without them.
 */
export function toPurchase(row: Row): Cin7Purchase {
  const requiredBy = text(row['RequiredBy']).slice(0, 10);
  const currencyRate = text(row['CurrencyRate']);
  return {
    ID: needed(row, 'ID').toLowerCase(),
    OrderNumber: text(row['OrderNumber']),
    Status: needed(row, 'Status').toUpperCase(),
    SupplierID: needed(row, 'SupplierID').toLowerCase(),
    SupplierCurrency: text(row['SupplierCurrency']).toUpperCase(),
    LastUpdatedDate: text(row['LastUpdatedDate']),
    Approach: oneOf(row, 'Approach', ['INVOICE', 'STOCK']),
    PurchaseType: isSimple(row) ? 'Simple' : 'Advanced',
    Location: text(row['Location']),
    TaxRule: text(row['TaxRule']),
    TaxCalculation: oneOf(row, 'TaxCalculation', ['Exclusive', 'Inclusive']),
    Terms: text(row['Terms']),
    ...(requiredBy === '' ? {} : { RequiredBy: requiredBy }),
    ...(currencyRate === '' ? {} : { CurrencyRate: amount(row, 'CurrencyRate') }),
    Note: text(row['Note']),
    Order: orderIn(blockOf(row, 'Order')),
  };
}

/** The order of a purchase, or of the answer to writing it. */
export function orderIn(order: Row): Cin7Purchase['Order'] {
  return {
    Status: oneOf(order, 'Status', ['NOT AVAILABLE', 'DRAFT', 'AUTHORISED', 'VOIDED']),
    Memo: text(order['Memo']),
    Lines: entriesOf(order, 'Lines').map(toLine),
    AdditionalCharges: entriesOf(order, 'AdditionalCharges').map(toCharge),
  };
}

export function isSimple(row: Row): boolean {
  return /^simple/i.test(needed(row, 'Type'));
}

function toLine(row: Row): Cin7PurchaseLine {
  return {
    SKU: needed(row, 'SKU'),
    Name: text(row['Name']),
    ...amountsOf(row),
    TaxRule: text(row['TaxRule']),
    SupplierSKU: text(row['SupplierSKU']),
    Comment: text(row['Comment']),
  };
}

function toCharge(row: Row): Cin7PurchaseCharge {
  return {
    Description: needed(row, 'Description'),
    Reference: text(row['Reference']),
    ...amountsOf(row),
    TaxRule: text(row['TaxRule']),
  };
}

function amountsOf(row: Row): Pick<Cin7PurchaseLine, 'Quantity' | 'Price' | 'Discount' | 'Tax' | 'Total'> {
  return {
    Quantity: amount(row, 'Quantity'),
    Price: amount(row, 'Price'),
    Discount: amount(row, 'Discount', '0'),
    Tax: amount(row, 'Tax', '0'),
    Total: amount(row, 'Total'),
  };
}

/** Without the noughts at the end that Cin7 Core pads with. */
function amount(row: Row, name: string, missing?: string): string {
  const digits = text(row[name]).trim() || missing;
  if (digits === undefined || !isAmount(digits)) throw new Error(`${name} is '${digits ?? ''}', which is no amount`);
  return addAmounts(digits);
}

function needed(row: Row, name: string): string {
  const value = text(row[name]).trim();
  if (value === '') throw new Error(`${name} is missing`);
  return value;
}

function oneOf<Value extends string>(row: Row, name: string, values: readonly Value[]): Value {
  const found = values.find((value) => sameWord(value, text(row[name])));
  if (found === undefined) throw new Error(`${name} is '${text(row[name])}', which is none of ${values.join(', ')}`);
  return found;
}

function blockOf(row: Row, name: string): Row {
  const block = row[name];
  if (!isRow(block)) throw new Error(`${name} is missing`);
  return block;
}

/** `null` is an empty list; a list that is not there, or holds something else than entries, is none. */
function entriesOf(row: Row, name: string): Row[] {
  const list = row[name];
  if (list === null) return [];
  const entries = rowsOf(row, name);
  if (!entries || entries.length !== (list as unknown[]).length) throw new Error(`Order.${name} is missing`);
  return entries;
}
