import { sapLanguages } from '@ml-connector/shared';
import { z } from 'zod';
import { supplierRules } from '../cin7-suppliers/index.ts';

const fourCharacters = z.string().regex(/^[A-Z0-9]{1,4}$/);

export const vendorFlowSettings = z.strictObject({
  companyCodes: z
    .array(fourCharacters)
    .default([])
    .describe('Only vendors of these company codes; the first one a vendor has gives terms and reconciliation account. Empty: all'),
  purchasingOrganisations: z
    .array(fourCharacters)
    .default([])
    .describe('Whose currency and terms count, the first one a vendor has. Empty: the lowest'),
  accountGroups: z
    .strictObject({ include: z.array(fourCharacters).default([]), exclude: z.array(fourCharacters).default([]) })
    .refine(({ include, exclude }) => !include.some((group) => exclude.includes(group)), 'an account group is both included and excluded')
    .default({ include: [], exclude: [] })
    .describe('Account groups (LFA1-KTOKK) to take, empty for all, and those to leave out'),
  language: z.enum(sapLanguages).optional().describe("Language of country names and texts from SAP; default: the connection's"),
  source: z
    .enum(['auto', 'bapi', 'tables'])
    .default('auto')
    .describe('BAPI_VENDOR_GETLIST and BAPI_VENDOR_GETDETAIL where the system has them, or table reads'),
  currencyFrom: z
    .enum(['purchasing-organisation', 'company-code'])
    .default('purchasing-organisation')
    .describe('Order currency of the purchasing organisation, then the currency of the company code; or the latter at once'),
  taxRule: z.string().min(1).describe('Tax rule of Cin7 Core for all suppliers, for instance Tax on Purchases'),
  ...supplierRules('vendor number'),
  deprecateBlocked: z
    .boolean()
    .default(true)
    .describe('Blocked vendors become deprecated suppliers; vendors flagged for deletion always do'),
});
export type VendorFlowSettings = z.infer<typeof vendorFlowSettings>;
