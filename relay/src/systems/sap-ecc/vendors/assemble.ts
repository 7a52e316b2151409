import type { Condition } from '@ml-connector/shared';
import { chooseAddresses, readAddresses, readEmails, type AddressRow } from './addresses.ts';
import { collectAll, onlyIn } from './key-lists.ts';
import type { VendorReference } from './reference.ts';
import { purchasingFields, type CompanyRow, type GeneralRow, type PurchasingRow } from './rows.ts';
import type { SourceInput } from './vendor-source.ts';
import type { Vendor, VendorAddress, VendorCompanyCode, VendorPurchasingOrganisation } from './vendor.ts';

interface Parts {
  general: GeneralRow[];
  company: CompanyRow[];
  /** WHERE clauses on LIFNR that together cover the general rows. */
  selections: Condition[][];
}

/** Adds purchasing data, addresses and e-mails, which no BAPI gives, and puts vendors together in the order of the general rows. */
export async function assembleVendors(input: SourceInput, { general, company, selections }: Parts): Promise<Vendor[]> {
  const { session, scope, reference, today, purchasingOrganisations } = input;
  const addressNumbers = [...new Set(general.map(({ ADRNR }) => ADRNR).filter(Boolean))].toSorted();
  const [purchasing, addressRows, emails] = await Promise.all([
    collectAll(selections, (where) =>
      session.readTable({ table: 'LFM1', fields: purchasingFields, where: [...where, ...onlyIn('EKORG', purchasingOrganisations)] }, scope),
    ),
    readAddresses(session, addressNumbers, scope),
    readEmails(session, addressNumbers, scope),
  ]);
  const companyOf = Map.groupBy(company, ({ LIFNR }) => LIFNR);
  const purchasingOf = Map.groupBy(purchasing, ({ LIFNR }) => LIFNR);
  const addresses = chooseAddresses(addressRows, today);
  return general.map((row) => ({
    ...toGeneral(row, addresses.get(row.ADRNR), reference),
    emails: emails.get(row.ADRNR) ?? [],
    companyCodes: byCode((companyOf.get(row.LIFNR) ?? []).map((one) => toCompanyCode(one, reference))),
    purchasingOrganisations: byCode((purchasingOf.get(row.LIFNR) ?? []).map(toPurchasingOrganisation)),
  }));
}

function toGeneral(
  row: GeneralRow,
  address: AddressRow | undefined,
  reference: VendorReference,
): Omit<Vendor, 'emails' | 'companyCodes' | 'purchasingOrganisations'> {
  const named = address?.NAME1 ? address : row;
  return {
    number: row.LIFNR,
    accountGroup: row.KTOKK,
    names: [named.NAME1, named.NAME2, named.NAME3, named.NAME4],
    searchTerm: row.SORTL,
    language: row.SPRAS,
    address: toAddress(row, address, reference),
    telephone: address?.TEL_NUMBER || row.TELF1,
    mobile: row.TELF2,
    fax: address?.FAX_NUMBER || row.TELFX,
    taxNumbers: { vat: row.STCEG, first: row.STCD1, second: row.STCD2 },
    isOneTime: row.XCPDK === 'X',
    isDeletionFlagged: row.LOEVM === 'X',
    isPostingBlocked: row.SPERR === 'X',
    isPurchasingBlocked: row.SPERM === 'X',
  };
}

/** ADRC leads, LFA1 holds shortened copies. An address without street keeps none: LFA1's may be older. */
function toAddress(row: GeneralRow, address: AddressRow | undefined, { countryNames }: VendorReference): VendorAddress {
  const country = address?.COUNTRY || row.LAND1;
  return {
    street: address ? address.STREET : row.STRAS,
    houseNumber: address?.HOUSE_NUM1 ?? '',
    district: address ? address.CITY2 : row.ORT02,
    city: address?.CITY1 || row.ORT01,
    postcode: address ? address.POST_CODE1 : row.PSTLZ,
    region: address?.REGION || row.REGIO,
    poBox: address?.PO_BOX || row.PFACH,
    poBoxPostcode: row.PSTL2,
    country,
    countryName: countryNames.get(country) ?? '',
  };
}

function toCompanyCode(row: CompanyRow, { companyCodes }: VendorReference): VendorCompanyCode {
  return {
    code: row.BUKRS,
    reconciliationAccount: row.AKONT,
    paymentTerms: row.ZTERM,
    currency: companyCodes.get(row.BUKRS)?.currency ?? '',
    isDeletionFlagged: row.LOEVM === 'X',
    isPostingBlocked: row.SPERR === 'X',
  };
}

function toPurchasingOrganisation(row: PurchasingRow): VendorPurchasingOrganisation {
  return {
    code: row.EKORG,
    currency: row.WAERS,
    paymentTerms: row.ZTERM,
    isDeletionFlagged: row.LOEVM === 'X',
    isPurchasingBlocked: row.SPERM === 'X',
  };
}

function byCode<Entry extends { code: string }>(entries: Entry[]): Entry[] {
  return entries.toSorted((one, other) => (one.code < other.code ? -1 : 1));
}
