import { z } from 'zod';

export const sapAccount = z.string().regex(/^[A-Z0-9]{1,10}$/, 'a SAP account has at most ten letters and digits');
export const documentType = z.string().regex(/^[A-Z0-9]{1,2}$/);

const reversalReason = z.string().regex(/^[A-Z0-9]{2}$/);

/** Settings of every flow that brings receivables into SAP. */
export const arSettings = {
  companyCode: z
    .string()
    .regex(/^[A-Z0-9]{1,4}$/)
    .describe('Company code in which the documents are posted'),
  postingDateRule: z
    .enum(['keep', 'first-open-day'])
    .default('keep')
    .describe('When the period of the posting date is closed in SAP: wait until it is open, or post on the first day that is'),
  periodCheckMinutes: z.int().min(1).max(1440).default(60).describe('How often a document waiting for an open period is tried again'),
  afterChange: z
    .enum(['block', 'reverse-and-repost'])
    .default('block')
    .describe('When the source changed after the posting: wait for a person, or reverse the document and post it anew'),
  reversalReason: reversalReason.default('01').describe('Reason (T041C-STGRD) of reversals on the posting date of the document itself'),
  laterReversalReason: reversalReason
    .default('02')
    .describe('Reason of reversals on a later day, where the period of the document is closed; it must allow another posting date'),
  paymentTerms: z.string().max(4).default('').describe('Payment terms of the customer item; empty: those of the customer'),
  referencePrefix: z
    .string()
    .regex(/^[A-Z]{0,2}[A-QS-Z]$/, 'one to three capital letters, the last one no R')
    .default('BC')
    .describe('Begins the reference (XBLNR) of every document; another one per store where several post to one company code'),
  outcomeMarginSeconds: z
    .int()
    .min(0)
    .max(7200)
    .default(660)
    .describe(
      'How long after a lost answer SAP may still be posting: its rdisp/max_wprun_time and the minute within which a document begins',
    ),
};

export const arSettingsShape = z.object(arSettings);
export type ArSettings = z.infer<typeof arSettingsShape>;
