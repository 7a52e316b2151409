import { isSystemError } from '@ml-connector/shared';
import type { ProductVariant } from '../../systems/bigcommerce/index.ts';
import type { ProbeOutcome } from '../flow.ts';
import { differencesTo, isEmpty, missingPrices, wantedIn, type Wanted } from './differences.ts';
import { findProduct, ownedBy, targetIdOf } from './find.ts';
import type { ProductPost } from './payload.ts';
import { materialFlowSettings } from './settings.ts';
import { batchesOf } from './store-batches.ts';

/**
 * After a lost answer: does the store hold what was sent? `absent` also for a product that is there but differs: posting again looks first, so
 * nothing is doubled.
 */
export async function probeMaterial(input: ProductPost): Promise<ProbeOutcome> {
  const { body, link, target, scope } = input;
  if (body.sku === '') return { outcome: 'absent' };
  const found = await findProduct(input, body.sku).catch((error: unknown) => {
    if (isSystemError(error) && error.verdict === 'refused') return error.message;
    throw error;
  });
  if (typeof found === 'string') return { outcome: 'unknown', why: found };
  // Posting again tells whose it is.
  if (!found || (await ownedBy(input, found)) !== undefined) return { outcome: 'absent' };
  const result = { targetId: targetIdOf(found), targetLabel: found.sku, action: link ? 'updated' : 'created' } as const;
  if (body.action === 'hide')
    return found.isVisible ? { outcome: 'absent' } : { outcome: 'applied', result: { ...result, action: 'updated' } };
  const wanted = wantedIn(await target.store(scope), body, materialFlowSettings.parse(input.settings));
  const isHeld = wanted.faults.length === 0 && (await holds(input, found, wanted));
  return isHeld ? { outcome: 'applied', result } : { outcome: 'absent' };
}

async function holds({ body, target, scope }: ProductPost, product: ProductVariant, wanted: Wanted): Promise<boolean> {
  const { product: ofProduct, variant } = differencesTo(product, wanted, body.number);
  if (!isEmpty(ofProduct) || !isEmpty(variant)) return false;
  const batches = batchesOf(target);
  for (const { priceListId, rows } of wanted.lists)
    if (missingPrices(await batches.prices(priceListId, product.sku, scope), rows).length > 0) return false;
  for (const { locationId, quantity } of wanted.stock) {
    const held = await batches.stock(locationId, product.sku, scope);
    if (!held.some((row) => row.quantity === quantity)) return false;
  }
  return true;
}
