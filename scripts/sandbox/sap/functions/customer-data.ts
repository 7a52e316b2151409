/** PI_PERSONALDATA, PI_COMPANYDATA and PI_OPT_*DATA of the customer BAPIs, and where each field goes (facts/sap-ecc.md 2.4). */
import type { Row } from '../dictionary/index.ts';
import type { SapSystemParts } from '../parts.ts';
import type { FunctionCall, Structure } from './call.ts';

export type CustomerKind = 'PERSON' | 'COMPANY';

/** What the fields given of one of the two structures mean for the tables. A field that is not given is not in there. */
export interface TableData {
  general: Row;
  address: Row;
  sales: Row;
  email?: string;
}

/** A refusal, as a row of BAPIRETURN1. */
export type Refusal = Structure;

export const dataNames = {
  PERSON: { data: 'PI_PERSONALDATA', flags: 'PI_PERSONALDATAX', more: 'PI_OPT_PERSONALDATA', moreFlags: 'PI_OPT_PERSONALDATAX' },
  COMPANY: { data: 'PI_COMPANYDATA', flags: 'PI_COMPANYDATAX', more: 'PI_OPT_COMPANYDATA', moreFlags: 'PI_OPT_COMPANYDATAX' },
} as const;

/** Names that differ between person and company; the address block has the same ones. */
export const fieldNames = {
  PERSON: { title: 'TITLE_P', name: 'LASTNAME', name2: 'FIRSTNAME', language: 'LANGU_P', languageIso: 'LANGUP_ISO' },
  COMPANY: { title: 'TITLE', name: 'NAME', name2: 'NAME_2', language: 'LANGU', languageIso: 'LANGU_ISO' },
} as const;

/** Fields of the address that are the same in both structures. */
const addressFields = {
  CITY: 'CITY1',
  DISTRICT: 'CITY2',
  POSTL_COD1: 'POST_CODE1',
  POSTL_COD2: 'POST_CODE2',
  PO_BOX: 'PO_BOX',
  PO_BOX_CIT: 'PO_BOX_LOC',
  STREET: 'STREET',
  HOUSE_NO: 'HOUSE_NUM1',
  BUILDING: 'BUILDING',
  FLOOR: 'FLOOR',
  ROOM_NO: 'ROOMNUMBER',
  REGION: 'REGION',
  TEL1_NUMBR: 'TEL_NUMBER',
  TEL1_EXT: 'TEL_EXTENS',
  FAX_NUMBER: 'FAX_NUMBER',
  FAX_EXTENS: 'FAX_EXTENS',
};

/** Values of an IMPORT structure. */
export function structureInput({ inputs }: FunctionCall, name: string): Row {
  const value = inputs[name];
  if (typeof value !== 'object' || Array.isArray(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([field, text]) => [field, typeof text === 'string' ? text.trimEnd() : String(text)]),
  );
}

/** Whether a structure holds anything but initial values. */
export function isFilled(values: Row): boolean {
  return Object.values(values).some((value) => value !== '' && !/^0+$/.test(value));
}

/** Country, language and currency by their key or their ISO code, and the title; refuses what customizing does not know. */
export function resolved(call: FunctionCall, kind: CustomerKind, values: Row): Row | { refusal: Refusal } {
  const { system } = call;
  const names = fieldNames[kind];
  const row: Row = { ...values };
  if (!values['COUNTRY'] && values['COUNTRYISO']) row['COUNTRY'] = countryOfIso(system, values['COUNTRYISO']);
  if (row['COUNTRY'] && !system.stored('T005').get([row['COUNTRY']]))
    return { refusal: refuse('010', `Country ${row['COUNTRY']} is not defined`) };
  if (!values[names.language] && values[names.languageIso]) row[names.language] = languageOfIso[values[names.languageIso] ?? ''] ?? '?';
  if (row[names.language] && !Object.values(languageOfIso).includes(row[names.language] ?? '')) {
    return { refusal: refuse('011', `Language ${values[names.languageIso] ?? row[names.language]} is not installed`) };
  }
  if (!values['CURRENCY'] && values['CURRENCY_ISO']) row['CURRENCY'] = values['CURRENCY_ISO'];
  const title = values[names.title];
  if (title && !titleKey(call, title))
    return { refusal: refuse('012', `Title ${title} does not exist in language ${call.session.language}`, title) };
  return row;
}

