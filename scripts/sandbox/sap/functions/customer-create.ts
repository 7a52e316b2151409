/** BAPI_CUSTOMER_CREATEFROMDATA1: a customer copied from a reference customer of the sales area (facts/sap-ecc.md 2.4). */
import { Customers, customerLock, type CustomerRows, type NewCustomer } from '../customers/index.ts';
import type { Row } from '../dictionary/index.ts';
import type { SapSystemParts } from '../parts.ts';
import type { FunctionCall, Structure } from './call.ts';
import {
  dataNames,
  isFilled,
  mandatoryFields,
  optionalData,
  refuse,
  resolved,
  structureInput,
  tableData,
  type CustomerKind,
  type Refusal,
} from './customer-data.ts';

/** Answers the number at once; everything else comes at commit. */
export function bapiCustomerCreatefromdata1(call: FunctionCall): Structure {
  const kind = kindOf(call);
  if (typeof kind !== 'string') return { RETURN: kind.refusal };
  const reference = referenceOf(call);
  if ('refusal' in reference) return { RETURN: reference.refusal };
  const values = resolved(call, kind, structureInput(call, dataNames[kind].data));
  if (isRefused(values)) return { RETURN: values.refusal };
  const missing = mandatoryFields(kind).find((field) => !values[field]);
  if (missing) return { RETURN: refuse('013', `Make an entry in required field ${missing}`, missing) };
  const number = call.system.nextNumber('DEBITOR');
  call.system.locks.enqueue(customerLock(number), call.session);
  const customer = copied(call, kind, values, reference);
  call.session.updates.push(() => {
    call.system.committed.push(`BAPI_CUSTOMER_CREATEFROMDATA1 ${number} ${customer.address?.['NAME1'] ?? ''}`);
    new Customers(call.system).create({ ...customer, KUNNR: number });
  });
  return {
    CUSTOMERNO: number,
    RETURN: { TYPE: 'S', ID: 'F2', NUMBER: '174', MESSAGE: `Customer ${number} will be created`, MESSAGE_V1: number },
  };
}

interface Reference {
  rows: CustomerRows;
  area: Row;
  companyCode: string;
}

function kindOf(call: FunctionCall): CustomerKind | { refusal: Refusal } {
  const isPerson = isFilled(structureInput(call, 'PI_PERSONALDATA'));
  const isCompany = isFilled(structureInput(call, 'PI_COMPANYDATA'));
  if (isPerson === isCompany) return { refusal: refuse('001', 'Enter either personal data or company data') };
  return isPerson ? 'PERSON' : 'COMPANY';
}

/** All four fields are required; the reference must exist in the area and have a group with internal numbers. */
function referenceOf(call: FunctionCall): Reference | { refusal: Refusal } {
  const { system } = call;
  const { SALESORG: VKORG = '', DISTR_CHAN: VTWEG = '', DIVISION: SPART = '', REF_CUSTMR = '' } = structureInput(call, 'PI_COPYREFERENCE');
  if (!VKORG || !VTWEG || !SPART || !REF_CUSTMR) return { refusal: refuse('002', 'Sales area and reference customer are required') };
  if (!system.stored('TVTA').get([VKORG, VTWEG, SPART]))
    return { refusal: refuse('003', `Sales area ${VKORG} ${VTWEG} ${SPART} is not defined`) };
  const rows = system.stored('KNA1').get([REF_CUSTMR]) ? new Customers(system).find(REF_CUSTMR) : undefined;
  if (!rows) return { refusal: refuse('004', `Reference customer ${REF_CUSTMR} does not exist`, REF_CUSTMR) };
  if (!rows.KNVV.some((row) => row['VKORG'] === VKORG && row['VTWEG'] === VTWEG && row['SPART'] === SPART)) {
    return {
      refusal: refuse('005', `Reference customer ${REF_CUSTMR} does not exist in sales area ${VKORG} ${VTWEG} ${SPART}`, REF_CUSTMR),
    };
  }
  if (!numbersInternally(system, rows.KNA1['KTOKD'] ?? '')) {
    return {
      refusal: refuse('006', `Account group ${rows.KNA1['KTOKD'] ?? ''} of the reference customer has external numbers`, REF_CUSTMR),
    };
  }
  const companyCode = system.stored('TVKO').get([VKORG])?.['BUKRS'] ?? '';
  return { rows, area: { VKORG, VTWEG, SPART }, companyCode };
}

