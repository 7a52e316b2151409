import type { Cin7Supplier, Cin7SupplierBody } from '../../systems/cin7-core/index.ts';
import type { ProbeOutcome } from '../flow.ts';
import { findByName, type SupplierPost } from './find.ts';
import { isReachable } from './contacts.ts';
import { foldName, nameWithNumber } from './marks.ts';

/**
 * After a lost answer: does Cin7 Core hold what was sent? `absent` also for a supplier that is there but differs: posting it again looks
 * first and only sends what is missing, so nothing is doubled.
 */
export async function probeSupplier(input: SupplierPost): Promise<ProbeOutcome> {
  const { body, link, target, scope, words } = input;
  if (link) {
    const current = await target.suppliers.get(link.targetId, scope);
    if (!current) return { outcome: 'absent' };
    const isDone = body.action === 'deprecate' ? current.Status === 'Deprecated' : holds(input, current, body.supplier);
    return isDone ? applied(current, 'updated') : { outcome: 'absent' };
  }
  if (body.action === 'deprecate') return { outcome: 'absent' };
  const plain = await findByName(input, body.supplier.Name);
  const withNumber = await findByName(input, nameWithNumber(words, body.supplier.Name, body.number));
  if (plain.ours && withNumber.ours) {
    const why = `suppliers ${plain.ours.ID} and ${withNumber.ours.ID} both carry the number of ${words.noun} ${body.number}`;
    return { outcome: 'unknown', why };
  }
  const ours = plain.ours ?? withNumber.ours;
  return ours && holds(input, ours, body.supplier) ? applied(ours, 'created') : { outcome: 'absent' };
}

function applied({ ID, Name }: Cin7Supplier, action: 'created' | 'updated'): ProbeOutcome {
  return { outcome: 'applied', result: { targetId: ID, targetLabel: Name, action } };
}

/** True when the supplier says everything the body says, under its plain name or the one with the number. */
function holds({ words, body }: SupplierPost, supplier: Cin7Supplier, wanted: Cin7SupplierBody): boolean {
  const texts = [
    'Currency',
    'PaymentTerm',
    'AccountPayable',
    'TaxRule',
    'Status',
    'TaxNumber',
    'AttributeSet',
    'AdditionalAttribute1',
  ] as const;
  const isNamed = [wanted.Name, nameWithNumber(words, wanted.Name, body.number)].some((name) => same(supplier.Name, name));
  return (
    isNamed &&
    texts.every((field) => wanted[field] === undefined || same(supplier[field], wanted[field])) &&
    wanted.Addresses.every((address) =>
      includesEntry(supplier.Addresses, address, ['Line1', 'Line2', 'City', 'State', 'Postcode', 'Country', 'Type']),
    ) &&
    wanted.Contacts.filter(isReachable).every((contact) =>
      includesEntry(supplier.Contacts, contact, ['Phone', 'MobilePhone', 'Fax', 'Email']),
    )
  );
}

/** Entries by text fields; both sides are the same kind of entry. */
function includesEntry<Field extends string>(entries: Texts<Field>[], wanted: Texts<Field>, fields: readonly Field[]): boolean {
  return entries.some((entry) => fields.every((field) => same(entry[field], wanted[field])));
}

type Texts<Field extends string> = { readonly [Name in Field]?: string | undefined };

function same(one = '', other = ''): boolean {
  return foldName(one) === foldName(other);
}
