import type { Cin7Address } from '../../systems/cin7-core/index.ts';
import { fit, oneLine } from '../texts/index.ts';

export interface AddressTexts {
  line1: string;
  line2: string;
  city: string;
  state: string;
  postcode: string;
  country: string;
}

/** An address within the lengths of Cin7 Core, as the default of its type. */
export function toAddress(
  { line1, line2, city, state, postcode, country }: AddressTexts,
  { type, notes }: { type: Cin7Address['Type']; notes: string[] },
): Cin7Address {
  const within = (text: string, field: string, longest = 256): string => fit(oneLine(text), { field, longest }, notes);
  return {
    Line1: within(line1, 'Line1'),
    Line2: within(line2, 'Line2'),
    City: within(city, 'City'),
    State: within(state, 'State'),
    Postcode: within(postcode, 'Postcode', 20),
    Country: within(country, 'Country'),
    Type: type,
    DefaultForType: true,
  };
}
