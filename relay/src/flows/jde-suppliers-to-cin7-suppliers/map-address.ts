import type { Cin7Address } from '../../systems/cin7-core/index.ts';
import type { JdeAddress } from '../../systems/jde/index.ts';
import { toAddress } from '../cin7-suppliers/index.ts';
import type { BlockReason, Mapping } from '../flow.ts';
import { oneLine } from '../texts/index.ts';
import type { JdeSupplierSettings } from './settings.ts';

interface AddressRules {
  settings: JdeSupplierSettings;
  mapping: Mapping;
  notes: string[];
  reasons: BlockReason[];
}

/**
 * The address in effect, or none where JD Edwards has neither lines nor city. The first line, which Cin7 Core demands, is the first one that
 * is not blank, else the city; further lines come together.
 */
export function toAddresses(address: JdeAddress | undefined, { settings, mapping, notes, reasons }: AddressRules): Cin7Address[] {
  const [first = '', ...others] = (address?.lines ?? []).map(oneLine).filter(Boolean);
  const city = oneLine(address?.city ?? '');
  const line1 = first || city;
  if (!address || !line1) {
    notes.push('the supplier has no address in JD Edwards');
    return [];
  }
  const country = countryName(address.country, { settings, mapping, notes, reasons });
  const state = address.state || address.county;
  const texts = { line1, line2: others.join(', '), city, state, postcode: address.postalCode, country };
  return [toAddress(texts, { type: settings.addressType, notes })];
}

/** Cin7 Core wants names. The value map knows best; a code that is one of ISO 3166 has a name; any other goes as it is. */
function countryName(code: string, { settings, mapping, notes, reasons }: AddressRules): string {
  if (!code) {
    if (settings.defaultCountry === undefined)
      reasons.push({ code: 'COUNTRY_MISSING', message: 'the address has no country in JD Edwards, and no defaultCountry is set' });
    return settings.defaultCountry ?? '';
  }
  const chosen = mapping.lookup('countries', code);
  if (chosen === undefined) {
    const message = `country ${code} has no entry in the value map countries`;
    reasons.push({ code: 'VALUE_MAP_MISSING', message, missing: { valueMapId: 'countries', code } });
    return '';
  }
  if (chosen !== code) return chosen;
  const name = isoName(code);
  if (name === undefined) notes.push(`country ${code} is no code of ISO 3166: give it a name in the value map countries`);
  return name ?? code;
}

const names = new Intl.DisplayNames('en', { type: 'region', fallback: 'none' });

/** The codes of UDC 00/CN are mostly those of ISO, but a site makes its own too. */
export function isoName(code: string): string | undefined {
  if (!/^[A-Z]{2}$/.test(code) || code === 'ZZ') return undefined;
  return names.of(code);
}
