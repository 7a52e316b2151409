import type { CustomerAddress } from '../../systems/bigcommerce/index.ts';
import { fit, oneLine } from '../texts/index.ts';
import type { StoreCustomer } from './payload.ts';
import type { CustomerFlowSettings } from './settings.ts';

/** In SAP's fields; state and country are still the store's. */
export interface MainAddress {
  source: CustomerAddress;
  street: string;
  houseNumber: string;
  district: string;
  city: string;
  postalCode: string;
}

export type ChosenAddress = { address: MainAddress } | { missing: 'all' } | { missing: string[] };

/**
 * The address that counts: the first complete one, those of the wanted type before the others. The others are left out: SAP takes one with
 * the customer. Where none is complete, what the first one lacks.
 */
export function chooseAddress({ addresses }: StoreCustomer, settings: CustomerFlowSettings, notes: string[]): ChosenAddress {
  const { mainAddress } = settings;
  const isWanted = ({ address_type: type }: CustomerAddress): boolean => mainAddress === 'first' || type === mainAddress;
  const ordered = [...addresses.filter(isWanted), ...addresses.filter((one) => !isWanted(one))];
  const [first] = ordered;
  if (!first) return { missing: 'all' };
  const chosen = ordered.find((one) => missingIn(one, settings).length === 0);
  if (!chosen) return { missing: missingIn(first, settings) };
  if (chosen !== first) notes.push(`address ${first.id} lacks ${missingIn(first, settings).join(', ')}: address ${chosen.id} counts`);
  if (addresses.length > 1)
    notes.push(`${addresses.length} addresses in the store, SAP gets that of ${oneLine(chosen.city)} (${chosen.id})`);
  return { address: toMainAddress(chosen, settings, notes) };
}

/** What SAP demands of an address (facts/sap-ecc.md 2.4). */
function missingIn(address: CustomerAddress, { postalCodeFallback }: CustomerFlowSettings): string[] {
  const { address1, address2, city, postal_code: postalCode, country_code: country } = address;
  return [
    ...(oneLine(`${address1} ${address2}`) ? [] : ['a street']),
    ...(oneLine(city) ? [] : ['a city']),
    ...(oneLine(postalCode) || postalCodeFallback ? [] : ['a postal code']),
    ...(oneLine(country) ? [] : ['a country']),
  ];
}

function toMainAddress(source: CustomerAddress, settings: CustomerFlowSettings, notes: string[]): MainAddress {
  const { secondLine, splitHouseNumber, postalCodeFallback } = settings;
  const within = (text: string, field: string, longest: number): string => fit(text, { field, longest }, notes);
  const [first, second] = [oneLine(source.address1), oneLine(source.address2)];
  const isOwnField = secondLine === 'district' && first !== '';
  const lines = isOwnField ? [first] : [first, second].filter(Boolean);
  const split = splitHouseNumber ? houseNumberAtEnd(lines[0] ?? '') : undefined;
  const street = [split?.street ?? lines[0] ?? '', ...lines.slice(1)].join(', ');
  const postalCode = oneLine(source.postal_code);
  if (!postalCode) notes.push(`The address has no postal code, SAP gets ${postalCodeFallback}`);
  return {
    source,
    street: within(street, 'Street', 60),
    houseNumber: split?.houseNumber ?? '',
    district: within(isOwnField ? second : '', 'District', 40),
    city: within(oneLine(source.city), 'City', 40),
    postalCode: within(postalCode || postalCodeFallback, 'Postal code', 10),
  };
}

/** `Am Hof 12 a`, `Königsallee 7-9`; numbers before the street stay where they are. */
function houseNumberAtEnd(line: string): { street: string; houseNumber: string } | undefined {
  const [, street, houseNumber] = /^(.*\D)\s+(\d{1,5}(?:\s?[A-Za-z])?(?:\s?[-/]\s?\d{1,4}(?:\s?[A-Za-z])?)?)$/.exec(line) ?? [];
  if (street === undefined || houseNumber === undefined || houseNumber.length > 10) return undefined;
  return { street: street.trim(), houseNumber };
}
