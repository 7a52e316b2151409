import { z } from 'zod';

const company = z.string().regex(/^[A-Z0-9]{1,5}$/, 'a company (CO) has at most five characters');
const objects = z
  .string()
  .regex(/^[A-Z0-9]{1,6}(-[A-Z0-9]{1,6})?$/, 'must be an object account such as 1110, or a range such as 5000-5999')
  .refine((range) => {
    const [first = '', last = first] = range.split('-');
    return first <= last && first.length === last.length;
  }, 'a range goes from the lower to the higher object account, both of the same length');
const postingEdit = z.string().regex(/^[A-Z0-9]$/, 'a posting edit code has one character');

export const accountFlowSettings = z.strictObject({
  companies: z.array(company).default([]).describe('Companies (F0901-CO) whose accounts are looked after. Empty: all'),
  objects: z
    .strictObject({ include: z.array(objects).default([]), exclude: z.array(objects).default([]) })
    .prefault({})
    .describe('Object accounts (F0901-OBJ), or ranges such as 5000-5999, to look after, empty for all, and those to leave out'),
  accountsBy: z
    .enum(['object', 'object-and-subsidiary'])
    .default('object')
    .describe(
      'Codes that are proposed and asked for in the value map accounts: 1110, or 1110.X. An entry 30.1110.X of one business unit comes first wherever there is one, then 1110.X, then 1110',
    ),
  notPostable: z
    .array(postingEdit)
    .default(['B', 'I', 'N'])
    .describe('Posting edit codes (F0901-PEC) of accounts that take no postings: such accounts need no entry'),
  titleLevels: z
    .array(z.string().regex(/^[1-9]$/, 'a level of detail is a digit from 1 to 9'))
    .default(['1', '2'])
    .describe('Levels of detail (F0901-LDA) that are titles and totals: such accounts need no entry'),
  closedAccounts: z
    .enum(['block', 'tell'])
    .default('block')
    .describe(
      'An account that is closed while the value map still has an entry of its own (30.1110.X) waits for a person, or is only told',
    ),
  allowedControlAccounts: z
    .array(z.string().trim().min(1).max(50))
    .default([])
    .describe('Receivables, payables and tax accounts, which Cin7 Core keeps itself, that an entry may name all the same, by code'),
});
export type AccountFlowSettings = z.infer<typeof accountFlowSettings>;