/** Which fields of which tables the given values set; `given` says which of them to look at. */
export function tableData(call: FunctionCall, kind: CustomerKind, values: Row, given: (field: string) => boolean): TableData {
  const names = fieldNames[kind];
  const general: Row = {};
  const address: Row = {};
  const sales: Row = {};
  const set = (row: Row, to: string, from: string): void => {
    if (given(from)) row[to] = values[from] ?? '';
  };
  for (const [from, to] of Object.entries(addressFields)) set(address, to, from);
  if (given('COUNTRY') || given('COUNTRYISO')) address['COUNTRY'] = values['COUNTRY'] ?? '';
  if (given('CURRENCY') || given('CURRENCY_ISO')) sales['WAERS'] = values['CURRENCY'] ?? '';
  set(address, 'NAME1', names.name);
  set(address, 'NAME2', names.name2);
  if (kind === 'COMPANY') {
    set(address, 'NAME3', 'NAME_3');
    set(address, 'NAME4', 'NAME_4');
  }
  if (given(names.language) || given(names.languageIso)) {
    address['LANGU'] = values[names.language] ?? '';
    general['SPRAS'] = values[names.language] ?? '';
  }
  if (given(names.title)) {
    general['ANRED'] = (values[names.title] ?? '').slice(0, 15);
    address['TITLE'] = titleKey(call, values[names.title] ?? '');
  }
  return { general, address, sales, ...(given('E_MAIL') ? { email: values['E_MAIL'] ?? '' } : {}) };
}

/** BAPIKNA105: what goes to KNA1, KNB1 and KNVV. */
export function optionalData(values: Row, given: (field: string) => boolean): { general: Row; company: Row; sales: Row } {
  const pick = (pairs: Record<string, string>): Row =>
    Object.fromEntries(Object.entries(pairs).flatMap(([to, from]) => (given(from) ? [[to, values[from] ?? '']] : [])));
  return {
    general: pick({ LZONE: 'TRANSPZONE' }),
    company: pick({ AKONT: 'CONTROL_ACCOUNT', ZTERM: 'PMNTTRMS' }),
    sales: pick({ ZTERM: 'PMNTTRMS', VSBED: 'SHIP_COND', VWERK: 'DELYG_PLNT' }),
  };
}

/** Fields without which neither kind can exist. */
export function mandatoryFields(kind: CustomerKind): string[] {
  const { name, title, language } = fieldNames[kind];
  return [title, name, 'CITY', 'POSTL_COD1', 'STREET', 'COUNTRY', language, 'CURRENCY'];
}

export function refuse(number: string, text: string, v1 = ''): Refusal {
  return { TYPE: 'E', ID: 'R1', NUMBER: number, MESSAGE: text, MESSAGE_V1: v1 };
}

const languageOfIso: Record<string, string> = {
  EN: 'E',
  DE: 'D',
  FR: 'F',
  IT: 'I',
  ES: 'S',
  NL: 'N',
  PL: 'L',
  CS: 'C',
  EL: 'G',
  JA: 'J',
  ZH: '1',
  PT: 'P',
  DA: 'K',
  SV: 'V',
};

function countryOfIso(system: SapSystemParts, iso: string): string {
  return (
    system
      .stored('T005')
      .all()
      .find((row) => row['INTCA'] === iso)?.['LAND1'] ?? iso
  );
}

/** Titles are known by their text in the logon language alone. */
function titleKey({ system, session }: FunctionCall, title: string): string {
  const row = system
    .stored('TSAD3T')
    .all()
    .find((one) => one['LANGU'] === session.language && one['TITLE_MEDI'] === title);
  return row?.['TITLE'] ?? '';
}
