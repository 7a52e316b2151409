import { z } from 'zod';

/** What a parameter of the customer's function module can be given. */
export const shipmentValues = [
  'companyCode',
  'documentNumber',
  'fiscalYear',
  'orderId',
  'event',
  'statusId',
  'shipmentId',
  'trackingNumber',
  'carrier',
  'shippedOn',
] as const;
export type ShipmentValue = (typeof shipmentValues)[number];

export const shipmentFlowSettings = z.strictObject({
  functionModule: z
    .string()
    .regex(/^([A-Z0-9_/]{1,30})?$/, 'the name of a function module in capital letters')
    .default('')
    .describe(
      'Function module of the customer that notes shipments on the FI document; it must bear being called twice with the same values. Empty: the audit trail of the order carries them (no such module exists in a stock ECC)',
    ),
  parameters: z
    .record(z.string().regex(/^[A-Z0-9_]{1,30}$/), z.enum(shipmentValues))
    .default({})
    .describe('Import parameters of that function module, each with what it is given: I_BELNR: documentNumber'),
  statuses: z.boolean().default(true).describe('Changes of the order status too, not only shipments'),
  startDate: z.iso.date().describe('Orders that were changed before this day are not looked at'),
  sweepDays: z.int().min(1).max(365).default(14).describe('The nightly sweep reads again what was changed in so many days'),
});
export type ShipmentFlowSettings = z.infer<typeof shipmentFlowSettings>;
