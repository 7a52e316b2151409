/** BAPI_CUSTOMER_CHANGEFROMDATA1: an X takes the value, a blank one clears; a value without X is ignored (facts/sap-ecc.md 2.4). */
import { Customers, customerLock, type CustomerChange } from '../customers/index.ts';
import type { Row } from '../dictionary/index.ts';
import { textInput, type FunctionCall, type Structure } from './call.ts';
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
} from './customer-data.ts';

export function bapiCustomerChangefromdata1(call: FunctionCall): Structure {
  const number = textInput(call, 'CUSTOMERNO');
  const customers = new Customers(call.system);
  const rows = call.system.stored('KNA1').get([number]) ? customers.find(number) : undefined;
  if (!rows) return { RETURN: refuse('007', `Customer ${number} does not exist`, number) };
  const area = areaOf(call);
  const sales = rows.KNVV.find((row) => Object.entries(area).every(([name, value]) => !value || row[name] === value));
  if (!area['VKORG'] || !sales) return { RETURN: refuse('008', `Customer ${number} does not exist in the sales area`, number) };
  const kind = kindOf(call);
  if (kind === 'both') return { RETURN: refuse('001', 'Enter either personal data or company data') };
  const holder = call.system.locks.enqueue(customerLock(number), call.session);
  if (holder !== undefined) return { RETURN: locked(number, holder) };
  const change = changeOf(call, kind, { ...area, VTWEG: sales['VTWEG'] ?? '', SPART: sales['SPART'] ?? '' });
  if ('refusal' in change) return { RETURN: change.refusal };
  const { company, ...rest } = change;
  const companyCode = call.system.stored('TVKO').get([area['VKORG']])?.['BUKRS'] ?? '';
  const hasCompany = company !== undefined && rows.KNB1.some((row) => row['BUKRS'] === companyCode);
  call.session.updates.push(() => {
    call.system.committed.push(`BAPI_CUSTOMER_CHANGEFROMDATA1 ${number} ${changedFields(change)}`.trimEnd());
    customers.change(number, { ...rest, ...(hasCompany ? { company: { ...company, BUKRS: companyCode } } : {}) });
  });
  return { RETURN: { TYPE: 'S', ID: 'F2', NUMBER: '175', MESSAGE: `Customer ${number} will be changed`, MESSAGE_V1: number } };
}

function areaOf(call: FunctionCall): Row {
  return { VKORG: textInput(call, 'PI_SALESORG'), VTWEG: textInput(call, 'PI_DISTR_CHAN'), SPART: textInput(call, 'PI_DIVISION') };
}

function kindOf(call: FunctionCall): CustomerKind | 'both' {
  const isPerson = isFilled(structureInput(call, 'PI_PERSONALDATA')) || isFilled(structureInput(call, 'PI_PERSONALDATAX'));
  const isCompany = isFilled(structureInput(call, 'PI_COMPANYDATA')) || isFilled(structureInput(call, 'PI_COMPANYDATAX'));
  if (isPerson && isCompany) return 'both';
  return isPerson ? 'PERSON' : 'COMPANY';
}

function changeOf(call: FunctionCall, kind: CustomerKind, area: Row): CustomerChange | { refusal: Structure } {
  const names = dataNames[kind];
  const flags = structureInput(call, names.flags);
  const isFlagged = (field: string): boolean => flags[field] === 'X';
  const all = structureInput(call, names.data);
  const cleared = mandatoryFields(kind).find((field) => isFlagged(field) && !all[field]);
  if (cleared) return { refusal: refuse('013', `Make an entry in required field ${cleared}`, cleared) };
  const values = resolved(call, kind, Object.fromEntries(Object.entries(all).filter(([field]) => isFlagged(field))));
  if (typeof values.refusal === 'object') return { refusal: values.refusal };
  const data = tableData(call, kind, values as Row, isFlagged);
  const moreFlags = structureInput(call, names.moreFlags);
  const more = optionalData(structureInput(call, names.more), (field) => moreFlags[field] === 'X');
  const general = { ...data.general, ...more.general };
  const sales = { ...data.sales, ...more.sales };
  return {
    ...(isNotEmpty(general) ? { general } : {}),
    ...(isNotEmpty(data.address) ? { address: data.address } : {}),
    ...(isNotEmpty(sales) ? { sales: { ...area, ...sales } } : {}),
    ...(isNotEmpty(more.company) ? { company: more.company } : {}),
    ...(data.email === undefined ? {} : { email: data.email || null }),
    user: call.session.user.name,
    transaction: '',
  };
}

function isNotEmpty(row: Row): boolean {
  return Object.keys(row).length > 0;
}

function changedFields({ general = {}, address = {}, email }: CustomerChange): string {
  return [...Object.keys(general), ...Object.keys(address), ...(email === undefined ? [] : ['SMTP_ADDR'])].join(' ');
}

function locked(number: string, user: string): Structure {
  const MESSAGE = `Customer ${number} is currently being processed by ${user}`;
  return { TYPE: 'E', ID: 'F2', NUMBER: '042', MESSAGE, MESSAGE_V1: number, MESSAGE_V2: user };
}
