import { z } from 'zod';

const lineType = z.string().regex(/^[A-Z0-9]{1,2}$/, 'a line type (LNTY) has one or two letters or digits');
const status = z.string().regex(/^[A-Z0-9]{3}$/, 'a status (LTTR, NXTR) has three characters');
const currency = z.string().regex(/^[A-Z]{3}$/, 'a currency has three letters');

export const purchaseFlowSettings = z.strictObject({
  companies: z
    .array(z.string().regex(/^[A-Z0-9]{5}$/, 'an order company has five characters, for instance 00200'))
    .min(1)
    .describe('Order companies (KCOO) whose purchase orders are transferred'),
  orderTypes: z
    .array(z.string().regex(/^[A-Z0-9]{2}$/, 'an order type has two characters'))
    .min(1)
    .default(['OP'])
    .describe('Order types (DCTO) that are purchase orders; requisitions, quotes and blanket orders are none'),
  startDate: z.iso.date().describe('Orders dated before this day are not transferred, whatever becomes of them'),
  statuses: z
    .strictObject({
      releasedFrom: status.default('280').describe('Next status (NXTR) from which a line is released: approved, to be printed'),
      closedFrom: status.default('999').describe('Next status from which nothing more happens to a line'),
      cancelled: z.array(status).min(1).default(['980']).describe('Last statuses (LTTR) of cancelled lines'),
    })
    .refine(({ releasedFrom, closedFrom }) => releasedFrom < closedFrom, 'a line is closed before it is released')
    .prefault({})
    .describe('What the statuses of a line say; they are rules of the site (F40203)'),
  unreleasedLines: z
    .enum(['hold-order', 'leave-out'])
    .default('hold-order')
    .describe('While a line is not released yet: nothing of the order is sent, or all but that line'),
  ordersOnHold: z
    .enum(['wait', 'transfer'])
    .default('wait')
    .describe('Orders with a hold code: what they are now is not sent until they are released, or it is'),
  lineTypes: z
    .strictObject({
      texts: z.array(lineType).default(['T']).describe('Free text'),
      charges: z
        .array(lineType)
        .default(['F', 'M', 'J', 'B'])
        .describe('Freight, miscellaneous, job cost, accounts: additional charges by the value map charges'),
      leftOut: z.array(lineType).default([]).describe('Not transferred; named in the note'),
    })
    .refine(({ texts, charges, leftOut }) => {
      const all = [...texts, ...charges, ...leftOut];
      return new Set(all).size === all.length;
    }, 'a line type is named twice')
    .prefault({})
    .describe('Line types (LNTY). All others are lines of their item; those without one (ITM 0) are charges, by account or type'),
  textLines: z
    .enum(['memo', 'comment'])
    .default('memo')
    .describe('Free text goes into the memo of the order, or into the comment of the line before it'),
  itemNumber: z
    .enum(['LITM', 'AITM', 'ITM'])
    .default('LITM')
    .describe('Which item number is the SKU in Cin7 Core, unless the value map products says otherwise: second, third or short'),
  sameSku: z
    .enum(['equal-price', 'all', 'separate'])
    .default('equal-price')
    .describe(
      'Lines of one SKU, unit and tax rule become one where their prices are equal, or always (at the average price), or never. It is not known whether every account of Cin7 Core takes one SKU twice',
    ),
  roundingCharge: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .optional()
    .describe(
      'Service product on which an amount is charged that four decimals of price cannot express. Without it such orders wait for a person',
    ),
  amountShift: z
    .record(currency, z.int().min(-4).max(4))
    .default({})
    .describe(
      'Decimal places by which amounts of a currency have to be moved to the right, where AIS delivers them otherwise than the screen shows them: {"JPY": 2} makes 123.45 to 12345. Compare one order of each currency before the start',
    ),
  tax: z
    .enum(['by-rule', 'zero'])
    .default('by-rule')
    .describe(
      'Tax on each line: by the percentage of its tax rule in Cin7 Core, so that invoices made of the order carry it, or none. JD Edwards keeps amounts without tax either way',
    ),
  orderStatus: z
    .enum(['authorised', 'draft'])
    .default('authorised')
    .describe('Orders are authorised, or left as drafts that somebody authorises in Cin7 Core'),
  approach: z.enum(['STOCK', 'INVOICE']).default('STOCK').describe('In Cin7 Core the goods are received before the invoice, or after it'),
  purchaseType: z.enum(['Advanced', 'Simple']).default('Advanced').describe('Advanced purchases may be received and invoiced in parts'),
  requiredBy: z
    .enum(['promised', 'requested'])
    .default('promised')
    .describe('Date by which the goods are expected; the other one where it is empty'),
  paymentTerms: z
    .enum(['of-supplier', 'of-order'])
    .default('of-supplier')
    .describe("The supplier's terms in Cin7 Core, or those of the order by the value map payment-terms"),
  goneOrders: z
    .enum(['keep', 'void'])
    .default('keep')
    .describe('Purchases of orders that JD Edwards no longer has (purged, moved to history, deleted): kept, or voided unless received'),
  formerEnvironments: z
    .array(z.string().regex(/^[A-Z0-9]{1,10}$/))
    .default([])
    .describe(
      'Names that this environment had before (JPD910): purchases with their marks are known again, and marked anew when they change',
    ),
  lookBackDays: z
    .int()
    .min(0)
    .max(3660)
    .default(30)
    .describe(
      'Before the first post purchases are looked for that were changed since so many days before the order date: orders are dated ahead, too',
    ),
  waitCheckMinutes: z
    .int()
    .min(1)
    .max(1440)
    .default(30)
    .describe('How often an order is tried again that waits for its supplier or for products in Cin7 Core'),
});
export type PurchaseFlowSettings = z.infer<typeof purchaseFlowSettings>;
