/** Function modules that read customers (facts/sap-ecc.md 2.4). */
import { Customers, type CustomerRows } from '../customers/index.ts';
import type { Row } from '../dictionary/index.ts';
import { numberInput, tableInput, textInput, type FunctionCall, type Structure } from './call.ts';

/** Customers of IDRANGE, which is mandatory. None at all is an error, F2 718. */
export function bapiCustomerGetlist(call: FunctionCall): Structure {
  const ranges = tableInput(call, 'IDRANGE');
  const wrong = rangeProblem(ranges);
  if (wrong) return { RETURN: wrong };
  const most = numberInput(call, 'MAXROWS') || Number.MAX_SAFE_INTEGER;
  const isOneTimeOnly = textInput(call, 'CPDONLY') === 'X';
  const customers = new Customers(call.system);
  const found = customers.list().filter((number) => isInRanges(number, ranges));
  const rows = found.map((number) => customers.get(number)).filter(({ KNA1 }) => !isOneTimeOnly || KNA1['XCPDK'] === 'X');
  if (rows.length === 0) return { RETURN: message('F2', '718', 'No customers found') };
  const list = rows.slice(0, most);
  return {
    RETURN: {},
    ADDRESSDATA: list.map((one) => addressData(call, one)),
    SPECIALDATA: list.map(({ KNA1 }) => ({ CUSTOMER: KNA1['KUNNR'] ?? '', CPD_FLAG: KNA1['XCPDK'] ?? '' })),
  };
}

export function bapiCustomerGetdetail2(call: FunctionCall): Structure {
  const number = textInput(call, 'CUSTOMERNO');
  const companyCode = textInput(call, 'COMPANYCODE');
  // No conversion exit over RFC: an unpadded number is another customer.
  const known = call.system.stored('KNA1').get([number]) ? new Customers(call.system).get(number) : undefined;
  if (!known) return { RETURN: message('F2', '153', `Customer ${number} has not been created`, number) };
  const company = known.KNB1.find((row) => row['BUKRS'] === companyCode);
  if (companyCode && !company) {
    return { RETURN: message('F2', '154', `Customer ${number} has not been created for company code ${companyCode}`, number, companyCode) };
  }
  return {
    CUSTOMERADDRESS: renamed(known.KNA1, addressNames),
    CUSTOMERGENERALDETAIL: renamed(known.KNA1, generalNames),
    ...(company ? { CUSTOMERCOMPANYDETAIL: renamed(company, companyNames) } : {}),
    CUSTOMERBANKDETAIL: [],
    RETURN: {},
  };
}

const signs = ['I', 'E'];
const options = ['EQ', 'BT', 'CP', 'GE', 'LE', 'GT', 'LT', 'NE'];

function rangeProblem(ranges: readonly Record<string, string>[]): Structure | undefined {
  if (ranges.length === 0) return message('F2', '718', 'No customers found');
  const badSign = ranges.find(({ SIGN = '' }) => !signs.includes(SIGN));
  if (badSign) return message('S&', '026', `Sign ${badSign['SIGN'] ?? ''} is not allowed`);
  const badOption = ranges.find(({ OPTION = '' }) => !options.includes(OPTION.trim()));
  if (badOption) return message('S&', '027', `Option ${badOption['OPTION'] ?? ''} is not allowed`);
  return undefined;
}

function isInRanges(number: string, ranges: readonly Record<string, string>[]): boolean {
  const isIn = (sign: string): boolean => ranges.some(({ SIGN, ...range }) => SIGN === sign && isInRange(number, range));
  return (isIn('I') || !ranges.some(({ SIGN }) => SIGN === 'I')) && !isIn('E');
}

