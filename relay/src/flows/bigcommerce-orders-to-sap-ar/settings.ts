import { z } from 'zod';
import { accountSettings } from '../bigcommerce-ar/index.ts';
import { arSettings, documentType } from '../sap-ar/index.ts';

const statusIds = z.array(z.int().min(0).max(99));

export const orderFlowSettings = z.strictObject({
  ...arSettings,
  ...accountSettings,
  documentType: documentType.default('DR').describe('Document type of the invoices'),
  acceptedStatuses: statusIds
    .default([11, 9, 8, 3, 2, 10, 14, 4])
    .describe(
      'Order statuses (ids) that are posted: by default those that are paid; refunded ones too, as each refund is a document of its own',
    ),
  cancelledStatuses: statusIds
    .default([5, 6])
    .describe('Order statuses of which nothing is to stand in SAP: what was posted before is reversed, by the rule afterChange'),
  startDate: z.iso
    .date()
    .describe(
      'Orders created before this day are not posted, not by a backfill either: the day from which SAP gets the orders. Set it earlier to post older ones',
    ),
  sweepDays: z.int().min(1).max(365).default(14).describe('The nightly sweep reads again what was changed in so many days'),
  writeBack: z.boolean().default(true).describe('Write the document number to the order, as metafield sap/fi_document'),
});
export type OrderFlowSettings = z.infer<typeof orderFlowSettings>;
