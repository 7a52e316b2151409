import type { Cin7Address } from '../../systems/cin7-core/index.ts';
import type { Vendor, VendorAddress } from '../../systems/sap-ecc/index.ts';
import type { Mapping } from '../flow.ts';
import { toAddress } from '../cin7-suppliers/index.ts';
import { oneLine } from '../texts/index.ts';

interface AddressRules {
  type: Cin7Address['Type'];
  mapping: Mapping;
  notes: string[];
}

/**
 * The vendor's one address, or none where SAP has neither street, PO box nor city. The first line, which Cin7 Core demands, is the street,
 * else the PO box (then with the postal code of the box), else the city.
 */
export function toAddresses({ address, names }: Vendor, { type, mapping, notes }: AddressRules): Cin7Address[] {
  const street = oneLine(`${address.street} ${address.houseNumber}`);
  const box = address.poBox.trim() ? `PO Box ${oneLine(address.poBox)}` : '';
  const city = oneLine(address.city);
  const line1 = street || box || city;
  if (!line1) {
    notes.push('the vendor has no address in SAP');
    return [];
  }
  const rest = [names[2], names[3], address.district, street ? box : ''].map(oneLine).filter(Boolean).join(', ');
  const postcode = street ? address.postcode : box ? address.poBoxPostcode || address.postcode : address.postcode;
  const country = countryName(address, mapping, notes);
  return [toAddress({ line1, line2: rest, city, state: address.region, postcode, country }, { type, notes })];
}

/** Cin7 Core wants names. A value map may give better ones than T005T, whose texts are short: `Utd.Arab Emir.` */
function countryName({ country, countryName: name }: VendorAddress, mapping: Mapping, notes: string[]): string {
  const chosen = mapping.lookup('countries', country);
  if (chosen !== undefined && chosen !== country) return chosen;
  if (name) return name;
  notes.push(`SAP has no name for country ${country}`);
  return country;
}
