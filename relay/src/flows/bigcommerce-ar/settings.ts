import { isoCurrencyDecimals } from '@ml-connector/shared';
import { z } from 'zod';

/** What an order line can be told apart by, for its accounts and cost objects. */
export const dimensions = ['category', 'brand', 'sku', 'product-type', 'channel', 'country', 'none'] as const;
export type Dimension = (typeof dimensions)[number];

/** How amounts of a store get their accounts: the same for orders and their refunds. */
export const accountSettings = {
  revenueBy: z
    .enum(dimensions)
    .default('category')
    .describe('Codes of the value map revenue-accounts: the product category, its brand, its SKU, ...; none: one account for all, code *'),
  costCenterBy: z.enum(dimensions).default('none').describe('Codes of the value map cost-centers; none: no cost centers'),
  profitCenterBy: z.enum(dimensions).default('none').describe('Codes of the value map profit-centers; none: no profit centers'),
  taxKeyBy: z
    .enum(['country-rate', 'name-rate'])
    .default('country-rate')
    .describe(
      'Codes of the value map tax-codes: country (with the state in the USA and Canada) and rate, "DE 19", or the name of the tax and its rate',
    ),
  taxAccountKey: z
    .string()
    .max(3)
    .default('MWS')
    .describe('Account key of output tax in the tax procedure; empty: SAP finds it by the tax code'),
  taxConditionKey: z.string().max(4).default('').describe('Condition key of the tax items, where the tax procedure needs it: MWAS'),
  discounts: z
    .enum(['net', 'separate'])
    .default('net')
    .describe('Revenue after discounts, or the full revenue and the discounts on an account of their own (code discounts)'),
  customers: z
    .enum(['per-customer', 'one-time', 'per-payment-method'])
    .default('per-customer')
    .describe(
      'Who owes it: each customer as the customers flow created it and guests as one-time customer; everybody as one-time customer; or one customer per payment method (value map payment-customers)',
    ),
  oneTimeCustomer: z
    .string()
    .regex(/^([A-Z0-9]{1,10})?$/)
    .default('')
    .describe('SAP customer number of the one-time account, for guests'),
  items: z
    .enum(['per-line', 'per-account'])
    .default('per-line')
    .describe(
      'One item per order line, or one per account and tax code. A store rounds the tax of each line: on one sum of many lines that may be off by more than SAP lets pass (FF 754)',
    ),
  mostItems: z.int().min(10).max(999).default(900).describe('Items an FI document may have'),
  longOrders: z
    .enum(['split', 'summarise', 'block'])
    .default('split')
    .describe(
      'Orders and refunds with more lines than that, where items are per line: several documents, one item per account, or wait for a person',
    ),
  roundingTolerance: z
    .string()
    .regex(/^\d{1,3}(\.\d{1,4})?$/, 'a decimal number such as 0.05')
    .default('0.05')
    .describe("How far an order's own sums may differ; the difference goes to the rounding account, more than that waits for a person"),
  currencyDecimals: z
    .record(z.string().regex(/^[A-Z]{3}$/), z.int().min(0).max(4))
    .default({})
    .describe('Currencies whose decimals SAP (table TCURX) has otherwise than ISO 4217: HUF: 0; amounts are rounded to them'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
    .default('UTC')
    .describe('Time zone in which the day of an order counts'),
};

/** Decimals of the document's amounts. */
export function decimalsOf(currency: string, { currencyDecimals }: Pick<AccountSettings, 'currencyDecimals'>): number {
  return currencyDecimals[currency] ?? isoCurrencyDecimals(currency);
}

export const accountSettingsShape = z.object(accountSettings);
export type AccountSettings = z.infer<typeof accountSettingsShape>;

/** Value maps of both flows; their entries are the same, so the refunds follow the orders. */
export const accountValueMaps = [
  { id: 'revenue-accounts', title: 'Revenue accounts', from: 'Category (or what revenueBy says)', to: 'SAP G/L account', missing: 'block' },
  {
    id: 'other-accounts',
    title: 'Other accounts',
    from: 'shipping, handling, wrapping, fee, discounts, gift-certificates-sold, gift-certificate, store-credit, rounding, order-refund',
    to: 'SAP G/L account',
    missing: 'block',
  },
  { id: 'tax-codes', title: 'Tax codes', from: 'Country and rate', to: 'SAP tax code; - for none', missing: 'block' },
  { id: 'cost-centers', title: 'Cost centers', from: 'What costCenterBy says', to: 'SAP cost center; - for none', missing: 'block' },
  {
    id: 'profit-centers',
    title: 'Profit centers',
    from: 'What profitCenterBy says',
    to: 'SAP profit center; - for none',
    missing: 'block',
  },
  { id: 'payment-customers', title: 'Customers by payment method', from: 'Payment method', to: 'SAP customer', missing: 'block' },
] as const;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
