import type { BigCommerceSession } from '../../systems/bigcommerce/index.ts';
import { readGlAccounts, type SapSession } from '../../systems/sap-ecc/index.ts';
import { alphaOut } from '@ml-connector/shared';
import type { CodesInput, ValueMapCodes } from '../flow.ts';
import { orderFlowSettings } from './settings.ts';

const fixedCodes: readonly { code: string; name: string }[] = [
  { code: 'shipping', name: 'Shipping charged to the shopper' },
  { code: 'handling', name: 'Handling charged to the shopper' },
  { code: 'wrapping', name: 'Gift wrapping' },
  { code: 'fee', name: 'Other fees' },
  { code: 'discounts', name: 'Discounts, where they are posted separately' },
  { code: 'gift-certificates-sold', name: 'Liability of gift certificates sold' },
  { code: 'gift-certificate', name: 'Gift certificates redeemed' },
  { code: 'store-credit', name: 'Store credit used' },
  { code: 'rounding', name: 'Rounding differences' },
  { code: 'order-refund', name: 'Refunds that belong to no line' },
];

/** G/L accounts of the company code, categories of the store, and the fixed names of other amounts. */
export async function orderCodes({
  settings,
  source,
  target,
  scope,
}: CodesInput<BigCommerceSession, SapSession>): Promise<ValueMapCodes[]> {
  const { companyCode, revenueBy } = orderFlowSettings.parse(settings);
  const [accounts, categories] = await Promise.all([
    readGlAccounts(target, { companyCodes: [companyCode], language: target.settings.language }, scope),
    revenueBy === 'category' ? source.products.categories(scope) : Promise.resolve([]),
  ]);
  const to = accounts.map(({ account, name }) => ({ code: alphaOut(account), name }));
  return [
    { valueMapId: 'revenue-accounts', from: categories.map(({ name }) => ({ code: name, name })), to, proposals: [] },
    { valueMapId: 'other-accounts', from: [...fixedCodes], to, proposals: [] },
  ];
}
