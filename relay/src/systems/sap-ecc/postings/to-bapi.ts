import { alphaIn, roundAmount } from '@ml-connector/shared';
import type { Parameters } from '../session.ts';
import { assertPostable } from './checks.ts';
import type { SapKeys } from './keys.ts';
import type { CustomerItem, FiItem, FiPosting, GlItem, OneTimeCustomer, TaxItem } from './types.ts';

/**
 * Parameters of BAPI_ACC_DOCUMENT_POST and _CHECK (facts/sap-ecc.md 2.5). Numbers are padded, amounts have exactly the currency's decimals. Throws
 * `refused` for what cannot be posted. `user` becomes USERNAME.
 */
export function toBapiPosting(posting: FiPosting, { keys, user }: { keys: SapKeys; user: string }): Parameters {
  const currency = keys.currency(posting.currency);
  assertPostable(posting, currency.decimals);
  const numbered = posting.items.map((item, index) => ({ item, ITEMNO_ACC: String(index + 1).padStart(10, '0') }));
  const lines = <Kind extends FiItem['kind']>(kind: Kind, toLine: (item: Extract<FiItem, { kind: Kind }>) => Parameters): Parameters[] =>
    numbered.flatMap(({ item, ITEMNO_ACC }) =>
      item.kind === kind ? [{ ITEMNO_ACC, ...filled(toLine(item as Extract<FiItem, { kind: Kind }>)) }] : [],
    );
  const tables = {
    ACCOUNTRECEIVABLE: lines('customer', toReceivable),
    ACCOUNTGL: lines('gl', toGlLine),
    ACCOUNTTAX: lines('tax', toTaxLine),
  };
  const amount = (text: string): string => roundAmount(text, currency.decimals);
  return {
    DOCUMENTHEADER: toHeader(posting, user),
    ...(posting.oneTimeCustomer && { CUSTOMERCPD: toOneTimeAddress(posting.oneTimeCustomer, keys) }),
    ...Object.fromEntries(Object.entries(tables).filter(([, rows]) => rows.length > 0)),
    CURRENCYAMOUNT: numbered.map(({ item, ITEMNO_ACC }) => ({
      ITEMNO_ACC,
      CURRENCY: currency.key,
      CURRENCY_ISO: posting.currency,
      AMT_DOCCUR: amount(item.amount),
      ...(posting.exchangeRate !== undefined && { EXCH_RATE: posting.exchangeRate }),
      ...(item.kind === 'tax' && { AMT_BASE: amount(item.base) }),
    })),
  };
}

function toHeader(posting: FiPosting, user: string): Parameters {
  return filled({
    BUS_ACT: 'RFBU',
    USERNAME: user,
    HEADER_TXT: posting.headerText,
    COMP_CODE: posting.companyCode,
    DOC_DATE: posting.documentDate,
    PSTNG_DATE: posting.postingDate,
    DOC_TYPE: posting.documentType,
    REF_DOC_NO: posting.reference,
  });
}

function toReceivable(item: CustomerItem): Parameters {
  return {
    CUSTOMER: alphaIn(item.customer, 10),
    PMNTTRMS: item.paymentTerms,
    BLINE_DATE: item.baselineDate,
    PYMT_METH: item.paymentMethod,
    ALLOC_NMBR: item.assignment,
    ITEM_TEXT: item.text,
    SP_GL_IND: item.specialGl,
  };
}

function toGlLine(item: GlItem): Parameters {
  return {
    GL_ACCOUNT: alphaIn(item.glAccount, 10),
    ITEM_TEXT: item.text,
    REF_KEY_3: item.referenceKey3,
    ALLOC_NMBR: item.assignment,
    TAX_CODE: item.taxCode,
    COSTCENTER: padded(item.costCenter, 10),
    PROFIT_CTR: padded(item.profitCenter, 10),
    ORDERID: padded(item.internalOrder, 12),
  };
}

function toTaxLine(item: TaxItem): Parameters {
  return {
    GL_ACCOUNT: padded(item.glAccount, 10),
    COND_KEY: item.conditionKey,
    ACCT_KEY: item.accountKey,
    TAX_CODE: item.taxCode,
    TAXJURCODE: item.taxJurisdiction,
  };
}

function toOneTimeAddress(customer: OneTimeCustomer, keys: SapKeys): Parameters {
  return filled({
    NAME: customer.name,
    NAME_2: customer.name2,
    POSTL_CODE: customer.postalCode,
    CITY: customer.city,
    COUNTRY: keys.country(customer.country),
    COUNTRY_ISO: customer.country,
    STREET: customer.street,
    REGION: customer.region,
    LANGU_ISO: customer.language?.toUpperCase(),
  });
}

function padded(value: string | undefined, length: number): string | undefined {
  return value === undefined ? undefined : alphaIn(value, length);
}

/** Without fields that have no value: SAP takes its initial value for what is not sent. */
function filled(fields: Record<string, string | undefined>): Parameters;
function filled(fields: Parameters): Parameters;
function filled(fields: Parameters): Parameters {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined && value !== ''));
}
