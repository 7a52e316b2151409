import type { CustomerData } from '../../systems/sap-ecc/index.ts';
import type { BlockReason, MapOutcome, Mapping } from '../flow.ts';
import { fit, oneLine } from '../texts/index.ts';
import { chooseAddress, type MainAddress } from './address.ts';
import { nameOf } from './names.ts';
import type { CustomerBody, CustomerPayload, StoreCustomer } from './payload.ts';
import { customerFlowSettings, type CustomerFlowSettings } from './settings.ts';

const longestEmail = 241;

/** What SAP is to hold of a customer of the store. */
export function mapCustomer(payload: CustomerPayload, mapping: Mapping): MapOutcome<CustomerBody> {
  const settings = customerFlowSettings.parse(mapping.settings);
  if (payload.kind === 'gone') return { outcome: 'skipped', reason: 'the store deleted this customer; SAP keeps its own as it is' };
  if (payload.kind === 'unreadable') return { outcome: 'blocked', reasons: [{ code: 'CUSTOMER_UNREADABLE', message: payload.problem }] };
  const { customer } = payload;
  const { customerGroups } = settings;
  if (customerGroups.length > 0 && !customerGroups.includes(customer.groupId))
    return { outcome: 'skipped', reason: `customer group ${customer.groupId} is not one that is taken` };
  const notes: string[] = [];
  const chosen = chooseAddress(customer, settings, notes);
  if ('missing' in chosen) return withoutAddress(chosen.missing, settings);

  const { address } = chosen;
  const codes = new Codes(mapping);
  const name = nameOf(customer, address.source, { settings, notes });
  const email = oneLine(customer.email);
  const reasons: BlockReason[] = [];
  if (!name) reasons.push({ code: 'NAME_EMPTY', message: 'neither the account nor its address has a name' });
  if (email.length > longestEmail || email === '')
    reasons.push({
      code: 'EMAIL_UNUSABLE',
      message: email ? `the e-mail address has ${email.length} characters, SAP takes ${longestEmail}` : 'the account has no e-mail address',
    });
  const kind = name?.kind ?? 'person';
  const place = placeOf(address, { settings, codes });
  const referenceCustomer = codes.demand('reference-customers', ...referenceCodes(kind, customer, address));
  const paymentTerms = codes.find('payment-terms', String(customer.groupId));
  const title = titleOf(kind, customer, { settings, codes });
  reasons.push(...codes.missing);
  if (!name || reasons.length > 0) return { outcome: 'blocked', reasons };

  const { street, houseNumber, district, city, postalCode } = address;
  const telephone = fit(oneLine(customer.phone) || oneLine(address.source.phone), { field: 'Telephone', longest: 30 }, notes);
  const data: CustomerData = { ...name, title, street, houseNumber, city, district, postalCode, ...place, telephone, email };
  const vatNumber = bareNumber(customer.fields[settings.vatNumberFrom] ?? '');
  const body = {
    name: `customer ${customer.id}`,
    data,
    referenceCustomer,
    paymentTerms,
    vatNumber,
    storeCreatedOn: customer.createdOn.replaceAll('-', ''),
  };
  return { outcome: 'mapped', body, notes };
}

function withoutAddress(missing: 'all' | string[], settings: CustomerFlowSettings): MapOutcome<CustomerBody> {
  if (missing !== 'all')
    return {
      outcome: 'blocked',
      reasons: [{ code: 'ADDRESS_INCOMPLETE', message: `SAP demands ${missing.join(', ')}, the address has none` }],
    };
  if (settings.withoutAddress === 'wait')
    return { outcome: 'skipped', reason: 'the customer has no address yet, which SAP demands; it is read again when it gets one' };
  return { outcome: 'blocked', reasons: [{ code: 'ADDRESS_MISSING', message: 'the customer has no address, which SAP demands' }] };
}

function placeOf(
  { source }: MainAddress,
  { settings, codes }: { settings: CustomerFlowSettings; codes: Codes },
): Pick<CustomerData, 'country' | 'region' | 'language' | 'currency'> {
  const iso = countryOf(source.country_code);
  const state = oneLine(source.state_or_province);
  return {
    country: codes.find('countries', iso) || iso,
    region: state ? codes.find('regions', `${iso}/${state}`) : '',
    language: codes.find('languages', iso) || settings.language,
    currency: codes.find('currencies', iso) || settings.currency,
  };
}

/** The most special first. */
function referenceCodes(kind: CustomerData['kind'], { groupId }: StoreCustomer, { source }: MainAddress): string[] {
  const country = countryOf(source.country_code);
  return [`${kind}/${country}/${groupId}`, `${kind}/${country}`, `${kind}/${groupId}`, kind];
}

function titleOf(
  kind: CustomerData['kind'],
  { fields }: StoreCustomer,
  { settings, codes }: { settings: CustomerFlowSettings; codes: Codes },
): string {
  if (kind === 'company') return settings.companyTitle;
  const told = oneLine(fields[settings.titleFrom] ?? '');
  return told ? codes.find('titles', told) || settings.personTitle : settings.personTitle;
}

function countryOf(code: string): string {
  return oneLine(code).toUpperCase();
}

/** Blanks, dots and dashes are a matter of taste: `DE 123.456.789`. */
function bareNumber(text: string): string {
  return text.replaceAll(/[^\p{L}\p{N}]/gu, '').toUpperCase();
}

/** Looks codes up and remembers all that are missing, so that a person sees them at once. */
class Codes {
  readonly #mapping: Mapping;
  readonly missing: BlockReason[] = [];

  constructor(mapping: Mapping) {
    this.#mapping = mapping;
  }

  /** Empty where the map has no entry and lets codes pass: a code of the store means nothing in SAP. */
  find(valueMapId: string, code: string): string {
    // The second code is what passes where the first has no entry.
    return this.#mapping.lookup(valueMapId, code, '') ?? this.#miss(valueMapId, code);
  }

  demand(valueMapId: string, ...codes: string[]): string {
    const found = this.#mapping.lookup(valueMapId, ...codes);
    const last = codes.at(-1) ?? '';
    return found === undefined || found === last ? this.#miss(valueMapId, last) : found;
  }

  #miss(valueMapId: string, code: string): string {
    const message = `no entry for "${code}" in the value map ${valueMapId}`;
    this.missing.push({ code: 'VALUE_MAP_MISSING', message, missing: { valueMapId, code } });
    return '';
  }
}
