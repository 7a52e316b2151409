import { isSystemError, SystemError } from '@ml-connector/shared';
import type { PostResult } from '../flow.ts';
import { findProduct, ownedBy, linkedProduct, noProduct, targetIdOf } from './find.ts';
import type { HideBody, ProductPost } from './payload.ts';

/** Hides the product of a material that is not sold any more. What the store does not have needs no hiding. */
export async function hideProduct(input: ProductPost, body: HideBody): Promise<PostResult> {
  if (body.sku === '') return hideLinked(input, body);
  const found = await findProduct(input, body.sku);
  // Another material may have taken over the product with its EAN.
  if (!found || (await ownedBy(input, found)) !== undefined) return nothingToHide(input, body);
  const result = { targetId: targetIdOf(found), targetLabel: found.sku };
  if (!found.isBase) throw onlyVariant(input, result.targetId);
  if (!found.isVisible) return { ...result, action: 'unchanged' };
  await input.target.products.update(found.productId, { is_visible: false }, input.scope);
  return { ...result, action: 'updated' };
}

async function hideLinked(input: ProductPost, body: HideBody): Promise<PostResult> {
  const { link, target, scope } = input;
  const linked = linkedProduct(input);
  if (!link || !linked) return nothingToHide(input, body);
  if (linked.isVariant) throw onlyVariant(input, link.targetId);
  try {
    await target.products.update(linked.productId, { is_visible: false }, scope);
  } catch (error) {
    if (isSystemError(error) && error.code === 'BIGCOMMERCE_NOT_FOUND') return nothingToHide(input, body);
    throw error;
  }
  return { targetId: link.targetId, targetLabel: body.number, action: 'updated' };
}

function nothingToHide({ link }: ProductPost, { sku, number }: HideBody): PostResult {
  return { targetId: link?.targetId ?? noProduct(sku || number), targetLabel: sku || number, action: 'unchanged' };
}

function onlyVariant({ record }: ProductPost, targetId: string): SystemError {
  return new SystemError(
    'VARIANT_NOT_HIDEABLE',
    'refused',
    `hiding the product of material ${record.label}: ${targetId} is one of several variants, and its product still sells the others`,
    { fix: 'Switch the variant off in the store by hand; then skip this record.' },
  );
}
