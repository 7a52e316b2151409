import { envelope, failure, invalid, newId, oddDecimal, oddTimestamp, text, type Answer } from './answers.ts';
import { sameText, startsWith } from './reference.ts';
import type { ApiRequest } from './request.ts';
import type { AddressRow, Cin7State, ContactRow, SupplierRow } from './state.ts';
import { supplierProblems } from './supplier-rules.ts';

/** What a write did: the answer, and the row to keep when it was accepted. */
export interface WriteOutcome {
  answer: Answer;
  row?: SupplierRow;
}

export function getSuppliers(state: Cin7State, request: ApiRequest): Answer {
  const id = request.param('ID')?.toLowerCase();
  const since = Date.parse(request.param('ModifiedSince') ?? '');
  const withDeprecated = request.param('IncludeDeprecated')?.toLowerCase() === 'true';
  const rows = [...state.suppliers.values()].filter(
    (row) =>
      (!id || row.ID === id) &&
      startsWith(row.Name, request.param('Name')) &&
      (withDeprecated || row.Status !== 'Deprecated') &&
      (Number.isNaN(since) || Date.parse(row.LastModifiedOn) >= since),
  );
  return envelope('SupplierList', rows, request.paging(), (row) => shown(row, 'lower'));
}

export function createSupplier(state: Cin7State, body: Record<string, unknown>, now: number): WriteOutcome {
  const problems = supplierProblems(state, body, undefined);
  if (problems.length > 0) return { answer: invalid(problems) };
  return written(merged(emptySupplier(), body, now));
}

/** Partial: a field left out keeps its value, an explicit `""` clears it. Nested entries without ID are added, with ID updated. */
export function updateSupplier(state: Cin7State, body: Record<string, unknown>, now: number): WriteOutcome {
  const id = text(body['ID']).toLowerCase();
  if (id === '') return { answer: invalid(['Required attribute ID is not provided.']) };
  const current = state.suppliers.get(id);
  if (!current) return { answer: failure(400, 'Supplier with specified ID not found') };
  const problems = supplierProblems(state, body, current);
  if (problems.length > 0) return { answer: invalid(problems) };
  return written(merged(current, body, now));
}

function written(row: SupplierRow): WriteOutcome {
  return { row, answer: envelope('SupplierList', [row], { page: 1, limit: 100 }, (one) => shown(one, 'upper')) };
}

function emptySupplier(): SupplierRow {
  return {
    ID: newId(),
    Name: '',
    Currency: '',
    PaymentTerm: '',
    AccountPayable: '',
    TaxRule: '',
    Status: 'Active',
    Discount: 0,
    Comments: '',
    TaxNumber: '',
    AttributeSet: '',
    attributes: Array<string>(10).fill(''),
    Addresses: [],
    Contacts: [],
    LastModifiedOn: '',
  };
}

function merged(current: SupplierRow, body: Record<string, unknown>, now: number): SupplierRow {
  const given = (name: string, old: string): string => (name in body ? text(body[name]) : old);
  return {
    ID: current.ID,
    Name: given('Name', current.Name).trim(),
    Currency: given('Currency', current.Currency).toUpperCase(),
    PaymentTerm: given('PaymentTerm', current.PaymentTerm),
    AccountPayable: given('AccountPayable', current.AccountPayable),
    TaxRule: given('TaxRule', current.TaxRule),
    Status: sameText(given('Status', current.Status), 'Deprecated') ? 'Deprecated' : 'Active',
    Discount: 'Discount' in body ? Number(body['Discount']) : current.Discount,
    Comments: given('Comments', current.Comments),
    TaxNumber: given('TaxNumber', current.TaxNumber),
    AttributeSet: given('AttributeSet', current.AttributeSet),
    attributes: current.attributes.map((old, index) => given(`AdditionalAttribute${index + 1}`, old)),
    Addresses: mergedEntries(current.Addresses, body['Addresses'], asAddress),
    Contacts: mergedEntries(current.Contacts, body['Contacts'], asContact),
    LastModifiedOn: oddTimestamp(now),
  };
}

function mergedEntries<Row extends { ID: string }>(
  current: Row[],
  sent: unknown,
  asRow: (old: Row | undefined, entry: Record<string, unknown>) => Row,
): Row[] {
  const entries = (Array.isArray(sent) ? sent : []) as Record<string, unknown>[];
  const idOf = (entry: Record<string, unknown>): string => text(entry['ID']).toLowerCase();
  const kept = current.map((old) => {
    const entry = entries.find((one) => idOf(one) === old.ID);
    return entry ? asRow(old, entry) : old;
  });
  const added = entries.filter((entry) => !current.some((old) => old.ID === idOf(entry))).map((entry) => asRow(undefined, entry));
  return [...kept, ...added];
}

function asAddress(old: AddressRow | undefined, entry: Record<string, unknown>): AddressRow {
  const given = (name: keyof AddressRow): string => (name in entry ? text(entry[name]) : String(old?.[name] ?? ''));
  return {
    ID: old?.ID ?? newId(),
    Line1: given('Line1'),
    Line2: given('Line2'),
    City: given('City'),
    State: given('State'),
    Postcode: given('Postcode'),
    Country: given('Country'),
    Type: given('Type'),
    DefaultForType: flag(entry['DefaultForType'], old?.DefaultForType),
  };
}

function asContact(old: ContactRow | undefined, entry: Record<string, unknown>): ContactRow {
  const given = (name: keyof ContactRow): string => (name in entry ? text(entry[name]) : String(old?.[name] ?? ''));
  return {
    ID: old?.ID ?? newId(),
    Name: given('Name'),
    Phone: given('Phone'),
    MobilePhone: given('MobilePhone'),
    Fax: given('Fax'),
    Email: given('Email'),
    Website: given('Website'),
    Comment: given('Comment'),
    Default: flag(entry['Default'], old?.Default),
    IncludeInEmail: flag(entry['IncludeInEmail'], old?.IncludeInEmail),
  };
}

/** As the API shows it: GUIDs in mixed case, a discount with ten decimals, flags of contacts as they come. */
function shown(row: SupplierRow, idCase: 'lower' | 'upper'): unknown {
  const { attributes, ...plain } = row;
  const id = (value: string): string => (idCase === 'upper' ? value.toUpperCase() : value);
  return {
    ...plain,
    ID: id(row.ID),
    Discount: oddDecimal(row.Discount),
    ...Object.fromEntries(attributes.map((value, index) => [`AdditionalAttribute${index + 1}`, value === '' ? null : value])),
    Addresses: row.Addresses.map((address) => ({ ...address, ID: id(address.ID), SupplierID: row.ID.toUpperCase() })),
    Contacts: row.Contacts.map((contact) => ({ ...contact, ID: id(contact.ID), SupplierID: row.ID.toUpperCase() })),
  };
}

function flag(value: unknown, old = false): boolean {
  return value === undefined ? old : value === true || text(value).toLowerCase() === 'true';
}
