import { SystemError } from '@ml-connector/shared';
import type { CallScope } from '../system.ts';
import { isValidation } from './client.ts';
import { activeTerms, purchaseTaxRules, type Cin7Reference } from './reference.ts';
import { sameWord } from './rows.ts';
import type { Cin7PurchaseHeader } from './types.ts';

export type PurchaseReference = Pick<Cin7Reference, 'paymentTerms' | 'taxRules' | 'locations' | 'invalidate'>;

/** A refusal names only some of the problems; the lists, read anew, show the others, so that a person fixes them in one go. */
export async function withHeaderProblems(
  error: unknown,
  reference: PurchaseReference,
  header: Cin7PurchaseHeader,
  scope: CallScope,
): Promise<unknown> {
  if (!isValidation(error)) return error;
  reference.invalidate();
  try {
    const problems = await headerProblems(header, reference, scope);
    if (problems.length === 0) return error;
    const { code, verdict, message, fix, facts, cause } = error;
    return new SystemError(code, verdict, `${message} (${problems.join('; ')})`, { fix, cause, facts: { ...facts, problems } });
  } catch {
    return error; // the refusal is the news, not that the lists could not be read
  }
}

async function headerProblems(header: Cin7PurchaseHeader, reference: PurchaseReference, scope: CallScope): Promise<string[]> {
  const { Location, TaxRule, Terms } = header;
  const location = (await reference.locations(scope)).find(({ Name }) => sameWord(Name, Location));
  const rules = purchaseTaxRules(await reference.taxRules(scope));
  const terms = Terms ? activeTerms(await reference.paymentTerms(scope)) : [];
  return [
    ...(location ? [] : [`no location is named '${Location}'`]),
    ...(location?.IsDeprecated ? [`location '${location.Name}' is deprecated`] : []),
    ...(location && location.Name !== Location ? [`the location is spelled '${location.Name}', not '${Location}'`] : []),
    ...(rules.some(({ Name }) => sameWord(Name, TaxRule)) ? [] : [`no active tax rule for purchases is named '${TaxRule}'`]),
    ...(!Terms || terms.some(({ Name }) => sameWord(Name, Terms)) ? [] : [`no active payment term is named '${Terms}'`]),
  ];
}
