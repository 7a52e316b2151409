import { canonicalHash } from '@ml-connector/shared';
import { isReceivedOrInvoiced, type Cin7Purchase, type Cin7PurchaseOrder, type Cin7Supplier } from '../../systems/cin7-core/index.ts';
import type { PostResult, PostWait } from '../flow.ts';
import { assertAlone } from './alone.ts';
import { cancelPurchase } from './cancel.ts';
import { differencesFrom, type Differences } from './compare.ts';
import {
  linkedPurchase,
  lookForPurchases,
  named,
  noPurchase,
  refuse,
  resultOf,
  toldBefore,
  toldOf,
  wasBegun,
  wasAuthorised,
  wasCancelledByUs,
  withBegun,
  type Found,
  type PurchasePost,
} from './find.ts';
import { firstLine } from './mark.ts';
import type { PutBody } from './payload.ts';
import { assertActive, assertCurrency, awaitProducts, linkedSupplier, supplierAwaited, taxPercents } from './ready.ts';
import { purchaseFlowSettings } from './settings.ts';
import { wantedPurchase, type WantedPurchase } from './wanted.ts';

/**
 * Brings one order into Cin7 Core. Looks first for a purchase with its mark: what is as wanted is left alone, what an earlier attempt began is
 * gone on with, what differs is made a draft again, written anew and authorised, unless it was received or invoiced. Then header, lines and
 * authorisation, each safe to repeat but the header, which is looked for before and after.
 */
export async function postOrder(input: PurchasePost): Promise<PostResult | PostWait> {
  return isPut(input) ? putPurchase(input) : cancelPurchase(input);
}

function isPut(input: PurchasePost): input is PurchasePost<PutBody> {
  return input.body.action === 'put';
}

async function putPurchase(input: PurchasePost<PutBody>): Promise<PostResult | PostWait> {
  const { body } = input;
  const supplier = await linkedSupplier(input);
  if (!supplier)
    return body.isClosed && !linkedPurchase(input) ? noPurchase(input, 'closed before it was transferred') : supplierAwaited(input);
  const found = await lookForPurchases(input, () => Promise.resolve(supplier));
  const current = onlyOne(input, found);
  if (!current && body.isClosed && found.voided.length === 0 && !found.lost) return noPurchase(input, 'closed before it was transferred');
  const state = await stateOf(input, { supplier, current });
  if (current && isDone(state, await wasSentLast(input))) return resultOf(current, 'unchanged');
  if (current) await assertMayChange(input, current, state);
  else await assertNotVoided(input, found);

  assertCurrency(input, supplier);
  if (!current) assertActive(input, supplier);
  const waiting = await awaitProducts(input);
  if (waiting) return waiting;
  const begun = current ?? (await input.target.purchases.create(state.wanted.header, input.scope));
  try {
    if (!found.searched.has(begun.ID)) {
      if (current) await markAgain(input, current, state);
      await assertAlone(input, { supplier, own: begun });
    }
    const purchase = current ? await changed(input, current, state) : await written(input, begun, state.wanted);
    return resultOf(purchase, input.link && current ? 'updated' : 'created');
  } catch (error) {
    throw withBegun(error, begun);
  }
}

/** What is wanted, and how what is there differs. */
interface State {
  wanted: WantedPurchase;
  current: Cin7Purchase | undefined;
  differences: Differences;
}

async function stateOf(
  input: PurchasePost<PutBody>,
  { supplier, current }: { supplier: Cin7Supplier; current: Cin7Purchase | undefined },
): Promise<State> {
  const { body, settings } = input;
  const isDraft = purchaseFlowSettings.parse(settings).orderStatus === 'draft';
  // What somebody authorised in Cin7 Core stays authorised when it is changed.
  const isAuthorised = current && (current.Order.Status === 'AUTHORISED' || (isDraft && (await wasAuthorised(input, current))));
  const status: Cin7PurchaseOrder['Status'] = isDraft && !isAuthorised ? 'DRAFT' : 'AUTHORISED';
  const wanted = wantedPurchase(body, { supplierId: supplier.ID, percents: await taxPercents(input), status });
  const none: Differences = { fixed: [], amounts: [], taxes: [], texts: [] };
  return { wanted, current, differences: current ? differencesFrom(wanted, body.currency, current) : none };
}

/** Once it was received or invoiced, texts and the percentages of taxes are Cin7 Core's own; so they are where nothing changed in JD Edwards. */
function isDone({ wanted, current, differences }: State, wasSentBefore: boolean): boolean {
  if (!current || differences.fixed.length + differences.amounts.length > 0) return false;
  if (isReceivedOrInvoiced(current)) return true;
  if (current.Order.Status !== wanted.order.Status) return false;
  return wasSentBefore || differences.taxes.length + differences.texts.length === 0;
}

/** The probe asks the same question after a lost answer. */
export async function isThere(input: PurchasePost<PutBody>, supplier: Cin7Supplier, current: Cin7Purchase): Promise<boolean> {
  return isDone(await stateOf(input, { supplier, current }), false);
}

/** Cin7 Core took just this, and no change was begun since: what differs there, somebody changed there. */
async function wasSentLast(input: PurchasePost<PutBody>): Promise<boolean> {
  const { body, link } = input;
  return link?.targetHash === canonicalHash(body) && !(await wasBegun(input, link.targetId));
}

function onlyOne(input: PurchasePost, { live }: Found): Cin7Purchase | undefined {
  const [current, another] = live;
  if (!another) return current;
  throw refuse('PURCHASE_TWICE', `posting order ${input.body.key}: ${live.map(named).join(', ')} all carry its mark`, {
    fix: 'Look at them in Cin7 Core and void all but one; then replay. None was changed.',
    facts: { purchases: live.map(({ ID }) => ID) },
  });
}

