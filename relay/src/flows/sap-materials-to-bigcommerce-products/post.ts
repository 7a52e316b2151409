import { isSystemError, SystemError } from '@ml-connector/shared';
import type { ProductVariant } from '../../systems/bigcommerce/index.ts';
import type { BlockReason, PostResult, PostWait } from '../flow.ts';
import { claimingSku } from './claims.ts';
import { createProduct } from './create.ts';
import { differencesTo, isEmpty, missingPrices, nameWithNumber, wantedIn, type Differences, type Wanted } from './differences.ts';
import { findProduct, ownedBy, linkedProduct, targetIdOf } from './find.ts';
import { hideProduct } from './hide.ts';
import type { ProductPost, UpsertBody } from './payload.ts';
import { materialFlowSettings, type MaterialFlowSettings } from './settings.ts';
import { batchesOf } from './store-batches.ts';
import { isTaken } from './taken.ts';

/**
 * Brings one material into the store. The product is looked up by its SKU and only what differs is written; a product is created only where
 * the settings say so. What cannot be written holds nothing else up: it is told at the end, as one refusal.
 */
export async function postMaterial(input: ProductPost): Promise<PostResult | PostWait> {
  const { body } = input;
  if (body.action === 'hide') return hideProduct(input, body);
  return claimingSku(input, body.sku, () => upsert(input, body));
}

async function upsert(input: ProductPost, body: UpsertBody): Promise<PostResult | PostWait> {
  const settings = materialFlowSettings.parse(input.settings);
  const found = await findProduct(input, body.sku);
  if (!found && linkedProduct(input)) throw gone(input, body);
  if (!found && !body.creation) return wait(body, settings);
  const owner = found && (await ownedBy(input, found));
  if (found && owner !== undefined) throw ofAnother(input, found, owner);

  const store = await input.target.store(input.scope);
  const wanted = wantedIn(store, body, settings);
  const { product, isNew } = found ? { product: found, isNew: false } : await createProduct(input, { body, settings, store });
  const differences = differencesTo(product, wanted, body.number);
  const fields = await writeProduct(input, { product, differences, settings, number: body.number });
  const prices = await writePrices(input, product, wanted);
  const stock = await writeStock(input, product, wanted);
  const faults = [...wanted.faults, ...fields.faults, ...prices.faults, ...stock.faults];
  if (faults.length > 0) throw partlyRefused(input, product, faults);
  const action = isNew ? 'created' : fields.isChanged || prices.isChanged || stock.isChanged ? 'updated' : 'unchanged';
  return { targetId: targetIdOf(product), targetLabel: product.sku, action };
}

function wait({ sku, number }: UpsertBody, { lookAgainHours }: MaterialFlowSettings): PostWait {
  const message = `material ${number} waits until the store has a product with the SKU ${sku}`;
  return { action: 'waiting', reason: { code: 'PRODUCT_NOT_IN_STORE', message }, checkAfterMs: lookAgainHours * 3_600_000 };
}

interface ProductWrite {
  product: ProductVariant;
  differences: Differences;
  settings: MaterialFlowSettings;
  number: string;
}

/** Where the store refuses the name, the rest goes without it. */
async function writeProduct(input: ProductPost, { product, differences, settings, number }: ProductWrite): Promise<Written> {
  const { target, scope } = input;
  const { productId, variantId } = product;
  const { product: change, variant } = differences;
  const written: Written = { isChanged: false, faults: [] };
  const attempt = async (write: () => Promise<void>): Promise<SystemError | undefined> => {
    try {
      await write();
      written.isChanged = true;
      return undefined;
    } catch (error) {
      if (isSystemError(error) && error.verdict === 'refused') return error;
      throw error;
    }
  };
  const update = (fields: Differences['product']) => attempt(() => target.products.update(productId, fields, scope));
  if (!isEmpty(variant)) {
    const refusal = await attempt(() => target.products.updateVariant({ productId, variantId }, variant, scope));
    if (refusal) written.faults.push(refusal);
  }
  if (isEmpty(change)) return written;
  const { name, ...others } = change;
  let refusal = await update(change);
  // Its name is all that can be taken: the SKU stays as it is.
  if (refusal && name !== undefined && settings.nameCollision === 'suffix' && isTaken(refusal))
    refusal = await update({ ...others, name: nameWithNumber(name, number) });
  if (!refusal) return written;
  written.faults.push(refusal);
  if (name !== undefined && !isEmpty(others)) await update(others);
  return written;
}

interface Written {
  isChanged: boolean;
  faults: BlockReason[];
}

async function writePrices({ target, scope }: ProductPost, { sku }: ProductVariant, { lists }: Wanted): Promise<Written> {
  const batches = batchesOf(target);
  const written: Written = { isChanged: false, faults: [] };
  for (const { priceListId, rows } of lists) {
    const changed = missingPrices(await batches.prices(priceListId, sku, scope), rows);
    if (changed.length === 0) continue;
    const refused = await batches.setPrices(
      priceListId,
      changed.map((row) => ({ ...row, sku })),
      scope,
    );
    written.isChanged = true;
    written.faults.push(
      ...refused.map((said) => ({ code: 'PRICE_REFUSED', message: `price list ${priceListId} refuses the price: ${said}` })),
    );
  }
  return written;
}

/** Written without a look: a stock that was read may lag behind one that was just written (facts/bigcommerce.md 11). */
async function writeStock({ target, scope }: ProductPost, { sku }: ProductVariant, { stock }: Wanted): Promise<Written> {
  if (stock.length === 0) return { isChanged: false, faults: [] };
  const refused = await batchesOf(target).setStock(
    stock.map((row) => ({ ...row, sku })),
    scope,
  );
  return { isChanged: true, faults: refused.map((said) => ({ code: 'STOCK_REFUSED', message: `the store refuses the stock: ${said}` })) };
}

function partlyRefused({ record }: ProductPost, product: ProductVariant, faults: BlockReason[]): SystemError {
  const [first] = faults;
  return new SystemError(
    first?.code ?? 'PRODUCT_REFUSED',
    'refused',
    `posting material ${record.label} to product ${targetIdOf(product)}: ${faults.map(({ message }) => message).join('; ')}`,
    {
      fix: 'Everything else of the product is written. Correct the material, the product or the settings of the flow, then replay.',
      facts: { faults: faults.map(({ code, message }) => ({ code, message })) },
    },
  );
}

function gone({ link, record }: ProductPost, { sku }: UpsertBody): SystemError {
  return new SystemError(
    'PRODUCT_GONE',
    'refused',
    `posting material ${record.label}: it is product ${link?.targetId}, but the store has no product with the SKU ${sku} any more`,
    { fix: 'Give the product its SKU again, or remove the link of this record; then replay.' },
  );
}

function ofAnother({ record }: ProductPost, product: ProductVariant, owner: string): SystemError {
  return new SystemError(
    'PRODUCT_OF_ANOTHER_MATERIAL',
    'refused',
    `posting material ${record.label}: product ${targetIdOf(product)} with the SKU ${product.sku} is that of material ${owner}`,
    { fix: 'Two materials have the same SKU: correct one of them, then replay.' },
  );
}