function numbersInternally(system: SapSystemParts, accountGroup: string): boolean {
  const range = system.stored('T077D').get([accountGroup])?.['NUMKR'] ?? '';
  const interval = system
    .stored('NRIV')
    .all()
    .find((row) => row['OBJECT'] === 'DEBITOR' && row['NRRANGENR'] === range);
  return interval !== undefined && interval['EXTERNIND'] !== 'X';
}

/** KNA1 fields that are the reference's own and never copied. */
const own = [
  'KUNNR',
  'ADRNR',
  'LOEVM',
  'SPERR',
  'AUFSD',
  'STCD1',
  'STCD2',
  'STCEG',
  'MCOD1',
  'MCOD2',
  'MCOD3',
  'NAME2',
  'NAME3',
  'NAME4',
  'ORT02',
];
const copiedNever = new Set([...own, 'PFACH', 'PSTL2', 'TELF1', 'TELF2', 'TELFX', 'STKZN', 'ERDAT', 'ERNAM']);

function copied(call: FunctionCall, kind: CustomerKind, values: Row, { rows, area, companyCode }: Reference): NewCustomer {
  const given = (field: string): boolean => (values[field] ?? '') !== '';
  const data = tableData(call, kind, values, given);
  const moreValues = structureInput(call, dataNames[kind].more);
  const more = optionalData(moreValues, (field) => (moreValues[field] ?? '') !== '');
  const { address } = data;
  const cut = (field: string, length = 35): string => (address[field] ?? '').slice(0, length);
  const searchTerm = cut('NAME1').toUpperCase().replaceAll(' ', '').slice(0, 10);
  const sameArea = (row: Row): boolean => ['VKORG', 'VTWEG', 'SPART'].every((name) => row[name] === area[name]);
  return {
    general: {
      ...without(rows.KNA1, copiedNever),
      ...data.general,
      ...more.general,
      NAME1: cut('NAME1'),
      NAME2: cut('NAME2'),
      NAME3: cut('NAME3'),
      NAME4: cut('NAME4'),
      ORT01: cut('CITY1'),
      ORT02: cut('CITY2'),
      PSTLZ: cut('POST_CODE1'),
      REGIO: cut('REGION'),
      LAND1: cut('COUNTRY'),
      STRAS: `${address['STREET'] ?? ''} ${address['HOUSE_NUM1'] ?? ''}`.trim().slice(0, 35),
      TELF1: cut('TEL_NUMBER', 16),
      SORTL: searchTerm,
      STKZN: kind === 'PERSON' ? 'X' : '',
    },
    address: { ...address, SORT1: searchTerm },
    emails: data.email ? [data.email] : [],
    companies: rows.KNB1.filter((row) => row['BUKRS'] === companyCode).map((row) => ({ ...without(row, copiedNever), ...more.company })),
    sales: rows.KNVV.filter(sameArea).map((row) => ({ ...without(row, copiedNever), ...data.sales, ...more.sales })),
    taxes: rows.KNVI.map((row) => without(row, copiedNever)),
    user: call.session.user.name,
    transaction: '',
  };
}

function without(row: Row, names: ReadonlySet<string>): Row {
  return Object.fromEntries(Object.entries(row).filter(([name]) => !names.has(name)));
}

function isRefused(values: Row | { refusal: Refusal }): values is { refusal: Refusal } {
  return typeof values.refusal === 'object';
}
