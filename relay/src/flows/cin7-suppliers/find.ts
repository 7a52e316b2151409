import { SystemError } from '@ml-connector/shared';
import type { Cin7Session, Cin7Supplier } from '../../systems/cin7-core/index.ts';
import type { PostInput } from '../flow.ts';
import type { SupplierBody } from './body.ts';
import { markedNumber } from './marks.ts';
import type { SupplierRules } from './rules.ts';
import type { SupplierWords } from './words.ts';

/** What of a post is looked at: the source is not, as its suppliers are posted also while it cannot be reached. */
export interface SupplierPost extends Pick<PostInput<unknown, SupplierBody, unknown, Cin7Session>, Needed> {
  words: SupplierWords;
  rules: SupplierRules;
}
type Needed = 'record' | 'body' | 'link' | 'target' | 'scope' | 'ownerOf';

/** The post of a flow, with the words of its source and its rules. */
export function inWords(
  input: Pick<PostInput<unknown, SupplierBody, unknown, Cin7Session>, Needed>,
  { words, rules }: Pick<SupplierPost, 'words' | 'rules'>,
): SupplierPost {
  // Not spread: the engine's input refuses to hand out a source that is dark.
  const { record, body, link, target, scope } = input;
  return { record, body, link, target, scope, ownerOf: (targetId) => input.ownerOf(targetId), words, rules };
}

export interface Found {
  /** Carries this number, or is linked to it. More than one is for a person. */
  ours: Cin7Supplier | undefined;
  /** Another one's, by its number or its link. */
  others: Cin7Supplier[];
  /** Nobody's: entered by hand, or by another interface. */
  free: Cin7Supplier[];
}

/** All suppliers of exactly this name, sorted by whose they are. Rejects with `refused` when two carry this number. */
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
  const { body, record, words, rules } = input;
  const owner = await input.ownerOf(supplier.ID);
  if (owner !== undefined) return owner === record.key ? 'ours' : 'other';
  const number = markedNumber(words, supplier, rules);
  if (number === undefined) return 'free';
  return number === body.number ? 'ours' : 'other';
}

function doubled({ body, words }: SupplierPost, suppliers: Cin7Supplier[]): SystemError {
  const ids = suppliers.map(({ ID }) => ID).join(' and ');
  return new SystemError(
    'SUPPLIER_DOUBLED',
    'refused',
    `posting ${words.noun} ${body.number}: the suppliers ${ids} both carry its number`,
    {
      fix: `Decide which one stays; remove the ${words.noun} number from the other one (comments, first attribute) and rename it. Then replay.`,
    },
  );
}
