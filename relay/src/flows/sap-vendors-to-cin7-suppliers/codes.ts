import type { Cin7Session } from '../../systems/cin7-core/index.ts';
import { accountsPayable, activeTerms } from '../../systems/cin7-core/index.ts';
import { readPaymentTerms, readReconciliationAccounts, type SapSession } from '../../systems/sap-ecc/index.ts';
import { proposeTerm } from '../cin7-suppliers/index.ts';
import type { CodesInput, ValueMapCodes } from '../flow.ts';
import { emptyCode } from './map.ts';
import { vendorFlowSettings } from './settings.ts';

/** Codes of both sides for the value maps, with pairs that look right. */
export async function vendorCodes({
  settings: given,
  source,
  target,
  scope,
}: CodesInput<SapSession, Cin7Session>): Promise<ValueMapCodes[]> {
  const { companyCodes, language = source.settings.language } = vendorFlowSettings.parse(given);
  const [terms, accounts, cin7Terms, cin7Accounts] = await Promise.all([
    readPaymentTerms(source, language, scope),
    readReconciliationAccounts(source, { companyCodes, language }, scope),
    target.paymentTerms(scope),
    target.accounts(scope),
  ]);
  const usableTerms = activeTerms(cin7Terms);
  const payables = accountsPayable(cin7Accounts).map(({ Code, Name }) => ({ code: Code, name: Name }));
  const [onlyPayable, another] = payables;
  return [
    {
      valueMapId: 'payment-terms',
      from: [...terms, { code: emptyCode, name: 'the vendor has no payment terms' }],
      to: usableTerms.map(({ Name, Duration, Method }) => ({ code: Name, name: `${Duration} ${Method}` })),
      proposals: terms.flatMap((term) => proposeTerm(term, usableTerms)),
    },
    {
      valueMapId: 'reconciliation-accounts',
      from: accounts,
      to: payables,
      proposals:
        onlyPayable && !another
          ? accounts.map(({ code }) => ({ from: code, to: onlyPayable.code, why: 'Cin7 Core takes only its own accounts payable account' }))
          : [],
    },
  ];
}
