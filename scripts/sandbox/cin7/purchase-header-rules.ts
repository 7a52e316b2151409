import { isAmount } from '@ml-connector/shared';
import { text, type ApiError } from './answers.ts';
import { sameText } from './reference.ts';
import type { Cin7State, SupplierRow } from './state.ts';

type Body = Record<string, unknown>;

const lengths: Record<string, number> = {
  Supplier: 256,
  Contact: 256,
  Phone: 50,
  Approach: 10,
  Location: 256,
  TaxRule: 50,
  Terms: 256,
  Note: 1024,
};

/** Everything wrong with the header of a purchase; with `isNew` false only what it gives is looked at. In stages, as suppliers are. */
export function headerProblems(state: Cin7State, body: Body, isNew: boolean): (string | ApiError)[] {
  const missing = missingFields(body, isNew);
  if (missing.length > 0) return missing;
  const badForm = [...tooLong(body, lengths), ...formProblems(body)];
  return badForm.length > 0 ? badForm : referenceProblems(state, body);
}

/** By its ID, or by its name. */
export function supplierOf(state: Cin7State, body: Body): SupplierRow | undefined {
  const id = text(body['SupplierID']).toLowerCase();
  if (id !== '') return state.suppliers.get(id);
  return [...state.suppliers.values()].find(({ Name }) => sameText(Name, text(body['Supplier'])));
}

export function tooLong(entry: Body, limits: Record<string, number>): string[] {
  return Object.entries(limits)
    .filter(([name, limit]) => text(entry[name]).length > limit)
    .map(([name, limit]) => `The field ${name} must be a string with a maximum length of ${limit}.`);
}

export function isPurchaseTax({ taxRules }: Cin7State, name: string): boolean {
  return taxRules.some((one) => one.IsActive && one.IsTaxForPurchase && sameText(one.Name, name));
}

function missingFields(body: Body, isNew: boolean): string[] {
  const required = ['Approach', 'Location'].filter((name) => (isNew || name in body) && text(body[name]).trim() === '');
  const hasNoSupplier = isNew && text(body['SupplierID']) === '' && text(body['Supplier']).trim() === '';
  return [...(hasNoSupplier ? ['SupplierID'] : []), ...required].map((name) => `Required attribute ${name} is not provided.`);
}

function formProblems(body: Body): string[] {
  const isOneOf = (name: string, values: string[]): string[] =>
    !(name in body) || values.some((value) => sameText(value, text(body[name]))) ? [] : [`${name} is invalid`];
  const { CurrencyRate, RequiredBy } = body;
  return [
    ...isOneOf('Approach', ['INVOICE', 'STOCK']),
    ...isOneOf('PurchaseType', ['Simple', 'Advanced']),
    ...isOneOf('TaxCalculation', ['Exclusive', 'Inclusive']),
    ...('CurrencyRate' in body && !(isAmount(text(CurrencyRate)) && Number(CurrencyRate) > 0) ? ['CurrencyRate is invalid'] : []),
    ...(text(RequiredBy) !== '' && Number.isNaN(Date.parse(text(RequiredBy))) ? ['RequiredBy is invalid'] : []),
  ];
}

function referenceProblems(state: Cin7State, body: Body): (string | ApiError)[] {
  const given = (name: string): string => text(body[name]).trim();
  const supplier = supplierOf(state, body);
  const namesSupplier = given('SupplierID') !== '' || given('Supplier') !== '';
  const hasLocation = state.locations.some(({ Name, IsDeprecated }) => Name === given('Location') && !IsDeprecated);
  const hasTerm = state.paymentTerms.some(({ Name, IsActive }) => IsActive && sameText(Name, given('Terms')));
  return [
    ...(namesSupplier && (!supplier || supplier.Status === 'Deprecated')
      ? [`Supplier '${given('SupplierID') || given('Supplier')}' was not found`]
      : []),
    ...(given('Location') !== '' && !hasLocation
      ? [{ ErrorCode: 404, Exception: `Location '${given('Location')}' was not found in Locations reference book` }]
      : []),
    ...(given('Terms') !== '' && !hasTerm
      ? [`Active payment term with name ${given('Terms')} was not found in Payment Terms reference book`]
      : []),
    ...(given('TaxRule') !== '' && !isPurchaseTax(state, given('TaxRule'))
      ? [`Tax rule '${given('TaxRule')}' was not found in Tax Rules reference book`]
      : []),
  ];
}
