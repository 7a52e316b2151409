import { alphaOut, compareAmounts } from '@ml-connector/shared';
import type { NewProduct, PriceRow, ProductVariant, StockRow, StoreInformation } from '../../systems/bigcommerce/index.ts';
import type { BlockReason } from '../flow.ts';
import { inStoreUnit } from './map.ts';
import type { ProductFields, UpsertBody } from './payload.ts';
import type { MaterialFlowSettings } from './settings.ts';

/** What a body means in this store. */
export interface Wanted {
  fields: Omit<ProductFields, 'weightKg'>;
  /** In the store's unit. */
  weight?: string;
  /** In the store's currency. */
  price?: string;
  lists: { priceListId: number; rows: Omit<PriceRow, 'sku'>[] }[];
  stock: Omit<StockRow, 'sku'>[];
  /** Why a part of it cannot be written; the rest can. */
  faults: BlockReason[];
}

export function wantedIn(store: StoreInformation, body: UpsertBody, settings: MaterialFlowSettings): Wanted {
  const { weightKg, ...fields } = body.product;
  const weight = weightKg === undefined ? undefined : inStoreUnit(weightKg, store.weightUnits);
  const faults: BlockReason[] = [];
  if (weightKg !== undefined && weight === undefined)
    faults.push({ code: 'WEIGHT_UNIT', message: `the store weighs in "${store.weightUnits}", which is no known unit` });
  if (settings.prices && body.priceFault && settings.missingPrice === 'block') faults.push(body.priceFault);
  const misfit = settings.prices && body.prices.length > 0 ? taxMisfit(store, settings) : undefined;
  if (misfit) faults.push(misfit);
  const prices = settings.prices && !misfit ? body.prices : [];
  const price = settings.productPrice ? prices.find(({ currency }) => currency === store.currency)?.price : undefined;
  const listed = prices.filter(({ currency }) => settings.priceLists[currency] !== undefined);
  if (prices.length > 0 && price === undefined && listed.length === 0)
    faults.push({
      code: 'PRICE_CURRENCY',
      message: `the price is in ${prices.map(({ currency }) => currency).join(', ')}, the store is in ${store.currency}, and no price list is named for it`,
    });
  const lists = [...Map.groupBy(listed, ({ currency }) => settings.priceLists[currency] ?? 0)];
  return {
    fields,
    ...(weight === undefined ? {} : { weight }),
    ...(price === undefined ? {} : { price }),
    lists: lists.map(([priceListId, rows]) => ({ priceListId, rows })),
    stock: body.stock,
    faults,
  };
}

/** A net price where the store expects gross ones would be too low by the tax, in silence. */
export function taxMisfit(
  { isPriceEnteredWithTax }: StoreInformation,
  { pricesIncludeTax }: MaterialFlowSettings,
): BlockReason | undefined {
  if (isPriceEnteredWithTax === pricesIncludeTax) return undefined;
  const [store, sap] = isPriceEnteredWithTax ? ['with', 'without'] : ['without', 'with'];
  const message = `prices are entered into the store ${store} tax, those of the condition type are ${sap} tax (setting pricesIncludeTax)`;
  return { code: 'PRICE_TAX', message };
}

export interface Differences {
  product: Partial<NewProduct>;
  variant: { price?: string; weight?: string };
}

/** What has to be changed of a product or variant. One of several variants keeps the texts and codes of its product. */
export function differencesTo(current: ProductVariant, { fields, weight, price }: Wanted, number: string): Differences {
  const product: Partial<NewProduct> = {};
  const variant: Differences['variant'] = {};
  if (weight !== undefined && compareAmounts(weight, current.weight) !== 0) (current.isBase ? product : variant).weight = weight;
  if (price !== undefined && compareAmounts(price, current.price ?? current.productPrice) !== 0)
    (current.isBase && current.price === null ? product : variant).price = price;
  if (!current.isBase) return { product, variant };
  const { name, ...others } = fields;
  if (name !== undefined && ![name, nameWithNumber(name, number)].includes(current.name)) product.name = name;
  for (const field of ['description', 'gtin', 'upc', 'mpn'] as const) {
    const value = others[field];
    if (value !== undefined && value !== current[field]) product[field] = value;
  }
  return { product, variant };
}

export function isEmpty(change: object): boolean {
  return Object.keys(change).length === 0;
}

/** Rows that the store has otherwise, or not at all. */
export function missingPrices(held: readonly PriceRow[], rows: Wanted['lists'][number]['rows']): Wanted['lists'][number]['rows'] {
  return rows.filter(({ currency, price }) => !held.some((one) => one.currency === currency && compareAmounts(one.price, price) === 0));
}

/** `Akkuschrauber [4711]`, the name that a product gets when another one has its name; within the store's 250 characters. */
export function nameWithNumber(name: string, number: string): string {
  const suffix = ` [${alphaOut(number)}]`;
  return `${name.slice(0, 250 - suffix.length).trimEnd()}${suffix}`;
}
