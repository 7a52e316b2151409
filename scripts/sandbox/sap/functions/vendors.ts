/** Vendor function modules. BAPI_VENDOR_GETLIST is no stock function: its interface here is ours (README.md). */
import type { Row } from '../dictionary/index.ts';
import type { SapSystemParts } from '../parts.ts';
import { Vendors, type VendorRows } from '../vendors/index.ts';
import { numberInput, textInput, type FunctionCall, type Structure } from './call.ts';

/** Vendors with a number from VENDOR_FROM on, created or changed on CHANGED_SINCE or later, by number. */
export function bapiVendorGetlist(call: FunctionCall): Structure {
  const since = textInput(call, 'CHANGED_SINCE');
  const from = textInput(call, 'VENDOR_FROM');
  const most = numberInput(call, 'MAXROWS') || Number.MAX_SAFE_INTEGER;
  const lastChange = lastChanges(call.system);
  const list: Structure[] = [];
  for (const row of call.system.stored('LFA1').all()) {
    const changedOn = lastChange(row);
    if ((row['LIFNR'] ?? '') < from || changedOn < since) continue;
    list.push({ VENDOR_NO: row['LIFNR'] ?? '', NAME: row['NAME1'] ?? '', CHANGED_ON: changedOn });
    if (list.length === most) break;
  }
  const nothing = { TYPE: 'I', CODE: 'ZV001', MESSAGE: 'No vendors found' };
  return { RETURN: list.length > 0 ? {} : nothing, VENDORLIST: list };
}

export function bapiVendorGetdetail(call: FunctionCall): Structure {
  const number = textInput(call, 'VENDORNO');
  const companyCode = textInput(call, 'COMPANYCODE');
  if (!call.system.stored('LFA1').get([number])) return { RETURN: error('163', `Vendor ${number} has not been created`, number) };
  const rows = new Vendors(call.system).get(number);
  const company = rows.LFB1.find((row) => row['BUKRS'] === companyCode);
  if (companyCode && !company) {
    return { RETURN: error('164', `Vendor ${number} has not been created for company code ${companyCode}`, number) };
  }
  return {
    GENERALDETAIL: generalDetail(rows, isoCountry(call.system, rows.LFA1['LAND1'] ?? '')),
    ...(company ? { COMPANYDETAIL: companyDetail(company) } : {}),
    BANKDETAIL: rows.LFBK.map(bankDetail),
    RETURN: {},
  };
}

/** Changes one field of LFA1 when the session commits: a writing function to try units with. */
export function zVendorChange(call: FunctionCall): Structure {
  const number = textInput(call, 'VENDORNO');
  const vendors = new Vendors(call.system);
  if (!call.system.stored('LFA1').get([number])) return { RETURN: error('163', `Vendor ${number} has not been created`, number) };
  const holder = call.system.locks.enqueue(`LFA1 ${number}`, call.session);
  if (holder !== undefined) return { RETURN: error('042', `Vendor ${number} is currently being processed by ${holder}`, number) };
  const general = { [textInput(call, 'FIELDNAME')]: textInput(call, 'VALUE') };
  call.session.updates.push(() => {
    call.system.committed.push(`Z_VENDOR_CHANGE ${number} ${textInput(call, 'FIELDNAME')} ${textInput(call, 'VALUE')}`);
    vendors.change(number, { general });
  });
  return { RETURN: { TYPE: 'S', ID: 'F2', NUMBER: '056', MESSAGE: `Changes to vendor ${number} will be made`, MESSAGE_V1: number } };
}

/** Creation, change of the master record, or change of its address: whichever is last. */
function lastChanges(system: SapSystemParts): (vendor: Row) => string {
  const latest = new Map<string, string>();
  for (const header of system.stored('CDHDR').all()) {
    const id = header['OBJECTID'] ?? '';
    const key = header['OBJECTCLAS'] === 'ADRESSE' ? `ADRESSE ${id.slice(-10)}` : `${header['OBJECTCLAS']} ${id}`;
    const date = header['UDATE'] ?? '';
    if (date > (latest.get(key) ?? '')) latest.set(key, date);
  }
  return (vendor) => {
    const dates = [vendor['ERDAT'], latest.get(`KRED ${vendor['LIFNR']}`), latest.get(`ADRESSE ${vendor['ADRNR']}`)];
    return dates.reduce<string>((last, date = '') => (date > last ? date : last), '00000000');
  };
}

function error(number: string, message: string, vendor: string): Structure {
  return { TYPE: 'E', ID: 'F2', NUMBER: number, MESSAGE: message, MESSAGE_V1: vendor };
}

function isoCountry(system: SapSystemParts, country: string): string {
  return system.stored('T005').get([country])?.['INTCA'] ?? '';
}

function generalDetail({ LFA1: row }: VendorRows, countryIso: string): Structure {
  const value = (name: string): string => row[name] ?? '';
  return {
    VENDOR: value('LIFNR'),
    NAME: value('NAME1'),
    NAME_2: value('NAME2'),
    NAME_3: value('NAME3'),
    NAME_4: value('NAME4'),
    CITY: value('ORT01'),
    DISTRICT: value('ORT02'),
    PO_BOX: value('PFACH'),
    POBX_PCD: value('PSTL2'),
    POSTL_CODE: value('PSTLZ'),
    REGION: value('REGIO'),
    STREET: value('STRAS'),
    COUNTRY: value('LAND1'),
    COUNTRYISO: countryIso,
    LANGU: value('SPRAS'),
    TELEPHONE: value('TELF1'),
    TELEPHONE2: value('TELF2'),
    FAX_NUMBER: value('TELFX'),
    FORMOFADDR: value('ANRED'),
    SORT1: value('SORTL'),
    TAX_NO_1: value('STCD1'),
    TAX_NO_2: value('STCD2'),
    VAT_REG_NO: value('STCEG'),
    ACCNT_GRP: value('KTOKK'),
    ONE_TIME: value('XCPDK'),
    DEL_FLAG: value('LOEVM'),
    POST_BLOCK: value('SPERR'),
    PURCH_BLOCK: value('SPERM'),
    CREATED_ON: value('ERDAT'),
    ADDRESS: value('ADRNR'),
  };
}

function companyDetail(row: Row): Structure {
  const value = (name: string): string => row[name] ?? '';
  return {
    VENDOR: value('LIFNR'),
    COMP_CODE: value('BUKRS'),
    POSTING_BLOCK: value('SPERR'),
    DELETE_FLAG: value('LOEVM'),
    SORT_KEY: value('ZUAWA'),
    GL_ACCOUNT: value('AKONT'),
    PMNTTRMS: value('ZTERM'),
    PYMT_METH: value('ZWELS'),
    PMNT_BLOCK: value('ZAHLS'),
    ACCT_AT_VENDOR: value('EIKTO'),
    DOUBLE_INV_CHECK: value('REPRF'),
    CREATED_ON: value('ERDAT'),
  };
}

function bankDetail(row: Row): Structure {
  const value = (name: string): string => row[name] ?? '';
  return {
    VENDOR: value('LIFNR'),
    BANK_CTRY: value('BANKS'),
    BANK_KEY: value('BANKL'),
    BANK_ACCT: value('BANKN'),
    CTRL_KEY: value('BKONT'),
    PARTNER_BK: value('BVTYP'),
    COLL_AUTH: value('XEZER'),
    BANK_REF: value('BKREF'),
    ACCT_HOLDER: value('KOINH'),
  };
}
