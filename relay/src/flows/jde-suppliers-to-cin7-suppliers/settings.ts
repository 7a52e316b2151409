import { z } from 'zod';
import { supplierRules } from '../cin7-suppliers/index.ts';

const searchType = z.string().regex(/^[A-Z0-9]{1,3}$/, 'a search type has at most three letters and digits');
const phoneType = z.string().regex(/^[A-Z0-9]{0,4}$/, 'a phone type has at most four letters and digits');
const environment = z.string().regex(/^[A-Z0-9]{1,10}$/, 'must be an environment such as JPD910');

export const jdeSupplierSettings = z.strictObject({
  searchTypes: z
    .strictObject({ include: z.array(searchType).default([]), exclude: z.array(searchType).default([]) })
    .refine(({ include, exclude }) => !include.some((type) => exclude.includes(type)), 'a search type is both included and excluded')
    .default({ include: [], exclude: ['E'] })
    .describe(
      'Search types (F0101-AT1) to take, empty for all, and those to leave out. Whoever has a supplier master (F0401) is a supplier',
    ),
  deprecatedSearchTypes: z
    .array(searchType)
    .default([])
    .describe('Search types that a site gives to suppliers it no longer uses: those become deprecated suppliers'),
  nameFrom: z
    .enum(['mailing-name', 'alpha-name'])
    .default('mailing-name')
    .describe(
      'Mailing name (F0111-MLNM), or the alpha name (F0101-ALPH), which is written for sorting; where one is empty the other is taken',
    ),
  defaultCurrency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .optional()
    .describe('Currency of suppliers without one (F0401-CRRP is blank), mostly the currency of the company'),
  taxRule: z.string().min(1).describe('Tax rule of Cin7 Core for suppliers without a tax code, for instance Tax on Purchases'),
  taxBy: z
    .enum(['one-rule', 'explanation', 'area', 'area-and-explanation'])
    .default('one-rule')
    .describe(
      'Whether taxRule is for all, or the value map tax-rules gives the rule: by tax explanation code (F0401-EXR2: -/V), by tax area (F0401-TXA2: DE19), or by both (DE19/V, then DE19)',
    ),
  taxNumberFrom: z
    .enum(['tax-id', 'additional-tax-id'])
    .default('tax-id')
    .describe('Tax number: F0101-TAX or F0101-TX2; where one is empty the other is taken'),
  accountPayable: z
    .string()
    .trim()
    .min(1)
    .max(50)
    .optional()
    .describe(
      'Accounts payable account of Cin7 Core for all suppliers, by code. Left out: the value map gl-classes by G/L class (F0401-APC)',
    ),
  defaultCountry: z
    .string()
    .trim()
    .min(1)
    .max(256)
    .optional()
    .describe('Country, as Cin7 Core names it, of addresses without one (F0116-CTR is blank): mostly those at home'),
  phoneTypes: z
    .strictObject({
      business: z.array(phoneType).default(['', 'BUS', 'TEL']),
      mobile: z.array(phoneType).default(['CELL', 'CAR', 'MOB']),
      fax: z.array(phoneType).default(['FAX']),
    })
    .prefault({})
    .describe('Phone types (F0115-PHTP; blank is business) by what they become in Cin7 Core; others are not transferred'),
  paymentHeld: z
    .enum(['note', 'deprecate'])
    .default('note')
    .describe('Suppliers whose payments are held (F0401-HDPY): stay active with a note on the record, or become deprecated'),
  orderHold: z
    .enum(['note', 'deprecate'])
    .default('note')
    .describe('Suppliers whose orders are held (F0401-HOLD): stay active with a note on the record, or become deprecated'),
  ...supplierRules('JDE supplier number'),
  formerEnvironments: z
    .array(environment)
    .default([])
    .describe('Names this environment had before, for instance JPD910: suppliers of Cin7 Core that are marked with them are its own'),
});
export type JdeSupplierSettings = z.infer<typeof jdeSupplierSettings>;
