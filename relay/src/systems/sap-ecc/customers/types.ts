import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';

/** Where a customer is created: the sales area whose reference customer gives everything that is not passed (facts/sap-ecc.md 2.4). */
export interface SalesArea {
  salesOrganisation: string;
  distributionChannel: string;
  division: string;
}

/** Texts are cut to SAP's lengths by the caller. */
export interface CustomerData {
  /** `person` fills PI_PERSONALDATA, `company` PI_COMPANYDATA; never both. */
  kind: 'person' | 'company';
  /** Text of the form of address as TSAD3T has it in the logon language: `Company`, `Mr.`. */
  title: string;
  /** Company: up to four lines; person: unused. */
  names: readonly string[];
  firstName: string;
  lastName: string;
  street: string;
  houseNumber: string;
  city: string;
  district: string;
  postalCode: string;
  /** SAP country (LAND1). */
  country: string;
  region: string;
  telephone: string;
  email: string;
  /** ISO language, two letters. */
  language: string;
  currency: string;
}

export interface SapCustomer extends CustomerData {
  /** Ten digits with leading zeros. */
  number: string;
  accountGroup: string;
  isOneTime: boolean;
  isDeleted: boolean;
  isBlocked: boolean;
  vatNumber: string;
  taxNumber1: string;
  /** YYYYMMDD, by the server's own date. */
  createdOn: string;
  /** SAP user (ERNAM). */
  createdBy: string;
}

export interface CustomerSearch {
  email?: string;
  vatNumber?: string;
  taxNumber1?: string;
  /** Our mark in KNA1-KONZS, -SORTL or the search term, where one is configured. */
  searchTerm?: string;
}

export interface Customers {
  /** Numbers of the customers that fit any of these; deleted ones are left out. */
  find(search: CustomerSearch, scope: CallScope): Promise<string[]>;
  /** undefined where there is none. */
  get(number: string, scope: CallScope): Promise<SapCustomer | undefined>;
  /** Whether it exists in company code and sales area. */
  existsIn(number: string, place: { companyCode?: string; salesArea?: SalesArea }, scope: CallScope): Promise<boolean>;
  /** BAPI_CUSTOMER_CREATEFROMDATA1 and commit, at most once per unitId; answers the number. */
  create(
    request: { unitId: string; data: CustomerData; salesArea: SalesArea; referenceCustomer: string; paymentTerms?: string },
    scope: CallScope,
  ): Promise<string>;
  /** BAPI_CUSTOMER_CHANGEFROMDATA1 with the X flags of the given fields alone, and commit. */
  change(
    request: {
      unitId: string;
      number: string;
      kind: CustomerData['kind'];
      change: Partial<Omit<CustomerData, 'kind'>>;
      salesArea: SalesArea;
    },
    scope: CallScope,
  ): Promise<void>;
}

export type OpenCustomers = (session: SapSession) => Customers;
