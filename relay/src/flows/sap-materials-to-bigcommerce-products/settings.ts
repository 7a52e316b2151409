import { sapLanguages } from '@ml-connector/shared';
import { z } from 'zod';

const fourCharacters = z.string().regex(/^[A-Z0-9]{1,4}$/);
const id = z.int().min(1);

const stockLocation = z.strictObject({
  locationId: id.describe('Location of the store (Products > Inventory > Locations)'),
  plant: fourCharacters,
  storageLocations: z.array(fourCharacters).default([]).describe('Those of the plant that count. Empty: all'),
});

export const materialFlowSettings = z
  .strictObject({
    sku: z
      .enum(['material-number', 'ean'])
      .default('material-number')
      .describe('By what the products of the store are found: the material number without leading zeros, or the EAN'),
    materialTypes: z.array(fourCharacters).default([]).describe('Material types (MARA-MTART) to take. Empty: all'),
    language: z.enum(sapLanguages).optional().describe("Language of the descriptions; default: the connection's"),
    descriptions: z.boolean().default(false).describe('Keep the name of existing products equal to the material description'),
    weights: z.boolean().default(false).describe('Keep the weight of existing products equal to that of the material'),
    codes: z.boolean().default(false).describe('Keep the EAN of existing products (field GTIN) equal to that of the material'),
    weight: z.enum(['gross', 'net']).default('gross').describe('Which weight of the material is meant; where it is 0, the other one'),
    prices: z.boolean().default(true).describe('Keep prices equal to the condition records valid today'),
    salesOrganisation: fourCharacters.optional().describe('Whose condition records count'),
    distributionChannel: z
      .string()
      .regex(/^[A-Z0-9]{1,2}$/)
      .optional()
      .describe('Whose condition records count'),
    conditionType: fourCharacters.default('PR00').describe('Condition type of the price'),
    pricesIncludeTax: z
      .boolean()
      .default(false)
      .describe(
        'Prices of this condition type contain the tax. Must agree with how the store enters its prices, else nothing is transferred',
      ),
    priceDecimals: z
      .enum(['exact', 'currency'])
      .default('exact')
      .describe('A price per 100 pieces gives fractions of a cent: keep up to four decimals, or round to those of the currency'),
    productPrice: z.boolean().default(true).describe('Prices in the currency of the store become the price of the product'),
    priceLists: z
      .record(z.string().regex(/^[A-Z]{3}$/), id)
      .default({})
      .describe('Price list by currency, with its id: prices in other currencies can only go there'),
    missingPrice: z
      .enum(['block', 'leave'])
      .default('block')
      .describe('A product whose material has no valid price: wait for a person, or leave the price that the store has'),
    stock: z.boolean().default(true).describe('Keep the stock of locations equal to the unrestricted stock in SAP'),
    stockLocations: z.array(stockLocation).default([]).describe('Plants and storage locations that make up a location of the store'),
    safetyStock: z.int().min(0).default(0).describe('So many pieces are kept back from each location'),
    missingProducts: z
      .enum(['wait', 'create'])
      .default('wait')
      .describe('A material without a product waits until the store has one with its SKU, or one is created'),
    lookAgainHours: z.int().min(1).max(720).default(24).describe('How often a waiting material looks whether its product is there'),
    visibleAtCreation: z.boolean().default(false).describe('Created products are shown at once; else somebody completes and shows them'),
    nameCollision: z
      .enum(['suffix', 'block'])
      .default('suffix')
      .describe('When another product has the name already: add the material number to it, or wait for a person'),
    whenDeleted: z
      .enum(['hide', 'leave'])
      .default('hide')
      .describe('Products of materials that are flagged for deletion, or gone, are hidden or left as they are'),
  })
  .superRefine((settings, context) => {
    const fault = (field: keyof typeof settings, message: string): void => context.addIssue({ code: 'custom', path: [field], message });
    if (needsPrices(settings) && (!settings.salesOrganisation || !settings.distributionChannel))
      fault('salesOrganisation', 'prices need a sales organisation and a distribution channel; without them, switch prices off');
    if (settings.prices && !settings.productPrice && Object.keys(settings.priceLists).length === 0)
      fault('priceLists', 'prices go nowhere: name a price list, switch productPrice on, or prices off');
    if (settings.stock && settings.stockLocations.length === 0)
      fault('stockLocations', 'stock needs at least one location with its plant; without one, switch stock off');
  });
export type MaterialFlowSettings = z.infer<typeof materialFlowSettings>;

/** A product cannot be created without a price. */
export function needsPrices({ prices, missingProducts }: Pick<MaterialFlowSettings, 'prices' | 'missingProducts'>): boolean {
  return prices || missingProducts === 'create';
}
