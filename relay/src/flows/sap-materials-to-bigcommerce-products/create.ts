import { SystemError } from '@ml-connector/shared';
import type { NewProduct, ProductVariant, StoreInformation } from '../../systems/bigcommerce/index.ts';
import type { BlockReason } from '../flow.ts';
import { nameWithNumber, taxMisfit } from './differences.ts';
import { findProduct } from './find.ts';
import { inStoreUnit } from './map.ts';
import type { ProductPost, UpsertBody } from './payload.ts';
import type { MaterialFlowSettings } from './settings.ts';
import { isTaken } from './taken.ts';

interface Creation {
  body: UpsertBody;
  settings: MaterialFlowSettings;
  store: StoreInformation;
}

/**
 * Creates the product, unless somebody else does in the same moment: then it is that one. Sent once; after a lost answer (`uncertain`) the
 * probe looks for the SKU.
 */
export async function createProduct(input: ProductPost, creation: Creation): Promise<{ product: ProductVariant; isNew: boolean }> {
  const { target, scope } = input;
  const wanted = newProduct(input, creation);
  try {
    return { product: await target.products.create(wanted, scope), isNew: true };
  } catch (error) {
    if (!isTaken(error)) throw error;
    const found = await findProduct(input, wanted.sku);
    if (found) return { product: found, isNew: false };
    if (creation.settings.nameCollision === 'block') throw error;
    const name = nameWithNumber(wanted.name, creation.body.number);
    return { product: await target.products.create({ ...wanted, name }, scope), isNew: true };
  }
}

function newProduct({ record }: ProductPost, { body, settings, store }: Creation): NewProduct {
  const { sku, creation, product, prices } = body;
  const { weightKg, ...fields } = product;
  const price = prices.find(({ currency }) => currency === store.currency)?.price;
  const weight = inStoreUnit(weightKg ?? creation?.weightKg ?? '0', store.weightUnits);
  const fault = body.priceFault ?? taxMisfit(store, settings) ?? missing({ price, weight, store });
  if (!creation || price === undefined || weight === undefined || fault)
    throw new SystemError(
      fault?.code ?? 'PRODUCT_NOT_IN_STORE',
      'refused',
      `creating the product of material ${record.label}: ${fault?.message ?? 'the store has none, and none may be created'}`,
      { fix: 'A product needs a price in the currency of the store: maintain it in SAP, or change the settings of the flow; then replay.' },
    );
  const { name, gtin, categories, isVisible, tracksStock } = creation;
  return {
    sku,
    name,
    type: 'physical',
    price,
    weight,
    categories,
    is_visible: isVisible,
    inventory_tracking: tracksStock ? 'product' : 'none',
    ...(gtin ? { gtin } : {}),
    ...fields,
  };
}

function missing({
  price,
  weight,
  store,
}: {
  price: string | undefined;
  weight: string | undefined;
  store: StoreInformation;
}): BlockReason | undefined {
  if (price === undefined)
    return { code: 'PRICE_CURRENCY', message: `the material has no price in ${store.currency}, the currency of the store` };
  if (weight === undefined) return { code: 'WEIGHT_UNIT', message: `the store weighs in "${store.weightUnits}", which is no known unit` };
  return undefined;
}
