import { alphaIn, SystemError } from '@ml-connector/shared';
import type { Parameters } from '../session.ts';
import type { CustomerData, SalesArea } from './types.ts';

type Kind = CustomerData['kind'];
type Fields = Record<string, string>;

const structures = {
  person: { data: 'PI_PERSONALDATA', flags: 'PI_PERSONALDATAX', more: 'PI_OPT_PERSONALDATA' },
  company: { data: 'PI_COMPANYDATA', flags: 'PI_COMPANYDATAX', more: 'PI_OPT_COMPANYDATA' },
} as const;

/** Fields that are the same in both structures (BAPIKNA101_1, BAPIKNA106). */
const addressFields = {
  street: 'STREET',
  houseNumber: 'HOUSE_NO',
  city: 'CITY',
  district: 'DISTRICT',
  postalCode: 'POSTL_COD1',
  country: 'COUNTRY',
  region: 'REGION',
  telephone: 'TEL1_NUMBR',
  email: 'E_MAIL',
  currency: 'CURRENCY',
} as const satisfies Partial<Record<keyof CustomerData, string>>;

const ownFields = {
  person: { title: 'TITLE_P', firstName: 'FIRSTNAME', lastName: 'LASTNAME', language: 'LANGUP_ISO' },
  company: { title: 'TITLE', language: 'LANGU_ISO' },
} as const satisfies Record<Kind, Partial<Record<keyof CustomerData, string>>>;

const nameFields = ['NAME', 'NAME_2', 'NAME_3', 'NAME_4'] as const;

const lengths: Readonly<Record<string, number>> = {
  TITLE: 30,
  TITLE_P: 30,
  HOUSE_NO: 10,
  POSTL_COD1: 10,
  STREET: 60,
  COUNTRY: 3,
  REGION: 3,
  TEL1_NUMBR: 30,
  E_MAIL: 241,
  CURRENCY: 5,
  LANGU_ISO: 2,
  LANGUP_ISO: 2,
};
const usualLength = 40;

export interface NewCustomerRequest {
  data: CustomerData;
  salesArea: SalesArea;
  referenceCustomer: string;
  paymentTerms?: string | undefined;
}

/** Parameters of BAPI_CUSTOMER_CREATEFROMDATA1 (facts/sap-ecc.md 2.4). Throws `refused` where SAP would miss something. */
export function toBapiCreate({ data, salesArea, referenceCustomer, paymentTerms }: NewCustomerRequest): Parameters {
  const { kind } = data;
  const fields = bapiFields(kind, data);
  const needed = [
    ...Object.values(ownFields[kind]),
    'CITY',
    'POSTL_COD1',
    'STREET',
    'COUNTRY',
    'CURRENCY',
    ...(kind === 'company' ? ['NAME'] : []),
  ];
  const missing = needed.filter((name) => name !== 'FIRSTNAME' && !fields[name]);
  if (missing.length > 0)
    throw invalid(
      `creating a customer: SAP demands ${missing.join(', ')}`,
      'Complete the address at its source, or give defaults in the flow.',
    );
  assertLengths('creating a customer', fields);
  return {
    [structures[kind].data]: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== '')),
    ...(paymentTerms && { [structures[kind].more]: { PMNTTRMS: paymentTerms } }),
    PI_COPYREFERENCE: {
      SALESORG: salesArea.salesOrganisation,
      DISTR_CHAN: salesArea.distributionChannel,
      DIVISION: salesArea.division,
      REF_CUSTMR: alphaIn(referenceCustomer, 10),
    },
  };
}

export interface ChangeRequest {
  number: string;
  kind: Kind;
  change: Partial<Omit<CustomerData, 'kind'>>;
  salesArea: SalesArea;
}

/** Parameters of BAPI_CUSTOMER_CHANGEFROMDATA1: an X takes the value, also a blank one. Undefined where nothing is to be changed. */
export function toBapiChange({ number, kind, change, salesArea }: ChangeRequest): Parameters | undefined {
  const fields = bapiFields(kind, change);
  const names = Object.keys(fields);
  if (names.length === 0) return undefined;
  assertLengths(`changing customer ${number}`, fields);
  return {
    CUSTOMERNO: alphaIn(number, 10),
    PI_SALESORG: salesArea.salesOrganisation,
    PI_DISTR_CHAN: salesArea.distributionChannel,
    PI_DIVISION: salesArea.division,
    [structures[kind].data]: fields,
    [structures[kind].flags]: Object.fromEntries(names.map((name) => [name, 'X'])),
  };
}

/** Only what is given; of names all four lines, so that a line less is cleared. */
function bapiFields(kind: Kind, data: Partial<CustomerData>): Fields {
  const fields: Fields = {};
  for (const [ours, theirs] of Object.entries({ ...ownFields[kind], ...addressFields })) {
    const value = data[ours as keyof typeof addressFields];
    if (value !== undefined) fields[theirs] = ours === 'language' ? value.toUpperCase() : value;
  }
  if (kind === 'company' && data.names) for (const [line, name] of nameFields.entries()) fields[name] = data.names[line] ?? '';
  return fields;
}

function assertLengths(doing: string, fields: Fields): void {
  for (const [name, value] of Object.entries(fields)) {
    const longest = lengths[name] ?? usualLength;
    if (value.length > longest) throw invalid(`${doing}: ${name} "${value}" is longer than ${longest} characters`);
  }
}

function invalid(message: string, fix?: string): SystemError {
  return new SystemError('SAP_CUSTOMER_INVALID', 'refused', message, { fix });
}
