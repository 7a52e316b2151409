import { SystemError } from '@ml-connector/shared';
import type { Cin7Session, Cin7Supplier } from '../../systems/cin7-core/index.ts';
import type { SapSession } from '../../systems/sap-ecc/index.ts';
import type { PostInput } from '../flow.ts';
import { markedNumber } from './marker.ts';
import type { SupplierBody, VendorPayload } from './payload.ts';
import { vendorFlowSettings } from './settings.ts';

export type SupplierPost = PostInput<VendorPayload, SupplierBody, SapSession, Cin7Session>;

export interface Found {
  /** Carries this vendor's number, or is linked to it. More than one is for a person. */
  ours: Cin7Supplier | undefined;
  /** Another vendor's, by its number or its link. */
  others: Cin7Supplier[];
  /** Nobody's: entered by hand, or by another interface. */
  free: Cin7Supplier[];
}

/** All suppliers of exactly this name, sorted by whose they are. Rejects with `refused` when two carry this vendor's number. */
export async function findByName(input: SupplierPost, name: string): Promise<Found> {
  const suppliers = await input.target.suppliers.findByName(name, input.scope);
  const sorted = await Promise.all(suppliers.map(async (supplier) => ({ supplier, whose: await whoseIs(input, supplier) })));
  const those = (wanted: Whose): Cin7Supplier[] => sorted.filter(({ whose }) => whose === wanted).map(({ supplier }) => supplier);
  const [ours, second] = those('ours');
  if (ours && second) throw doubled(input, [ours, second]);
  return { ours, others: those('other'), free: those('free') };
}

export type Whose = 'ours' | 'other' | 'free';

/** A link is surer than what is written in the supplier: people edit comments. */
export async function whoseIs(input: SupplierPost, supplier: Cin7Supplier): Promise<Whose> {
  const { body, record, settings } = input;
  const owner = await input.ownerOf(supplier.ID);
  if (owner !== undefined) return owner === record.key ? 'ours' : 'other';
  const number = markedNumber(supplier, vendorFlowSettings.parse(settings));
  if (number === undefined) return 'free';
  return number === body.number ? 'ours' : 'other';
}

export function doubled({ body }: SupplierPost, suppliers: Cin7Supplier[]): SystemError {
  const ids = suppliers.map(({ ID }) => ID).join(' and ');
  return new SystemError('SUPPLIER_DOUBLED', 'refused', `posting vendor ${body.number}: the suppliers ${ids} both carry its number`, {
    fix: 'Decide which one stays; remove the vendor number from the other one (comments, first attribute) and rename it. Then replay.',
  });
}
