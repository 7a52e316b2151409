import { SystemError } from '@ml-connector/shared';
import type { CustomerData, SapCustomer } from '../../systems/sap-ecc/index.ts';
import { oneLine } from '../texts/index.ts';

export type CustomerChange = Partial<Omit<CustomerData, 'kind'>>;

/**
 * What SAP's customer lacks of what the store says. Name, telephone and e-mail one by one, the address as a whole, so that no old region stays
 * with a new town. What the store leaves empty is not cleared; title, language, currency and terms are SAP's after the creation.
 */
export function changesTo(current: SapCustomer, wanted: CustomerData): CustomerChange {
  return {
    ...nameChanges(current, wanted),
    ...addressChanges(current, wanted),
    ...(wanted.telephone && digits(wanted.telephone) !== digits(current.telephone) ? { telephone: wanted.telephone } : {}),
    ...(wanted.email && wanted.email.toLowerCase() !== current.email.toLowerCase() ? { email: wanted.email } : {}),
  };
}

/** Throws `refused` where one is a person and the other a company: the interface cannot turn one into the other. */
export function assertSameKind(name: string, current: SapCustomer, { kind }: CustomerData): void {
  if (current.kind === kind) return;
  throw new SystemError(
    'SAP_CUSTOMER_KIND_DIFFERS',
    'refused',
    `updating ${name}: it is a ${kind} in the store, and ${current.number} is a ${current.kind} in SAP`,
    {
      fix: 'SAP cannot change that from outside. Change the customer in SAP (XD02) by hand and skip this record, or set onChange to leave.',
    },
  );
}

function nameChanges(current: SapCustomer, { kind, names, firstName, lastName }: CustomerData): CustomerChange {
  if (kind === 'company') return names.some((line, at) => !isSame(line, current.names[at])) ? { names } : {};
  return {
    ...(isSame(firstName, current.firstName) ? {} : { firstName }),
    ...(isSame(lastName, current.lastName) ? {} : { lastName }),
  };
}

function addressChanges(current: SapCustomer, wanted: CustomerData): CustomerChange {
  const { street, houseNumber, city, district, postalCode, country, region } = wanted;
  const hasMoved =
    !isSame(`${street} ${houseNumber}`, `${current.street} ${current.houseNumber}`) ||
    !isSame(city, current.city) ||
    !isSame(postalCode, current.postalCode) ||
    !isSame(country, current.country);
  if (hasMoved) return { street, houseNumber, city, district, postalCode, country, region };
  return {
    ...(region && !isSame(region, current.region) ? { region } : {}),
    ...(district && !isSame(district, current.district) ? { district } : {}),
  };
}

function isSame(one: string, other = ''): boolean {
  return oneLine(one) === oneLine(other);
}

function digits(telephone: string): string {
  return telephone.replaceAll(/\D/g, '');
}
