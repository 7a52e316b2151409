import { isSystemError, SystemError } from '@ml-connector/shared';
import type { Cin7Supplier, Cin7SupplierBody } from '../../systems/cin7-core/index.ts';
import type { PostResult } from '../flow.ts';
import { findByName, whoseIs, type SupplierPost } from './find.ts';
import { isReachable } from './contacts.ts';
import { isSameName, markedNumber, nameWithNumber, withMark } from './marks.ts';
import { inTurnForName } from './name-turns.ts';

/**
 * Brings one supplier into Cin7 Core. A linked one is updated by its id. Without a link Cin7 Core is looked at first: a supplier that
 * carries its number is updated, whatever stands in the name's way is left alone.
 *
 * The plain name belongs to the one that came first and stays with it; every later one of that name gets its number behind it. A load posts
 * in the order of numbers, so there the lowest number has the plain name.
 */
export async function postSupplier(input: SupplierPost): Promise<PostResult> {
  const { body, link } = input;
  if (body.action === 'deprecate') return deprecate(input);
  if (link) return updateLinked(input, { targetId: link.targetId, wanted: body.supplier });
  return inTurnForName({ account: input.target, name: body.supplier.Name, signal: input.scope.signal }, () => place(input, body.supplier));
}

/** One that the source no longer has. Where Cin7 Core no longer has it either, nothing is needed. */
async function deprecate(input: SupplierPost): Promise<PostResult> {
  const { body, link, target, scope, words } = input;
  if (!link)
    throw new SystemError(
      'SUPPLIER_NOT_LINKED',
      'refused',
      `deprecating the supplier of ${words.noun} ${body.number}: no supplier is linked to it`,
      {
        fix: `Nothing needs to be done, unless a supplier of this ${words.noun} exists: deprecate it by hand.`,
      },
    );
  const current = await target.suppliers.get(link.targetId, scope);
  if (!current) return { targetId: link.targetId, targetLabel: body.number, action: 'unchanged' };
  assertNotAnothers(input, current);
  const { ID, LastModifiedOn: _ignored, ...fields } = current;
  const { changed } = await target.suppliers.update(ID, { ...fields, Status: 'Deprecated' }, scope);
  return { targetId: ID, targetLabel: current.Name, action: changed.length > 0 ? 'updated' : 'unchanged' };
}

async function updateLinked(
  input: SupplierPost,
  { targetId, wanted }: { targetId: string; wanted: Cin7SupplierBody },
): Promise<PostResult> {
  const { body, target, scope, words } = input;
  const current = await target.suppliers.get(targetId, scope);
  if (!current) throw gone(input, targetId);
  assertNotAnothers(input, current);
  const withNumber = nameWithNumber(words, wanted.Name, body.number);
  if (isSameName(current.Name, wanted.Name)) return update(input, current, wanted);
  if (isSameName(current.Name, withNumber)) return update(input, current, { ...wanted, Name: withNumber });
  return inTurnForName({ account: target, name: wanted.Name, signal: scope.signal }, () => rename(input, current, wanted));
}

function assertNotAnothers({ body, words, rules }: SupplierPost, linked: Cin7Supplier): void {
  const number = markedNumber(words, linked, rules);
  if (number === undefined || number === body.number) return;
  throw new SystemError(
    'SUPPLIER_OF_ANOTHER_VENDOR',
    'refused',
    `updating supplier ${linked.Name} (${linked.ID}) of ${words.noun} ${body.number}: it carries the number of ${words.noun} ${number}`,
    { fix: `Correct the ${words.noun} number in the supplier, or remove the link of this record; then replay.` },
  );
}

/** The name changed: the supplier takes the new name when that is free, else the new name with its number. */
async function rename(input: SupplierPost, current: Cin7Supplier, wanted: Cin7SupplierBody): Promise<PostResult> {
  const holders = await input.target.suppliers.findByName(wanted.Name, input.scope);
  const holder = holders.find(({ ID }) => !isSameId(ID, current.ID));
  const withNumber = { ...wanted, Name: nameWithNumber(input.words, wanted.Name, input.body.number) };
  if (holder) return update(input, current, resolveCollision(input, { taken: wanted.Name, holder, withNumber }));
  try {
    return await update(input, current, wanted);
  } catch (error) {
    if (!isNameTaken(error)) throw error;
    return update(input, current, resolveCollision(input, { taken: wanted.Name, holder: undefined, withNumber }));
  }
}

