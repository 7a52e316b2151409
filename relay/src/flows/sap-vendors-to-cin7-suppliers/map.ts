import { alphaOut } from '@ml-connector/shared';
import type { Vendor, VendorCompanyCode, VendorPurchasingOrganisation } from '../../systems/sap-ecc/index.ts';
import { longestName, toContacts, type SupplierBody } from '../cin7-suppliers/index.ts';
import type { BlockReason, MapOutcome, Mapping } from '../flow.ts';
import { toAddresses } from './map-address.ts';
import type { VendorPayload } from './payload.ts';
import { vendorFlowSettings, type VendorFlowSettings } from './settings.ts';
import { fit, oneLine } from '../texts/index.ts';
import { sapVendorWords } from './words.ts';

/** What is looked up where SAP holds nothing, so that a map can say what that means. */
export const emptyCode = '(empty)';

/** A vendor as a Cin7 Core supplier. Pure; every reason that blocks it is told at once. */
export function mapVendor(payload: VendorPayload, mapping: Mapping): MapOutcome<SupplierBody> {
  if (payload.kind === 'gone') return { outcome: 'mapped', body: { action: 'deprecate', number: payload.number }, notes: [] };
  const { vendor } = payload;
  const settings = vendorFlowSettings.parse(mapping.settings);
  const companyCodes = inOrder(vendor.companyCodes, settings.companyCodes);
  const purchasing = inOrder(vendor.purchasingOrganisations, settings.purchasingOrganisations);
  const [company] = companyCodes;
  const skipped = reasonToSkip(vendor, settings);
  if (skipped) return { outcome: 'skipped', reason: skipped };
  if (!company) return { outcome: 'skipped', reason: withoutCompanyCode(settings) };

  const reasons: BlockReason[] = [];
  const notes: string[] = [];
  const mapped = (valueMapId: string, code: string, what: string): string => {
    const value = mapping.lookup(valueMapId, code || emptyCode);
    if (value !== undefined) return value;
    const message = `${what} ${code || 'that is empty'} has no entry in the value map ${valueMapId}`;
    reasons.push({ code: 'VALUE_MAP_MISSING', message, missing: { valueMapId, code: code || emptyCode } });
    return '';
  };

  const name = fit(oneLine(`${vendor.names[0]} ${vendor.names[1]}`), { field: 'Name', longest: longestName }, notes);
  if (!name) reasons.push({ code: 'NAME_EMPTY', message: 'the vendor has no name in SAP' });
  const terms = company.paymentTerms || purchasing.find(({ paymentTerms }) => paymentTerms)?.paymentTerms || '';
  const paymentTerm = mapped('payment-terms', terms, 'payment terms');
  const accountPayable = mapped('reconciliation-accounts', alphaOut(company.reconciliationAccount), 'reconciliation account');
  const currency = chooseCurrency({ company, purchasing, settings });
  if (!currency)
    reasons.push({ code: 'CURRENCY_MISSING', message: `neither purchasing organisation nor company code ${company.code} has a currency` });
  if (reasons.length > 0) return { outcome: 'blocked', reasons };

  if (companyCodes.length > 1) notes.push(`terms and reconciliation account are those of company code ${company.code}`);
  return {
    outcome: 'mapped',
    notes,
    body: {
      action: 'upsert',
      number: vendor.number,
      supplier: {
        Name: name,
        Currency: currency,
        PaymentTerm: paymentTerm,
        AccountPayable: accountPayable,
        TaxRule: settings.taxRule,
        Status: isToBeDeprecated({ vendor, companyCodes, purchasing, settings }) ? 'Deprecated' : 'Active',
        Comments: sapVendorWords.comment(vendor.number),
        TaxNumber: oneLine(vendor.taxNumbers.vat) || oneLine(vendor.taxNumbers.first),
        ...(settings.attributeSet
          ? { AttributeSet: settings.attributeSet, AdditionalAttribute1: sapVendorWords.attribute(vendor.number) }
          : {}),
        Addresses: toAddresses(vendor, { type: settings.addressType, mapping, notes }),
        Contacts: toContacts({ ...vendor, name: vendor.names[0] || vendor.names[1] }, notes),
      },
    },
  };
}

function reasonToSkip({ isOneTime, accountGroup }: Vendor, { accountGroups }: VendorFlowSettings): string | undefined {
  if (isOneTime) return 'one-time vendors stand for many and are not transferred';
  if (accountGroups.exclude.includes(accountGroup)) return `account group ${accountGroup} is excluded`;
  if (accountGroups.include.length > 0 && !accountGroups.include.includes(accountGroup))
    return `account group ${accountGroup || 'empty'} is not among ${accountGroups.include.join(', ')}`;
  return undefined;
}

function withoutCompanyCode({ companyCodes }: VendorFlowSettings): string {
  return companyCodes.length > 0
    ? `the vendor has no data in company code ${companyCodes.join(', ')}`
    : 'the vendor has no company code data, so nothing can be paid to it';
}

/** Those wanted, in the order they are wanted; all of them in their own order where nothing is. */
function inOrder<Entry extends { code: string }>(entries: Entry[], wanted: string[]): Entry[] {
  return wanted.length === 0 ? entries : wanted.flatMap((code) => entries.filter((entry) => entry.code === code));
}

interface Organisation {
  company: VendorCompanyCode;
  purchasing: VendorPurchasingOrganisation[];
  settings: VendorFlowSettings;
}

function chooseCurrency({ company, purchasing, settings }: Organisation): string {
  const ordering = purchasing.find(({ currency }) => currency)?.currency;
  return (settings.currencyFrom === 'purchasing-organisation' && ordering) || company.currency;
}

interface Standing {
  vendor: Vendor;
  companyCodes: VendorCompanyCode[];
  purchasing: VendorPurchasingOrganisation[];
  settings: VendorFlowSettings;
}

/** Blocked or flagged as a whole, or in every company code or purchasing organisation that counts here. */
function isToBeDeprecated({ vendor, companyCodes, purchasing, settings }: Standing): boolean {
  const flagged = (entries: { isDeletionFlagged: boolean }[]): boolean =>
    entries.length > 0 && entries.every((one) => one.isDeletionFlagged);
  if (vendor.isDeletionFlagged || flagged(companyCodes) || flagged(purchasing)) return true;
  if (!settings.deprecateBlocked) return false;
  if (vendor.isPostingBlocked || vendor.isPurchasingBlocked) return true;
  const isPostingBlocked = companyCodes.every((one) => one.isPostingBlocked || one.isDeletionFlagged);
  const isPurchasingBlocked = purchasing.length > 0 && purchasing.every((one) => one.isPurchasingBlocked || one.isDeletionFlagged);
  return isPostingBlocked || isPurchasingBlocked;
}
