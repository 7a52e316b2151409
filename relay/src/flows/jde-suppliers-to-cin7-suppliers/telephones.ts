import type { JdeSupplier } from '../../systems/jde/index.ts';
import { oneLine } from '../texts/index.ts';
import type { JdeSupplierSettings } from './settings.ts';

/** The first phone of each kind, prefix and number; '' where there is none. */
export function telephones(
  { phones }: JdeSupplier,
  { phoneTypes }: JdeSupplierSettings,
): { telephone: string; mobile: string; fax: string } {
  const first = (types: readonly string[]): string => {
    const phone = types.flatMap((type) => phones.filter((one) => one.type === type && one.number !== ''))[0];
    return phone ? oneLine(`${phone.prefix} ${phone.number}`) : '';
  };
  return { telephone: first(phoneTypes.business), mobile: first(phoneTypes.mobile), fax: first(phoneTypes.fax) };
}