async function assertMayChange(input: PurchasePost<PutBody>, current: Cin7Purchase, { differences, wanted }: State): Promise<void> {
  const { body } = input;
  const { fixed, amounts } = differences;
  const status = current.Order.Status === wanted.order.Status ? [] : [`its order is ${current.Order.Status.toLowerCase()}`];
  const told = [...fixed, ...amounts, ...status];
  const facts = { differences: told, ...toldOf('PURCHASE_CHANGED_IN_CIN7', [current.ID]) };
  if (fixed.length > 0)
    throw refuse('PURCHASE_NOT_CHANGEABLE', `posting order ${body.key}: ${named(current)}: ${fixed.join('; ')}`, {
      fix: 'A purchase keeps its supplier and currency. Void it in Cin7 Core and replay this record: it is then made anew.',
      facts: { ...facts, ...toldOf('PURCHASE_VOIDED', [current.ID]) },
    });
  if (isReceivedOrInvoiced(current))
    throw refuse(
      'PURCHASE_IN_USE',
      `posting order ${body.key}: ${named(current)} was received or invoiced, and the order is another one now: ${told.join('; ')}`,
      {
        fix: 'Bring the purchase in line by hand in Cin7 Core, then replay this record; or skip it where the purchase is right as it is.',
        facts,
      },
    );
  if (!(await wasSentLast(input)) || (await toldBefore(input, 'PURCHASE_CHANGED_IN_CIN7', [current.ID]))) return;
  throw refuse('PURCHASE_CHANGED_IN_CIN7', `posting order ${body.key}: ${named(current)} was changed in Cin7 Core: ${told.join('; ')}`, {
    fix: 'Replay this record to make the purchase as the order in JD Edwards again; skip it to leave it as it is.',
    facts,
  });
}

/**
 * A purchase that somebody voided is not made again behind that person's back. It is told first; when the record comes again, somebody has read
 * that and replayed it.
 */
async function assertNotVoided(input: PurchasePost<PutBody>, { voided, lost }: Found): Promise<void> {
  const gone = [...voided.map(({ ID }) => ID), ...(lost ? [lost] : [])];
  if (gone.length === 0 || wasCancelledByUs(input) || (await toldBefore(input, 'PURCHASE_VOIDED', gone))) return;
  const what =
    voided.length > 0 ? `${voided.map(named).join(', ')} was voided in Cin7 Core` : `purchase ${lost} is not in Cin7 Core any more`;
  throw refuse('PURCHASE_VOIDED', `posting order ${input.body.key}: ${what}`, {
    fix: 'If the order shall become a purchase again, replay this record; otherwise skip it.',
    facts: toldOf('PURCHASE_VOIDED', gone),
  });
}

/** What somebody took the mark from cannot be seen by those who look for it. */
async function markAgain(
  input: PurchasePost<PutBody>,
  { ID, Note, Approach, PurchaseType }: Cin7Purchase,
  { wanted }: State,
): Promise<void> {
  if (firstLine(Note) === input.body.mark) return;
  await input.target.purchases.updateHeader(ID, { ...wanted.header, Approach, PurchaseType }, input.scope);
}

/** Approach and type are chosen once, when the purchase is made. */
async function changed(input: PurchasePost<PutBody>, current: Cin7Purchase, { wanted, differences }: State): Promise<Cin7Purchase> {
  const { purchases } = input.target;
  const { Approach, PurchaseType } = current;
  const header = { ...wanted.header, Approach, PurchaseType };
  const isOrderSame = differences.amounts.length + differences.taxes.length === 0 && current.Order.Status === wanted.order.Status;
  if (current.Order.Status === 'AUTHORISED' && !(isOrderSame && isOrderTextSame(wanted, current)))
    await purchases.undo(current.ID, input.scope);
  const updated = await purchases.updateHeader(current.ID, header, input.scope);
  return written(input, updated, { ...wanted, header });
}

function isOrderTextSame({ order }: WantedPurchase, { Order }: Cin7Purchase): boolean {
  const texts = ({ Memo, Lines, AdditionalCharges }: Pick<Cin7PurchaseOrder, 'Memo' | 'Lines' | 'AdditionalCharges'>): string =>
    JSON.stringify([Memo, Lines.map(({ Comment }) => Comment), AdditionalCharges.map(({ Reference }) => Reference)]);
  return texts(order) === texts(Order);
}

/** The order with its lines, and what Cin7 Core holds of it afterwards, to the cent. */
async function written(input: PurchasePost<PutBody>, { ID }: Cin7Purchase, wanted: WantedPurchase): Promise<Cin7Purchase> {
  const { body, target, scope } = input;
  const stored = await target.purchases.putOrder(ID, wanted.order, scope);
  const { fixed, amounts, taxes } = differencesFrom(wanted, body.currency, stored);
  const status = stored.Order.Status === wanted.order.Status ? [] : [`its order is ${stored.Order.Status.toLowerCase()}`];
  const differences = [...fixed, ...amounts, ...taxes, ...status];
  if (differences.length === 0) return stored;
  throw refuse(
    'PURCHASE_STORED_DIFFERENTLY',
    `posting order ${body.key}: Cin7 Core stored ${named(stored)} otherwise than sent: ${differences.join('; ')}`,
    {
      fix: 'Look at the purchase in Cin7 Core, correct or void it; a replay compares it again and corrects what differs.',
      facts: { differences },
    },
  );
}
