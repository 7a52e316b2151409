import type { BigCommerceSession, PriceRow } from '../../systems/bigcommerce/index.ts';
import type { SapMaterial, SapSession } from '../../systems/sap-ecc/index.ts';
import type { BlockReason, PostInput } from '../flow.ts';

/** A material as SAP has it, or the number of one that SAP no longer has. */
export type MaterialPayload = { kind: 'material'; material: SapMaterial } | { kind: 'gone'; number: string };

/** What is asked of the store for one material. */
export type ProductBody = UpsertBody | HideBody;

export interface UpsertBody {
  action: 'upsert';
  /** As people know it, without leading zeros. */
  number: string;
  sku: string;
  /** Kept equal; what is left out stays as the store has it. Overrides begin here. */
  product: ProductFields;
  /** Set where a missing product is created: what it begins with besides. */
  creation?: { name: string; weightKg: string; gtin?: string; categories: number[]; isVisible: boolean; tracksStock: boolean };
  /** Of one piece, at most one per currency. */
  prices: Omit<PriceRow, 'sku'>[];
  /** Why there is no price. */
  priceFault?: BlockReason;
  stock: { locationId: number; quantity: number }[];
}

export interface HideBody {
  action: 'hide';
  number: string;
  /** Empty where it cannot be told any more: the product is then known by its link only. */
  sku: string;
}

export interface ProductFields {
  name?: string;
  /** HTML; never set by the flow itself, only by overrides. */
  description?: string;
  /** The store's own unit is chosen when posting. */
  weightKg?: string;
  gtin?: string;
  upc?: string;
  mpn?: string;
}

export type ProductPost = PostInput<MaterialPayload, ProductBody, SapSession, BigCommerceSession>;
