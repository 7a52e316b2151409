import { z } from 'zod';
import { accountSettings } from '../bigcommerce-ar/index.ts';
import { arSettings, documentType } from '../sap-ar/index.ts';

export const refundFlowSettings = z.strictObject({
  ...arSettings,
  ...accountSettings,
  documentType: documentType.default('DG').describe('Document type of the credit memos'),
  startDate: z.iso.date().describe('Refunds made before this day are not posted, not by a backfill either'),
  sweepDays: z
    .int()
    .min(1)
    .max(365)
    .default(14)
    .describe('The nightly sweep reads again the refunds of so many days: a payment may be declined later'),
  orderCheckMinutes: z.int().min(1).max(1440).default(15).describe('How often a refund whose order is not in SAP yet is tried again'),
  writeBack: z.boolean().default(true).describe('Write the document number to the order, as metafield sap/fi_refund_<id>'),
});
export type RefundFlowSettings = z.infer<typeof refundFlowSettings>;
