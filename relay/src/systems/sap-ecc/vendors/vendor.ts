/**
 * A vendor as one object, with everything a target may want. Field names are ours; lists are in a fixed order, so that equal content has
 * an equal hash. Texts are as SAP holds them; what SAP leaves blank is an empty text.
 */
export interface Vendor {
  /** LIFNR, padded: `0000100123`. */
  number: string;
  /** KTOKK. */
  accountGroup: string;
  /** NAME1..NAME4, of the address where there is one (40 characters each), else of LFA1 (35). */
  names: readonly [string, string, string, string];
  searchTerm: string;
  /** SPRAS of the vendor, SAP's one-character key. */
  language: string;
  address: VendorAddress;
  telephone: string;
  mobile: string;
  fax: string;
  /** The default one first, then in the order of entry; none twice. */
  emails: string[];
  taxNumbers: { vat: string; first: string; second: string };
  isOneTime: boolean;
  isDeletionFlagged: boolean;
  isPostingBlocked: boolean;
  isPurchasingBlocked: boolean;
  /** By code. */
  companyCodes: VendorCompanyCode[];
  /** By code. */
  purchasingOrganisations: VendorPurchasingOrganisation[];
}

export interface VendorAddress {
  /** With the house number where SAP keeps both in one field. */
  street: string;
  houseNumber: string;
  district: string;
  city: string;
  postcode: string;
  region: string;
  poBox: string;
  poBoxPostcode: string;
  /** LAND1: usually the ISO code. */
  country: string;
  /** From T005T in the language asked for; empty where SAP has no text. */
  countryName: string;
}

export interface VendorCompanyCode {
  code: string;
  /** AKONT, padded. */
  reconciliationAccount: string;
  /** ZTERM. */
  paymentTerms: string;
  /** Of the company code itself (T001). */
  currency: string;
  isDeletionFlagged: boolean;
  isPostingBlocked: boolean;
}

export interface VendorPurchasingOrganisation {
  code: string;
  currency: string;
  paymentTerms: string;
  isDeletionFlagged: boolean;
  isPurchasingBlocked: boolean;
}
