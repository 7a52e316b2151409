import { canonicalHash, isSystemError, SystemError } from '@ml-connector/shared';
import type { Cin7Purchase, Cin7Supplier, OpenCin7Session } from '../../systems/cin7-core/index.ts';
import type { JdeSession } from '../../systems/jde/index.ts';
import type { PostInput, PostResult } from '../flow.ts';
import { isVoided } from './compare.ts';
import { markIn } from './mark.ts';
import type { OrderPayload, PurchaseBody } from './payload.ts';
import { marks, searchPurchases } from './search.ts';

export type PurchaseTarget = Omit<OpenCin7Session, 'journals' | typeof Symbol.asyncDispose>;
export type PurchasePost<Body extends PurchaseBody = PurchaseBody> = PostInput<OrderPayload, Body, JdeSession, PurchaseTarget>;

export interface Found {
  live: Cin7Purchase[];
  voided: Cin7Purchase[];
  /** The linked purchase, which Cin7 Core has no more. */
  lost: string | undefined;
  /** Those that the search shows: what it does not show can only be known by its id. */
  searched: ReadonlySet<string>;
}

/**
 * Purchases of this order: the linked one where it is alive; else all that carry its mark, and those that earlier attempts, also of versions
 * before this one, made and named in their errors.
 */
export async function lookForPurchases(input: PurchasePost, supplierOf: () => Promise<Cin7Supplier | undefined>): Promise<Found> {
  const linkedId = linkedPurchase(input);
  const linked = linkedId && (await input.target.purchases.get(linkedId, input.scope));
  if (linked) assertNotAnothers(input, linked);
  if (linked && !isVoided(linked)) return { live: [linked], voided: [], lost: undefined, searched: new Set([linked.ID]) };
  const supplier = await supplierOf();
  const searched = await searchPurchases(input, supplier);
  const begun = await begunBefore(input);
  const all = new Map([...(linked ? [linked] : []), ...begun, ...searched].map((purchase) => [purchase.ID, purchase]));
  return {
    live: [...all.values()].filter((purchase) => !isVoided(purchase)),
    voided: [...all.values()].filter(isVoided),
    lost: linkedId && !linked ? linkedId : undefined,
    searched: new Set(searched.map(({ ID }) => ID)),
  };
}

/** A link that names no purchase says that an order needed none. */
export function linkedPurchase({ link }: Pick<PurchasePost, 'link'>): string | undefined {
  return link && !link.targetId.startsWith('none ') ? link.targetId : undefined;
}

/** Nothing was ever posted, and nothing needs to be. */
export function noPurchase({ body }: PurchasePost, why: string): PostResult {
  return { targetId: `none ${body.key}`, targetLabel: why, action: 'unchanged' };
}

/** What was posted last was the cancellation: the voided purchase is nobody's surprise. */
export function wasCancelledByUs({ body, link }: PurchasePost): boolean {
  const { key, mark } = body;
  return link?.targetHash === canonicalHash({ action: 'cancel', key, mark } satisfies PurchaseBody);
}

/**
 * Whatever ends an attempt that made or began to change a purchase names it, so that the next attempt goes on with it even where the search is
 * blind, and authorises again what was.
 */
export function withBegun(error: unknown, purchase: Cin7Purchase): unknown {
  if (!isSystemError(error)) return error;
  const authorised = purchase.Order.Status === 'AUTHORISED' ? { authorised: purchase.ID } : {};
  const { code, verdict, message, fix, facts, retryAfterMs } = error;
  return new SystemError(code, verdict, message, {
    cause: error,
    facts: { ...facts, begun: purchase.ID, ...authorised },
    ...(fix !== undefined && { fix }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** An attempt that did not come to its end made it, or began to change it. */
export async function wasBegun(input: PurchasePost, id: string): Promise<boolean> {
  return (await idsTold(input, 'begun')).has(id);
}

/** It was authorised when an attempt that did not come to its end began to change it. */
export async function wasAuthorised(input: PurchasePost, { ID }: Cin7Purchase): Promise<boolean> {
  return (await idsTold(input, 'authorised')).has(ID);
}

async function idsTold(input: PurchasePost, fact: 'begun' | 'authorised' | 'id'): Promise<Set<string>> {
  const errors = [...(await input.sentVersions()).flatMap((version) => version.errors), ...(await input.earlierErrors())];
  return new Set(errors.map(({ facts }) => facts?.[fact]).filter((id) => typeof id === 'string'));
}

async function begunBefore(input: PurchasePost): Promise<Cin7Purchase[]> {
  const { target, scope } = input;
  // What was stored otherwise than sent when it was made is told by its id: its mark may be what is not there.
  const ids = new Set([...(await idsTold(input, 'begun')), ...(await idsTold(input, 'id'))]);
  const purchases = await Promise.all([...ids].map((id) => target.purchases.get(id, scope)));
  return purchases.flatMap((purchase) => (purchase && markOfAnother(input, purchase) === undefined ? purchase : []));
}

/** A purchase that is known by its id is ours without a mark too: people edit notes. With that of another order it is not. */
function markOfAnother(input: PurchasePost, { Note }: Cin7Purchase): string | undefined {
  const mark = markIn(Note);
  return mark === undefined || marks(input).includes(mark) ? undefined : mark;
}

function assertNotAnothers(input: PurchasePost, purchase: Cin7Purchase): void {
  const { body } = input;
  const mark = markOfAnother(input, purchase);
  if (mark === undefined) return;
  throw refuse('PURCHASE_OF_ANOTHER_ORDER', `posting order ${body.key}: the linked purchase ${named(purchase)} carries the mark ${mark}`, {
    fix: 'Correct the first line of its note in Cin7 Core, or remove the link of this record; then replay.',
  });
}

export function named({ OrderNumber, ID, Status }: Cin7Purchase): string {
  return `${OrderNumber || ID} (${Status.toLowerCase()})`;
}

export function resultOf({ ID, OrderNumber }: Cin7Purchase, action: PostResult['action']): PostResult {
  return { targetId: ID, targetLabel: OrderNumber || ID, action };
}

export function refuse(code: string, message: string, { fix, facts }: { fix: string; facts?: Record<string, unknown> }): SystemError {
  return new SystemError(code, 'refused', message, { fix, ...(facts ? { facts } : {}) });
}

/** Facts of a refusal that a person answers by a replay. */
export function toldOf(code: string, ids: readonly string[]): Record<string, unknown> {
  return { told: ids.map((id) => `${code} ${id}`) };
}

export async function toldBefore(
  { earlierErrors }: Pick<PurchasePost, 'earlierErrors'>,
  code: string,
  ids: readonly string[],
): Promise<boolean> {
  const told = new Set((await earlierErrors()).flatMap(({ facts }) => facts?.['told'] ?? []));
  return ids.every((id) => told.has(`${code} ${id}`));
}
