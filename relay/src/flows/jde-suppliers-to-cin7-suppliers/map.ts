import type { JdeSupplier } from '../../systems/jde/index.ts';
import { longestName, toContacts, type SupplierBody } from '../cin7-suppliers/index.ts';
import type { BlockReason, MapOutcome, Mapping } from '../flow.ts';
import { fit, oneLine } from '../texts/index.ts';
import { toAddresses } from './map-address.ts';
import { telephones } from './telephones.ts';
import type { SupplierPayload } from './payload.ts';
import { jdeSupplierSettings, type JdeSupplierSettings } from './settings.ts';
import { fullNumber, jdeSupplierWords } from './words.ts';

/** What is looked up where JD Edwards holds nothing, so that a map can say what that means. */
export const emptyCode = '(empty)';

/** A supplier of JD Edwards as one of Cin7 Core. Pure; every reason that blocks it is told at once. */
export function mapSupplier(payload: SupplierPayload, mapping: Mapping): MapOutcome<SupplierBody> {
  if (payload.kind === 'gone') return { outcome: 'mapped', body: { action: 'deprecate', number: fullNumber(payload) }, notes: [] };
  const { supplier, environment } = payload;
  const settings = jdeSupplierSettings.parse(mapping.settings);
  const skipped = reasonToSkip(supplier, settings);
  if (skipped) return { outcome: 'skipped', reason: skipped };

  const reasons: BlockReason[] = [];
  const notes: string[] = [];
  const demand = demandFrom(mapping, reasons);
  const names =
    settings.nameFrom === 'mailing-name' ? [supplier.mailingName, supplier.alphaName] : [supplier.alphaName, supplier.mailingName];
  const name = fit(names.map(oneLine).find(Boolean) ?? '', { field: 'Name', longest: longestName }, notes);
  if (!name) reasons.push({ code: 'NAME_EMPTY', message: 'the supplier has neither mailing name nor alpha name in JD Edwards' });

  const { master } = supplier;
  const PaymentTerm = demand('payment-terms', [master.paymentTerms || emptyCode], 'payment terms');
  const AccountPayable = settings.accountPayable ?? demand('gl-classes', [master.glClass || emptyCode], 'G/L class');
  const Currency = currencyOf(supplier, settings, demand, reasons);
  const TaxRule = taxRuleOf(supplier, settings, demand);
  const Addresses = toAddresses(supplier.address, { settings, mapping, notes, reasons });
  if (reasons.length > 0) return { outcome: 'blocked', reasons };

  const number = fullNumber({ number: supplier.number, environment });
  const words = jdeSupplierWords(environment);
  const taxNumbers =
    settings.taxNumberFrom === 'tax-id' ? [supplier.taxId, supplier.additionalTaxId] : [supplier.additionalTaxId, supplier.taxId];
  const taxNumber = taxNumbers.map(oneLine).find(Boolean);
  return {
    outcome: 'mapped',
    notes,
    body: {
      action: 'upsert',
      number,
      supplier: {
        Name: name,
        Currency,
        PaymentTerm,
        AccountPayable,
        TaxRule,
        Status: isToBeDeprecated(supplier, settings, notes) ? 'Deprecated' : 'Active',
        Comments: words.comment(number),
        // Sites hide these columns: what is not seen must not empty the field.
        ...(taxNumber ? { TaxNumber: taxNumber } : {}),
        ...(settings.attributeSet ? { AttributeSet: settings.attributeSet, AdditionalAttribute1: words.attribute(number) } : {}),
        Addresses,
        Contacts: toContacts({ name, ...telephones(supplier, settings), emails: emailsOf(supplier) }, notes),
      },
    },
  };
}

function reasonToSkip({ searchType }: JdeSupplier, { searchTypes, deprecatedSearchTypes }: JdeSupplierSettings): string | undefined {
  if (deprecatedSearchTypes.includes(searchType)) return undefined;
  if (searchTypes.exclude.includes(searchType)) return `search type ${searchType} is excluded`;
  if (searchTypes.include.length > 0 && !searchTypes.include.includes(searchType))
    return `search type ${searchType || 'that is empty'} is not among ${searchTypes.include.join(', ')}`;
  return undefined;
}

type Demand = (valueMapId: string, codes: readonly string[], what: string) => string;

/** Looks up codes of which one must have an answer; the record waits for an entry of the first otherwise. */
function demandFrom(mapping: Mapping, reasons: BlockReason[]): Demand {
  return (valueMapId, codes, what) => {
    const value = mapping.lookup(valueMapId, ...codes);
    if (value !== undefined) return value;
    const [code = emptyCode] = codes;
    const message = `${what} ${code === emptyCode ? 'that is empty' : code} has no entry in the value map ${valueMapId}`;
    reasons.push({ code: 'VALUE_MAP_MISSING', message, missing: { valueMapId, code } });
    return '';
  };
}

function currencyOf({ master }: JdeSupplier, { defaultCurrency }: JdeSupplierSettings, demand: Demand, reasons: BlockReason[]): string {
  const currency = master.currency || defaultCurrency;
  if (currency) return demand('currencies', [currency], 'currency');
  reasons.push({ code: 'CURRENCY_MISSING', message: 'the supplier has no currency in JD Edwards, and no defaultCurrency is set' });
  return '';
}

function taxRuleOf({ master }: JdeSupplier, { taxBy, taxRule }: JdeSupplierSettings, demand: Demand): string {
  const codes = taxCodes(master, taxBy);
  return codes.length > 0 ? demand('tax-rules', codes, 'tax code') : taxRule;
}

/**
 * Codes of the value map tax-rules, the most exact first: `DE19/V`, `DE19`; `-` stands for what the supplier does not have. None where it has
 * nothing, or one rule is for all.
 */
export function taxCodes({ taxArea, taxExplanation }: TaxFields, by: JdeSupplierSettings['taxBy']): string[] {
  const both = `${(by !== 'explanation' && taxArea) || '-'}/${taxExplanation || '-'}`;
  switch (by) {
    case 'one-rule':
      return [];
    case 'explanation':
      return taxExplanation ? [both] : [];
    case 'area':
      return taxArea ? [taxArea] : [];
    case 'area-and-explanation':
      return taxArea ? [both, taxArea] : taxExplanation ? [both] : [];
  }
}

type TaxFields = Pick<JdeSupplier['master'], 'taxArea' | 'taxExplanation'>;

function emailsOf({ electronicAddresses }: JdeSupplier): string[] {
  const emails = electronicAddresses.filter(({ type, address }) => type === 'E' && address !== '').map(({ address }) => address);
  return emails.filter((email, index) => emails.findIndex((other) => other.toLowerCase() === email.toLowerCase()) === index);
}

function isToBeDeprecated({ searchType, master }: JdeSupplier, settings: JdeSupplierSettings, notes: string[]): boolean {
  const held = [
    { what: 'payments are held in JD Edwards', is: master.isPaymentHeld, rule: settings.paymentHeld },
    { what: `orders are held in JD Edwards (hold code ${master.holdCode})`, is: master.holdCode !== '', rule: settings.orderHold },
  ].filter(({ is }) => is);
  notes.push(...held.map(({ what }) => what));
  return settings.deprecatedSearchTypes.includes(searchType) || held.some(({ rule }) => rule === 'deprecate');
}