function isInRange(number: string, { OPTION = '', LOW = '', HIGH = '' }: Record<string, string>): boolean {
  switch (OPTION.trim()) {
    case 'EQ':
      return number === LOW.trim();
    case 'NE':
      return number !== LOW.trim();
    case 'BT':
      return number >= LOW.trim() && number <= HIGH.trim();
    case 'GE':
      return number >= LOW.trim();
    case 'GT':
      return number > LOW.trim();
    case 'LE':
      return number <= LOW.trim();
    case 'LT':
      return number < LOW.trim();
    default:
      return new RegExp(
        `^${LOW.trim()
          .replaceAll(/[^*+\w]/g, '\\$&')
          .replaceAll('*', '.*')
          .replaceAll('+', '.')}$`,
      ).test(number);
  }
}

function addressData({ system }: FunctionCall, { KNA1, ADRC }: CustomerRows): Structure {
  const address = ADRC[0] ?? {};
  return {
    CUSTOMER: KNA1['KUNNR'] ?? '',
    NAME: address['NAME1'] ?? KNA1['NAME1'] ?? '',
    COUNTRY: KNA1['LAND1'] ?? '',
    CITY: address['CITY1'] ?? '',
    POSTL_COD1: address['POST_CODE1'] ?? '',
    REGION: address['REGION'] ?? '',
    STREET: address['STREET'] ?? '',
    TEL1_NUMBR: address['TEL_NUMBER'] ?? '',
    FAX_NUMBER: address['FAX_NUMBER'] ?? '',
    SORT1: address['SORT1'] ?? '',
    ADDRESS: KNA1['ADRNR'] ?? '',
    COUNTRYISO: system.stored('T005').get([KNA1['LAND1'] ?? ''])?.['INTCA'] ?? '',
  };
}

/** Fields of the BAPI's structure and of the table. */
const addressNames = {
  CUSTOMER: 'KUNNR',
  NAME: 'NAME1',
  NAME_2: 'NAME2',
  NAME_3: 'NAME3',
  NAME_4: 'NAME4',
  CITY: 'ORT01',
  DISTRICT: 'ORT02',
  PO_BOX: 'PFACH',
  POBX_PCD: 'PSTL2',
  POSTL_CODE: 'PSTLZ',
  REGION: 'REGIO',
  STREET: 'STRAS',
  COUNTRY: 'LAND1',
  LANGU: 'SPRAS',
  TELEPHONE: 'TELF1',
  TELEPHONE2: 'TELF2',
  FAX_NUMBER: 'TELFX',
  FORM_OF_AD: 'ANRED',
  ADDRESS: 'ADRNR',
};

const generalNames = {
  CUSTOMER: 'KUNNR',
  ACCNT_GRP: 'KTOKD',
  ONE_TIME: 'XCPDK',
  DEL_FLAG: 'LOEVM',
  POST_BLOCK: 'SPERR',
  ORDER_BLOCK: 'AUFSD',
  GROUP_KEY: 'KONZS',
  SORT1: 'SORTL',
  TAX_NO_1: 'STCD1',
  TAX_NO_2: 'STCD2',
  VAT_REG_NO: 'STCEG',
  CREATED_ON: 'ERDAT',
  CREATED_BY: 'ERNAM',
};

const companyNames = {
  CUSTOMER: 'KUNNR',
  COMP_CODE: 'BUKRS',
  POSTING_BLOCK: 'SPERR',
  DELETE_FLAG: 'LOEVM',
  SORT_KEY: 'ZUAWA',
  GL_ACCOUNT: 'AKONT',
  PMNTTRMS: 'ZTERM',
  PYMT_METH: 'ZWELS',
  PMNT_BLOCK: 'ZAHLS',
  ACCT_AT_CUST: 'EIKTO',
  CREATED_ON: 'ERDAT',
};

function renamed(row: Row, names: Record<string, string>): Structure {
  return Object.fromEntries(Object.entries(names).map(([to, from]) => [to, row[from] ?? '']));
}

function message(id: string, number: string, text: string, v1 = '', v2 = ''): Structure {
  return { TYPE: 'E', ID: id, NUMBER: number, MESSAGE: text, MESSAGE_V1: v1, MESSAGE_V2: v2 };
}
