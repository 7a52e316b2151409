import { text, type ApiError } from './answers.ts';
import { sameText } from './reference.ts';
import type { Cin7State, SupplierRow } from './state.ts';

const required = ['Name', 'Currency', 'PaymentTerm', 'AccountPayable', 'TaxRule'];
const lengths: Record<string, number> = { Name: 256, Comments: 256, ...Object.fromEntries(attributeNames().map((name) => [name, 256])) };
const addressLengths = { Line1: 256, Line2: 256, City: 256, State: 256, Postcode: 20 };
const contactLengths = { Name: 256, Phone: 50, MobilePhone: 50, Fax: 50, Email: 256, Website: 256, Comment: 256 };

/**
 * Everything wrong with a supplier body, in the vendor's words where they are known (facts/cin7.md 4); the caller reports a part of it.
 * The rules come in stages, as observed: required fields first, references only when those are there.
 */
export function supplierProblems(state: Cin7State, body: Record<string, unknown>, current: SupplierRow | undefined): (string | ApiError)[] {
  const missing = missingFields(body, current);
  if (missing.length > 0) return missing;
  const badForm = [...tooLong(body, lengths), ...entryProblems(body)];
  if (badForm.length > 0) return badForm;
  return [...referenceProblems(state, body), ...nameProblems(state, body, current)];
}

function missingFields(body: Record<string, unknown>, current: SupplierRow | undefined): string[] {
  const names = current ? required.filter((name) => name in body) : [...required, 'Status'];
  return names.filter((name) => filled(body[name]) === '').map((name) => `Required attribute ${name} is not provided.`);
}

function tooLong(entry: Record<string, unknown>, limits: Record<string, number>): string[] {
  return Object.entries(limits)
    .filter(([name, limit]) => filled(entry[name]).length > limit)
    .map(([name, limit]) => `The field ${name} must be a string with a maximum length of ${limit}.`);
}

function entryProblems(body: Record<string, unknown>): string[] {
  const problems: string[] = [];
  for (const list of ['Addresses', 'Contacts'] as const) {
    const entries = body[list];
    if (entries === undefined || entries === null) continue;
    if (!Array.isArray(entries) || entries.some((one) => typeof one !== 'object' || one === null)) {
      problems.push(`${list} is invalid`);
      continue;
    }
    for (const entry of entries as Record<string, unknown>[])
      problems.push(...(list === 'Addresses' ? addressProblems(entry) : contactProblems(entry)));
  }
  return problems;
}

function addressProblems(entry: Record<string, unknown>): string[] {
  if (entry['DefaultForType'] === null) return ['Nullable object must have a value'];
  const type = filled(entry['Type']);
  return [
    ...requiredIn(entry, ['Line1', 'Country', 'Type']),
    ...(type === '' || ['Billing', 'Business', 'Shipping'].some((one) => sameText(one, type)) ? [] : ['Type is invalid']),
    ...tooLong(entry, addressLengths),
  ];
}

function contactProblems(entry: Record<string, unknown>): string[] {
  if (entry['Default'] === null) return ['Nullable object must have a value'];
  return [...requiredIn(entry, ['Name']), ...tooLong(entry, contactLengths)];
}

/** An entry with an ID is an update and may be partial. */
function requiredIn(entry: Record<string, unknown>, names: string[]): string[] {
  const isUpdate = filled(entry['ID']) !== '';
  return names
    .filter((name) => (!isUpdate || name in entry) && filled(entry[name]) === '')
    .map((name) => `Required attribute ${name} is not provided.`);
}

function referenceProblems(state: Cin7State, body: Record<string, unknown>): (string | ApiError)[] {
  const { PaymentTerm, AccountPayable, TaxRule, AttributeSet, Currency, Status } = body;
  const problems: (string | ApiError)[] = [];
  const check = (value: unknown, isGood: (value: string) => boolean, problem: (value: string) => string | ApiError): void => {
    if (value !== undefined && filled(value) !== '' && !isGood(filled(value))) problems.push(problem(filled(value)));
  };
  check(
    PaymentTerm,
    (name) => state.paymentTerms.some((one) => one.IsActive && sameText(one.Name, name)),
    (name) => `Active payment term with name ${name} was not found in Payment Terms reference book`,
  );
  check(
    AccountPayable,
    (code) => state.accounts.some((one) => sameText(one.Code, code)),
    () => 'Account with specified ID not found',
  );
  check(
    AccountPayable,
    (code) => !state.accounts.some((one) => sameText(one.Code, code) && one.SystemAccountCode !== 'CREDITORS'),
    (code) => `Account '${code}' is not the Accounts payable account`,
  );
  check(
    TaxRule,
    (name) => state.taxRules.some((one) => one.IsActive && one.IsTaxForPurchase && sameText(one.Name, name)),
    (name) => `Tax rule '${name}' was not found in Tax Rules reference book`,
  );
  check(
    AttributeSet,
    (name) => state.attributeSets.some((one) => sameText(one.Name, name)),
    (name) => ({ ErrorCode: 404, Exception: `Attribute set '${name}' was not found in reference book` }),
  );
  check(
    Currency,
    (code) => state.currencies.some((one) => sameText(one, code)),
    (code) => `Currency '${code}' was not found in Currencies reference book`,
  );
  check(
    Status,
    (status) => ['Active', 'Deprecated'].some((one) => sameText(one, status)),
    () => 'Status is invalid',
  );
  return problems;
}

/** Assumed: the text is ours, formed like the one known for units. Deprecated suppliers hold their names too. */
function nameProblems(state: Cin7State, body: Record<string, unknown>, current: SupplierRow | undefined): string[] {
  const name = filled(body['Name']);
  const isTaken = name !== '' && [...state.suppliers.values()].some((row) => row.ID !== current?.ID && sameText(row.Name, name));
  return isTaken ? ['This supplier already exists. Supplier name must be unique.'] : [];
}

function filled(value: unknown): string {
  return text(value).trim();
}

function attributeNames(): string[] {
  return Array.from({ length: 10 }, (_, index) => `AdditionalAttribute${index + 1}`);
}
