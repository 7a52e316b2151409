import type { SapDocument } from '../../systems/sap-ecc/index.ts';
import type { BlockReason, MapOutcome, Mapping } from '../flow.ts';
import { fromCents } from './cents.ts';
import { documentKey, plainAccount, reversedKey } from './document-key.ts';
import { balanceProblems, fitsTwoDecimals, toPairItems } from './items.ts';
import { journalsOf } from './journals.ts';
import { headerNotes } from './notes.ts';
import { decompose } from './pairs.ts';
import type { JournalsBody } from './payload.ts';
import { glFlowSettings, type GlFlowSettings } from './settings.ts';

/** A posted document as journals of Cin7 Core. Pure; every account without an entry and whatever else blocks it is told at once. */
export function mapDocument(document: SapDocument, mapping: Mapping): MapOutcome<JournalsBody> {
  const settings = glFlowSettings.parse(mapping.settings);
  const skipped = reasonToSkip(document, settings);
  if (skipped) return { outcome: 'skipped', reason: skipped };

  const { accounts, missing } = mapAccounts(document, mapping, settings);
  const currencies = mapCurrencies(document, mapping);
  const reasons = [...missing, ...currencies.missing, ...balanceProblems(document), ...tooFine(document, settings)];
  if (reasons.length > 0) return { outcome: 'blocked', reasons };

  const inBase = settings.amounts === 'base-currency' || !fitsTwoDecimals(document, 'amount');
  const { baseCurrency } = currencies;
  const currency = inBase ? baseCurrency : currencies.currency;
  const items = toPairItems(document, { accounts, inBase, perAccount: settings.items === 'per-account' });
  const decomposition = decompose(items, {
    isBaseCurrency: currency === baseCurrency,
    baseAgainst: settings.baseDifferenceAccount,
  });
  const { cancelled } = decomposition;
  const meeting = cancelled && `${fromCents(cancelled.amount)} ${currency} debit and credit meet on account ${cancelled.account} alone`;
  if (meeting && settings.sameAccount === 'block')
    return {
      outcome: 'blocked',
      reasons: [{ code: 'SAME_ACCOUNT', message: `${meeting}; Cin7 Core has no line with one account on both sides` }],
    };
  const journals = journalsOf({ document, decomposition, currency, baseCurrency, mostLines: settings.mostLines });
  if (journals.length === 0) return { outcome: 'skipped', reason: meeting ? `${meeting}: no balance changes` : 'no item has an amount' };

  const reverses = reversedKey(document);
  return {
    outcome: 'mapped',
    body: {
      key: documentKey(document),
      baseCurrency,
      header: { EffectiveDate: document.postingDate, Notes: headerNotes(document) },
      journals,
      ...(reverses ? { reverses } : {}),
    },
    notes: [
      ...(meeting ? [`${meeting}: left out, as no balance changes`] : []),
      ...(inBase && document.currency !== document.localCurrency
        ? [`posted in base currency with the local amounts of SAP; the amounts in ${document.currency} are in the notes`]
        : []),
      ...(decomposition.basePairs.length > 0 ? ['amounts in base currency alone are posted as lines of their own'] : []),
    ],
  };
}

function reasonToSkip(document: SapDocument, settings: GlFlowSettings): string | undefined {
  const { companyCode, documentType, items } = document;
  const { companyCodes, documentTypes, leaveOutAccounts } = settings;
  if (!companyCodes.includes(companyCode)) return `company code ${companyCode} is not among ${companyCodes.join(', ')}`;
  if (documentTypes.exclude.includes(documentType)) return `document type ${documentType} is excluded`;
  if (documentTypes.include.length > 0 && !documentTypes.include.includes(documentType))
    return `document type ${documentType} is not among ${documentTypes.include.join(', ')}`;
  const leftOut = new Set(leaveOutAccounts.map(plainAccount));
  const item = items.find(({ account }) => leftOut.has(plainAccount(account)));
  return item && `item ${item.number} is on account ${plainAccount(item.account)}, whose documents are left out`;
}

/** Only accounts with an amount on them have to be known. */
function mapAccounts(
  { companyCode, items }: SapDocument,
  mapping: Mapping,
  { accountsBy }: GlFlowSettings,
): { accounts: Map<string, string>; missing: BlockReason[] } {
  const accounts = new Map<string, string>();
  const missing: BlockReason[] = [];
  const moving = items.filter(({ amount, localAmount }) => /[1-9]/.test(amount + localAmount));
  for (const account of new Set(moving.map((item) => item.account))) {
    const plain = plainAccount(account);
    const codes = accountsBy === 'company-code' ? [`${companyCode}/${plain}`, plain] : [plain];
    const [code = plain] = codes;
    const target = mapping.lookup('gl-accounts', ...codes);
    if (target !== undefined) accounts.set(account, target);
    else
      missing.push({
        code: 'VALUE_MAP_MISSING',
        message: `account ${plain} of company code ${companyCode} has no entry ${codes.join(' or ')} in the value map gl-accounts`,
        missing: { valueMapId: 'gl-accounts', code },
      });
  }
  return { accounts, missing };
}

function mapCurrencies(
  { currency, localCurrency }: SapDocument,
  mapping: Mapping,
): { currency: string; baseCurrency: string; missing: BlockReason[] } {
  const missing: BlockReason[] = [];
  const mapped = (code: string): string => {
    const target = mapping.lookup('currencies', code);
    if (target === undefined)
      missing.push({
        code: 'VALUE_MAP_MISSING',
        message: `currency ${code} has no entry in the value map currencies`,
        missing: { valueMapId: 'currencies', code },
      });
    return target ?? '';
  };
  const baseCurrency = mapped(localCurrency);
  return { baseCurrency, currency: currency === localCurrency ? baseCurrency : mapped(currency), missing };
}

function tooFine(document: SapDocument, { amounts, finerAmounts }: GlFlowSettings): BlockReason[] {
  if (!fitsTwoDecimals(document, 'localAmount'))
    return [{ code: 'AMOUNT_TOO_FINE', message: `amounts in ${document.localCurrency} have more decimals than the two of Cin7 Core` }];
  if (amounts === 'base-currency' || finerAmounts !== 'block' || fitsTwoDecimals(document, 'amount')) return [];
  const message = `amounts in ${document.currency} have more decimals than the two of Cin7 Core; set finerAmounts to post such documents in base currency`;
  return [{ code: 'AMOUNT_TOO_FINE', message }];
}
