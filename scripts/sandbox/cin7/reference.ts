import { envelope, failure, oddDecimal, ok, type Answer } from './answers.ts';
import type { ApiRequest } from './request.ts';
import type { Cin7State } from './state.ts';

export function getMe(state: Cin7State): Answer {
  return ok(state.me);
}

/** A Code without a match is an error, not an empty list. */
export function getAccounts(state: Cin7State, request: ApiRequest): Answer {
  const code = request.param('Code');
  if (code !== undefined && !state.accounts.some((one) => sameText(one.Code, code)))
    return failure(400, 'Account with specified ID not found');
  const rows = state.accounts.filter(
    (row) =>
      (code === undefined || sameText(row.Code, code)) &&
      startsWith(row.Name, request.param('Name')) &&
      equals(row.Type, request.param('Type')) &&
      equals(row.Status, request.param('Status')),
  );
  return envelope('AccountsList', rows, request.paging());
}

/** Inactive terms are listed like any other. */
export function getPaymentTerms(state: Cin7State, request: ApiRequest): Answer {
  const rows = state.paymentTerms.filter(
    (row) =>
      equals(row.ID, request.param('ID')) &&
      startsWith(row.Name, request.param('Name')) &&
      equals(row.Method, request.param('Method')) &&
      equals(String(row.IsActive), request.param('IsActive')) &&
      equals(String(row.IsDefault), request.param('IsDefault')),
  );
  return envelope('PaymentTermList', rows, request.paging());
}

export function getTaxRules(state: Cin7State, request: ApiRequest): Answer {
  const rows = state.taxRules.filter(
    (row) =>
      equals(row.ID, request.param('ID')) &&
      startsWith(row.Name, request.param('Name')) &&
      equals(String(row.IsActive), request.param('IsActive')) &&
      equals(String(row.IsTaxForSale), request.param('IsTaxForSale')) &&
      equals(String(row.IsTaxForPurchase), request.param('IsTaxForPurchase')),
  );
  return envelope('TaxRuleList', rows, request.paging(), (row) => ({ ...row, TaxPercent: oddDecimal(row.TaxPercent) }));
}

export function getAttributeSets(state: Cin7State, request: ApiRequest): Answer {
  const rows = state.attributeSets.filter((row) => startsWith(row.Name, request.param('Name')));
  return envelope('AttributeSetList', rows, request.paging());
}

export function sameText(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

export function startsWith(value: string, filter: string | undefined): boolean {
  return filter === undefined || value.toLowerCase().startsWith(filter.toLowerCase());
}

function equals(value: string, filter: string | undefined): boolean {
  return filter === undefined || filter === '' || sameText(value, filter);
}