async function place(input: SupplierPost, wanted: Cin7SupplierBody): Promise<PostResult> {
  const found = await findByName(input, wanted.Name);
  if (found.ours) return update(input, found.ours, wanted);
  const adopted = found.others.length === 0 ? found.free.find((supplier) => mayAdopt(input, supplier, wanted)) : undefined;
  if (adopted) return update(input, adopted, wanted);

  const withNumber = { ...wanted, Name: nameWithNumber(input.words, wanted.Name, input.body.number) };
  const holder = found.others[0] ?? found.free[0];
  if (holder) return placeWithNumber(input, resolveCollision(input, { taken: wanted.Name, holder, withNumber }));
  // An earlier attempt may have taken the name with the number, when the plain one was not free yet.
  const earlier = input.record.attempt > 1 ? (await findByName(input, withNumber.Name)).ours : undefined;
  if (earlier) return update(input, earlier, withNumber);
  try {
    return await create(input, wanted);
  } catch (error) {
    if (!isNameTaken(error)) throw error;
    // Taken since we looked: by this very request, where something on the way sent it twice, or by another node, or by hand.
    const { ours } = await findByName(input, wanted.Name);
    if (ours) return update(input, ours, wanted);
    return placeWithNumber(input, resolveCollision(input, { taken: wanted.Name, holder: undefined, withNumber }));
  }
}

async function placeWithNumber(input: SupplierPost, withNumber: Cin7SupplierBody): Promise<PostResult> {
  const { ours, free, others } = await findByName(input, withNumber.Name);
  // Nobody's by its fields, but the name itself ends with the number.
  const own = ours ?? free[0];
  if (own) return update(input, own, withNumber);
  if (others[0]) throw nameTaken(input, { taken: withNumber.Name, holder: others[0] });
  return create(input, withNumber);
}

interface Collision {
  taken: string;
  holder: Cin7Supplier | undefined;
  withNumber: Cin7SupplierBody;
}

function resolveCollision(input: SupplierPost, { taken, holder, withNumber }: Collision): Cin7SupplierBody {
  if (input.rules.nameCollision === 'block') throw nameTaken(input, { taken, holder });
  return withNumber;
}

/** Equal tax numbers say that the supplier entered by hand is this one. Blanks, dots and dashes are a matter of taste. */
function mayAdopt({ rules }: SupplierPost, supplier: Cin7Supplier, wanted: Cin7SupplierBody): boolean {
  if (rules.adopt === 'never') return false;
  const bare = (taxNumber: string | undefined): string => (taxNumber ?? '').replaceAll(/[^\p{L}\p{N}]/gu, '').toUpperCase();
  return bare(wanted.TaxNumber) !== '' && bare(wanted.TaxNumber) === bare(supplier.TaxNumber);
}

async function create({ target, scope }: SupplierPost, body: Cin7SupplierBody): Promise<PostResult> {
  const supplier = await target.suppliers.create({ ...body, Contacts: body.Contacts.filter(isReachable) }, scope);
  return { targetId: supplier.ID, targetLabel: supplier.Name, action: 'created' };
}

/** What people wrote into the comments stays, as long as the number is among it. */
async function update(input: SupplierPost, current: Cin7Supplier, wanted: Cin7SupplierBody): Promise<PostResult> {
  const { body, target, scope, words } = input;
  if ((await whoseIs(input, current)) === 'other') throw nameTaken(input, { taken: current.Name, holder: current });
  const { Comments: _marker, ...others } = wanted;
  const isMarked = markedNumber(words, current, {}) === body.number;
  const Contacts = wanted.Contacts.filter(
    (contact) => isReachable(contact) || current.Contacts.some(({ Name }) => isSameName(Name, contact.Name)),
  );
  const fields = { ...others, Contacts, ...(isMarked ? {} : { Comments: withMark(current.Comments, words.comment(body.number)) }) };
  const { supplier, changed } = await target.suppliers.update(current.ID, fields, scope);
  return { targetId: supplier.ID, targetLabel: supplier.Name, action: changed.length > 0 ? 'updated' : 'unchanged' };
}

function isNameTaken(error: unknown): boolean {
  return isSystemError(error) && error.code === 'CIN7_NAME_TAKEN';
}

function isSameId(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function gone({ body, words }: SupplierPost, targetId: string): SystemError {
  return new SystemError(
    'CIN7_SUPPLIER_GONE',
    'refused',
    `updating the supplier of ${words.noun} ${body.number}: Cin7 Core has no supplier ${targetId} any more`,
    {
      fix: 'Remove the link of this record and replay it: the supplier is then looked for by name, or created anew.',
    },
  );
}

function nameTaken({ body, words }: SupplierPost, { taken, holder }: { taken: string; holder: Cin7Supplier | undefined }): SystemError {
  const who = holder ? `supplier ${holder.ID}` : 'another supplier';
  return new SystemError('SUPPLIER_NAME_TAKEN', 'refused', `posting ${words.noun} ${body.number}: ${who} has the name "${taken}" already`, {
    fix: `Rename one of the two, write "${words.comment(body.number)}" into the comments if it is the same company, or set nameCollision to suffix; then replay.`,
  });
}
