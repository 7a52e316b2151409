import { z } from 'zod';
import { amount, amountOrNull, flag, id, idOrNull, integer, isRow, list, part, readRow, text, textOf } from './fields.ts';
import { unreadable } from './judge.ts';
import type { ProductVariant } from './types.ts';

const variant = z.object({ id, product_id: id, sku: text, price: amountOrNull, weight: amountOrNull });

const product = z.object({
  id,
  name: text,
  sku: text,
  price: amount,
  description: text,
  upc: text,
  gtin: text,
  mpn: text,
  weight: amount,
  is_visible: flag,
  inventory_tracking: text,
  base_variant_id: idOrNull,
  variants: list(variant),
});

export type VariantRow = z.output<typeof variant>;
export type ProductRow = z.output<typeof product>;

const categorised = z.object({ id, categories: list(id) });
const priceRecord = z.object({ sku: text, currency: text, price: amountOrNull });
const stockItem = z.object({ identity: part({ sku: text }), total_inventory_onhand: integer, available_to_sell: integer });

export function toProduct(row: unknown): ProductRow {
  return readRow(product, row, `product ${nameOf(row)}`);
}

export function toCategorised(row: unknown): z.output<typeof categorised> {
  return readRow(categorised, row, `product ${nameOf(row)}`);
}

export function toVariant(row: unknown): VariantRow {
  return readRow(variant, row, `variant ${nameOf(row)}`);
}

export function toPriceRecord(row: unknown): z.output<typeof priceRecord> {
  return readRow(priceRecord, row, 'price of a price list');
}

export function toStockItem(row: unknown): z.output<typeof stockItem> {
  return readRow(stockItem, row, 'stock of a location');
}

/** A variant as the flows see it; `isBase` where its product has no other. */
export function joined(owner: ProductRow, one: VariantRow): ProductVariant {
  return {
    ...ofProduct(owner),
    variantId: one.id,
    sku: one.sku,
    price: one.price,
    weight: one.weight ?? owner.weight,
    isBase: owner.base_variant_id === one.id && owner.variants.length <= 1,
  };
}

/** What a variant has of its product. */
export function ofProduct(owner: ProductRow): Omit<ProductVariant, 'variantId' | 'sku' | 'price' | 'weight' | 'isBase'> {
  const { id: productId, name, price: productPrice, description, upc, gtin, mpn, is_visible: isVisible } = owner;
  return { productId, name, productPrice, description, upc, gtin, mpn, isVisible, inventoryTracking: owner.inventory_tracking };
}

/** `{id, name}` of lists that only name things. */
export function toNamed(row: Record<string, unknown>, nameField = 'name'): { id: number; name: string } {
  return { id: Number(row['id']), name: textOf(row[nameField]) };
}

/** `data` of a v3 answer to one product. */
export function productOf(json: unknown, doing: string): ProductRow {
  const data = isRow(json) ? json['data'] : undefined;
  if (!isRow(data) || typeof data['id'] !== 'string') throw unreadable({ effect: 'once', doing }, 'the answer holds no product');
  return toProduct(data);
}

function nameOf(row: unknown): string {
  return isRow(row) && typeof row['id'] === 'string' ? row['id'] : 'without an id';
}
