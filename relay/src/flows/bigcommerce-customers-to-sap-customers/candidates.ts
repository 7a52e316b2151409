import { alphaOut, SystemError } from '@ml-connector/shared';
import { openCustomers, type Customers, type SalesArea, type SapCustomer, type SapSession } from '../../systems/sap-ecc/index.ts';
import type { PostInput } from '../flow.ts';
import { oneLine } from '../texts/index.ts';
import { claimsOf } from './claims.ts';
import type { CustomerBody, CustomerPayload } from './payload.ts';
import { customerFlowSettings, type CustomerFlowSettings } from './settings.ts';

export type CustomerPost = PostInput<CustomerPayload, CustomerBody, unknown, SapSession>;

/** Customers named in a message. */
const mostShown = 5;
const known = new WeakMap<SapSession, Customers>();

export function customersOf(session: SapSession): Customers {
  const present = known.get(session) ?? openCustomers(session);
  known.set(session, present);
  return present;
}

export function settingsOf({ settings }: Pick<CustomerPost, 'settings'>): CustomerFlowSettings {
  return customerFlowSettings.parse(settings);
}

export function salesAreaOf(input: Pick<CustomerPost, 'settings'>): SalesArea {
  const { salesOrganisation, distributionChannel, division } = settingsOf(input);
  return { salesOrganisation, distributionChannel, division };
}

export interface Candidate {
  customer: SapCustomer;
  /** The record it belongs to; undefined for one that is nobody's. Never this record itself. */
  owner: string | undefined;
}

/** Customers of SAP that a search finds, with the record each belongs to. One-time accounts are nobody's master. */
export async function candidates(input: CustomerPost, search: { email: string } | { vatNumber: string }): Promise<Candidate[]> {
  const { target, scope } = input;
  const found: Candidate[] = [];
  for (const number of await customersOf(target).find(search, scope)) {
    const customer = await customersOf(target).get(number, scope);
    if (customer && !customer.isOneTime && !customer.isDeleted) found.push({ customer, owner: await ownerOf(input, number) });
  }
  return found;
}

async function ownerOf(input: CustomerPost, number: string): Promise<string | undefined> {
  const { record, target } = input;
  const claims = claimsOf(target);
  const stored = await input.ownerOf(number);
  if (stored !== undefined) claims.release(number);
  const owner = stored ?? claims.takerOf(number);
  return owner === record.key ? undefined : owner;
}

/**
 * The customer whom the rules of recognition find, or undefined; of several only those in the sales area count. Rejects with `refused` where several
 * fit, where it belongs to another record, or where it does not exist in the sales area: all of that is for a person.
 */
export async function findMatch(input: CustomerPost): Promise<SapCustomer | undefined> {
  const { body } = input;
  const { matchBy } = settingsOf(input);
  for (const rule of matchBy) {
    const search = rule === 'email' ? { email: body.data.email } : { vatNumber: body.vatNumber };
    const what = Object.values(search).join('');
    const found = what === '' ? [] : await candidates(input, search);
    if (found.length === 0) continue;
    const inPlace: Candidate[] = [];
    for (const one of found) if (await isInPlace(input, one.customer.number)) inPlace.push(one);
    const [match, second] = inPlace.length > 0 ? inPlace : found;
    const told = `${rule === 'email' ? 'the e-mail address' : 'the VAT number'} ${what}`;
    if (!match || second) throw ambiguous(body, told, inPlace.length > 0 ? inPlace : found);
    if (match.owner !== undefined) throw anothers(body, told, match);
    if (inPlace.length === 0) throw notExtended(input, match.customer);
    return match.customer;
  }
  return undefined;
}

/** Customers that an earlier attempt of this record may have created: nobody's, with its e-mail address, name and place, not older than the account. */
export async function ownCreations(input: CustomerPost): Promise<SapCustomer[]> {
  const { body } = input;
  const found = await candidates(input, { email: body.data.email });
  return found.filter(({ customer, owner }) => owner === undefined && isCreationOf(body, customer)).map(({ customer }) => customer);
}

/** Whether SAP holds what we would have created. KNA1 keeps 35 characters of a name. */
export function isCreationOf({ data, storeCreatedOn }: CustomerBody, customer: SapCustomer): boolean {
  const nameOf = ({ kind, names, firstName, lastName }: Pick<SapCustomer, 'kind' | 'names' | 'firstName' | 'lastName'>): string =>
    kind === 'person' ? `${short(lastName)}, ${short(firstName)}` : short(names[0] ?? '');
  return (
    customer.kind === data.kind &&
    nameOf(customer) === nameOf(data) &&
    short(customer.city) === short(data.city) &&
    short(customer.postalCode) === short(data.postalCode) &&
    customer.createdOn >= dayBefore(storeCreatedOn)
  );
}

/** For people: `Müller GmbH (100045)`. */
export function labelOf({ number, kind, names, firstName, lastName }: SapCustomer | ({ number: string } & CustomerBody['data'])): string {
  return `${kind === 'company' ? (names[0] ?? '') : `${firstName} ${lastName}`.trim()} (${alphaOut(number)})`;
}

async function isInPlace(input: CustomerPost, number: string): Promise<boolean> {
  const { companyCode } = settingsOf(input);
  const place = { salesArea: salesAreaOf(input), ...(companyCode && { companyCode }) };
  return customersOf(input.target).existsIn(number, place, input.scope);
}

function notExtended(input: CustomerPost, customer: SapCustomer): SystemError {
  const { salesOrganisation, distributionChannel, division, companyCode } = settingsOf(input);
  const where = `sales area ${salesOrganisation}/${distributionChannel}/${division}${companyCode ? ` and company code ${companyCode}` : ''}`;
  const message = `${input.body.name} is ${labelOf(customer)} in SAP, who does not exist in ${where}`;
  return new SystemError('SAP_CUSTOMER_NOT_EXTENDED', 'refused', message, { fix: 'Extend the customer in SAP (XD01), then replay.' });
}

function ambiguous({ name }: CustomerBody, what: string, found: readonly Candidate[]): SystemError {
  const shown = found.slice(0, mostShown).map(({ customer }) => labelOf(customer));
  if (found.length > mostShown) shown.push(`and ${found.length - mostShown} more`);
  return new SystemError(
    'SAP_CUSTOMER_AMBIGUOUS',
    'refused',
    `${name}: ${found.length} customers in SAP have ${what}: ${shown.join(', ')}`,
    {
      fix: 'Decide who it is. Take it from the others in SAP (XD02), or mark them for deletion (XD06); then replay.',
    },
  );
}

function anothers({ name }: CustomerBody, what: string, { customer, owner }: Candidate): SystemError {
  return new SystemError(
    'SAP_CUSTOMER_OF_ANOTHER',
    'refused',
    `${name}: ${labelOf(customer)} in SAP has ${what}, and belongs to customer ${owner} of the store already`,
    {
      fix: 'Merge the two accounts in the store, or give one another e-mail address or VAT number; or remove the link of the other record. Then replay.',
    },
  );
}

function short(text: string): string {
  return oneLine(text).slice(0, 35).trim().toLowerCase();
}

/** Store and SAP may live in different time zones. */
function dayBefore(day: string): string {
  const at = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6, 8)}T00:00:00Z`);
  return Number.isNaN(at) ? '' : new Date(at - 86_400_000).toISOString().slice(0, 10).replaceAll('-', '');
}
