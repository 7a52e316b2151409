import { z } from 'zod';

const fourCharacters = z.string().regex(/^[A-Z0-9]{1,4}$/);
const twoCharacters = z.string().regex(/^[A-Z0-9]{1,2}$/);
const sapAccount = z.string().regex(/^[A-Z0-9]{1,10}$/, 'a SAP account has at most ten letters and digits');
const cin7Account = z.string().trim().min(1).max(50);

export const glFlowSettings = z.strictObject({
  companyCodes: z
    .array(fourCharacters)
    .min(1)
    .describe('Company codes whose documents are transferred. Their local currency must be the base currency of the Cin7 Core company'),
  documentTypes: z
    .strictObject({ include: z.array(twoCharacters).default([]), exclude: z.array(twoCharacters).default([]) })
    .refine(({ include, exclude }) => !include.some((type) => exclude.includes(type)), 'a document type is both included and excluded')
    .default({ include: [], exclude: [] })
    .describe('Document types (BKPF-BLART) to take, empty for all, and those to leave out'),
  leaveOutAccounts: z
    .array(sapAccount)
    .default([])
    .describe('Documents with an item on one of these SAP accounts are not transferred, because another way brings them'),
  startDate: z.iso
    .date()
    .describe('Documents posted before this day are not read, a backfill excepted: the day from which Cin7 Core keeps the ledger'),
  ledger: z
    .string()
    .regex(/^[A-Z0-9]{2}$/)
    .default('0L')
    .describe('Ledger (RLDNR): 0L is the leading one; others need the new general ledger'),
  changesDays: z
    .int()
    .min(1)
    .max(1100)
    .default(95)
    .describe('How many days back newly entered documents may be posted; the nightly sweep finds what is older and was entered lately'),
  sweepDays: z.int().min(1).max(1100).default(35).describe('The sweep reads again what was posted or entered in so many days'),
  accountsBy: z
    .enum(['account', 'company-code'])
    .default('account')
    .describe('Codes in the value map gl-accounts: 113100 for all company codes, or 1000/113100 first and then 113100'),
  journalStatus: z
    .enum(['completed', 'draft'])
    .default('completed')
    .describe('Journals are posted, or left as drafts that somebody posts in Cin7 Core'),
  amounts: z
    .enum(['document-currency', 'base-currency'])
    .default('document-currency')
    .describe('Journals in the currency of the document, or all in base currency with the local amounts of SAP'),
  finerAmounts: z
    .enum(['base-currency', 'block'])
    .default('base-currency')
    .describe('Amounts that two decimals cannot hold (1.234 KWD): the document is posted in base currency, or waits for a person'),
  items: z
    .enum(['keep', 'per-account'])
    .default('keep')
    .describe('Each item of SAP is found again in the journal, or items are summed per account and side'),
  sameAccount: z
    .enum(['cancel', 'block'])
    .default('cancel')
    .describe('Debit and credit that could only be paired with each other on one account: left out, as they change no balance, or blocked'),
  baseDifferenceAccount: cin7Account
    .optional()
    .describe('Cin7 Core account against which amounts in base currency alone are posted; default: they are paired with each other'),
  allowedControlAccounts: z
    .array(cin7Account)
    .default([])
    .describe('Receivables, payables and tax accounts of Cin7 Core that may be posted to all the same, by code'),
  refusedAccounts: z
    .array(cin7Account)
    .default([])
    .describe('Further Cin7 Core accounts that must not be posted to, by code: the inventory account, for instance'),
  postingDateRule: z
    .enum(['keep', 'first-open-day'])
    .default('keep')
    .describe('When the posting date is locked in Cin7 Core: wait until it is open, or post on the first day that is'),
  lockCheckMinutes: z.int().min(1).max(1440).default(60).describe('How often a document waiting for an open period is tried again'),
  reversalWithoutOriginal: z
    .enum(['post', 'block'])
    .default('post')
    .describe('A reversal whose document never became a journal here: posted all the same, or left to a person'),
  mostLines: z
    .int()
    .min(0)
    .max(10_000)
    .default(0)
    .describe('Lines a journal may have; longer documents become several journals, each balanced in itself. 0: no limit'),
});
export type GlFlowSettings = z.infer<typeof glFlowSettings>;
