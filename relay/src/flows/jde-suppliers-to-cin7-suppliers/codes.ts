import { accountsPayable, activeTerms, purchaseTaxRules, type Cin7Session } from '../../systems/cin7-core/index.ts';
import { readPaymentTerms, type JdeSession } from '../../systems/jde/index.ts';
import { proposeTerm } from '../cin7-suppliers/index.ts';
import type { CodesInput, ValueMapCodes } from '../flow.ts';
import { readCodesInUse } from './codes-in-use.ts';
import { emptyCode } from './map.ts';
import { jdeSupplierSettings } from './settings.ts';

/** Codes of both sides for the value maps, with pairs that look right. */
export async function supplierCodes({
  settings: given,
  source,
  target,
  scope,
}: CodesInput<JdeSession, Cin7Session>): Promise<ValueMapCodes[]> {
  const settings = jdeSupplierSettings.parse(given);
  const [inUse, terms, cin7Terms, taxRules, accounts] = await Promise.all([
    readCodesInUse(source, settings, scope),
    readPaymentTerms(source, scope),
    target.paymentTerms(scope),
    target.taxRules(scope),
    target.accounts(scope),
  ]);
  const usableTerms = activeTerms(cin7Terms);
  const payables = accountsPayable(accounts).map(({ Code, Name }) => ({ code: Code, name: Name }));
  const [onlyPayable, another] = payables;
  const known = new Map(terms.map((term) => [term.code, term]));
  const fromTerms = [...new Set([...known.keys(), ...inUse.paymentTerms])].toSorted().map((code) => known.get(code) ?? { code, name: '' });
  return [
    {
      valueMapId: 'payment-terms',
      from: [...fromTerms, { code: emptyCode, name: 'the supplier has no payment terms' }],
      to: usableTerms.map(({ Name, Duration, Method }) => ({ code: Name, name: `${Duration} ${Method}` })),
      proposals: fromTerms.flatMap((term) => proposeTerm(term, usableTerms)),
    },
    {
      valueMapId: 'tax-rules',
      from: inUse.taxCodes.map((code) => ({ code, name: '' })),
      to: purchaseTaxRules(taxRules).map(({ Name, TaxPercent }) => ({ code: Name, name: `${TaxPercent} %` })),
      proposals: [],
    },
    {
      valueMapId: 'gl-classes',
      from: [...inUse.glClasses.map((code) => ({ code, name: '' })), { code: emptyCode, name: 'the supplier has no G/L class' }],
      to: payables,
      proposals:
        onlyPayable && !another
          ? [...inUse.glClasses, emptyCode].map((code) => ({
              from: code,
              to: onlyPayable.code,
              why: 'Cin7 Core takes only its own accounts payable account',
            }))
          : [],
    },
    { valueMapId: 'currencies', from: inUse.currencies.map((code) => ({ code, name: '' })), to: [], proposals: [] },
  ];
}
