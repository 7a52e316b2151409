import { SystemError } from '@ml-connector/shared';
import type { ProductVariant } from '../../systems/bigcommerce/index.ts';
import type { ProductPost } from './payload.ts';
import { batchesOf } from './store-batches.ts';

/** The only product or variant of that SKU; rejects with `refused` where there are several. */
export async function findProduct({ target, scope, record }: ProductPost, sku: string): Promise<ProductVariant | undefined> {
  const [found, another] = await batchesOf(target).find(sku, scope);
  if (found && another)
    throw new SystemError(
      'SKU_NOT_UNIQUE',
      'refused',
      `posting material ${record.label}: several products have the SKU ${sku}: ${targetIdOf(found)} and ${targetIdOf(another)}`,
      { fix: 'Give the SKU to one of them only, then replay.' },
    );
  return found;
}

/** `77`, or `77/12` for one of several variants. */
export function targetIdOf({ productId, variantId, isBase }: ProductVariant): string {
  return isBase ? String(productId) : `${productId}/${variantId}`;
}

/** Of a link: undefined where it says that there was nothing to link to. */
export function linkedProduct({ link }: Pick<ProductPost, 'link'>): { productId: number; isVariant: boolean } | undefined {
  const [, productId, variantId] = /^(\d+)(\/\d+)?$/.exec(link?.targetId ?? '') ?? [];
  return productId ? { productId: Number(productId), isVariant: variantId !== undefined } : undefined;
}

/** What a record is linked to that needs no product. */
export function noProduct(sku: string): string {
  return `none ${sku}`;
}

/** The key of another material that has that product. */
export async function ownedBy(input: ProductPost, product: ProductVariant): Promise<string | undefined> {
  const owner = await input.ownerOf(targetIdOf(product));
  return owner === input.record.key ? undefined : owner;
}
