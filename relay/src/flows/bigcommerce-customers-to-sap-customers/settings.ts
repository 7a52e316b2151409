import { sapLanguages } from '@ml-connector/shared';
import { z } from 'zod';

const groupIds = z.array(z.int().min(0));
const title = z.string().trim().min(1).max(30);

export const customerFlowSettings = z.strictObject({
  salesOrganisation: z
    .string()
    .regex(/^[A-Z0-9]{4}$/)
    .describe('Sales organisation in which the customers are created; the reference customers exist there'),
  distributionChannel: z
    .string()
    .regex(/^[A-Z0-9]{2}$/)
    .describe('Distribution channel'),
  division: z
    .string()
    .regex(/^[A-Z0-9]{2}$/)
    .describe('Division'),
  companyCode: z
    .string()
    .regex(/^([A-Z0-9]{1,4})?$/)
    .default('')
    .describe('Company code of the receivables: a customer who is in SAP already must exist there. Empty: not looked at'),
  customerGroups: groupIds.default([]).describe('Only customers of these customer groups (ids); empty: all'),
  kind: z
    .enum(['by-company-name', 'person', 'company'])
    .default('by-company-name')
    .describe('Whether a customer is a company in SAP: when the main address or the account names one, never, or always'),
  companyGroups: groupIds.default([]).describe('Customer groups (ids) whose members are always companies'),
  companyTitle: title.default('Company').describe('Form of address of companies, as SAP spells it in the logon language (TSAD3T)'),
  personTitle: title.describe('Form of address of persons, as SAP spells it in the logon language (TSAD3T)'),
  titleFrom: z
    .string()
    .max(100)
    .default('')
    .describe(
      'Form field or attribute of the store that tells the form of address of persons; its values are the codes of value map titles',
    ),
  contactLine: z
    .boolean()
    .default(true)
    .describe("Put the person's name on a line of its own below a company's name: this interface of SAP has no contact persons"),
  mainAddress: z
    .enum(['first', 'commercial', 'residential'])
    .default('first')
    .describe('Which address counts: the first one, or the first of that type and else the first one'),
  withoutAddress: z
    .enum(['wait', 'block'])
    .default('wait')
    .describe('Customers without any address, whom SAP does not take: skip them until they have one, or wait for a person'),
  secondLine: z
    .enum(['street', 'district'])
    .default('street')
    .describe('Where the second line of an address goes: behind the street, or into the district'),
  splitHouseNumber: z.boolean().default(false).describe('Take a house number at the end of the street into its own field'),
  postalCodeFallback: z
    .string()
    .trim()
    .max(10)
    .default('')
    .describe('Postal code for countries without any, as SAP demands one; empty: such a customer waits for a person'),
  language: z.enum(sapLanguages).default('EN').describe('Language of customers whose country has no entry in the value map languages'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe('Currency of customers whose country has no entry in the value map currencies'),
  matchBy: z
    .array(z.enum(['email', 'vat-number']))
    .refine((rules) => new Set(rules).size === rules.length, 'names a rule twice')
    .default(['email'])
    .describe(
      'How a customer who is in SAP already is recognised, before one is created: the first rule that finds somebody counts. Empty: never',
    ),
  vatNumberFrom: z.string().max(100).default('').describe('Form field or attribute of the store that holds the VAT number, for matchBy'),
  onMatch: z
    .enum(['leave', 'update'])
    .default('leave')
    .describe(
      'Whether customers whom somebody else created in SAP, and who were found there, take name, address, telephone and e-mail of the store: anybody can register in the store with their e-mail address',
    ),
  onChange: z
    .enum(['update', 'leave'])
    .default('update')
    .describe(
      'Whether customers that the user of the agent created in SAP take later changes of name, address, telephone and e-mail in the store',
    ),
  outcomeMarginSeconds: z
    .int()
    .min(0)
    .max(7200)
    .default(660)
    .describe('How long after a lost answer SAP may still be creating the customer: a little more than its rdisp/max_wprun_time'),
  writeBack: z.boolean().default(true).describe('Write the SAP customer number to the customer of the store'),
  attributeName: z.string().trim().min(1).max(100).default('SAP Customer').describe('Customer attribute that takes the number'),
});
export type CustomerFlowSettings = z.infer<typeof customerFlowSettings>;

export const customerValueMaps = [
  {
    id: 'reference-customers',
    title: 'Reference customers',
    from: 'company or person; or with country and customer group: company/DE/3, company/DE, company/3',
    to: 'SAP customer to copy from',
    missing: 'block',
  },
  { id: 'countries', title: 'Countries', from: 'ISO country', to: 'SAP country (LAND1), where it differs', missing: 'pass' },
  { id: 'regions', title: 'Regions', from: 'ISO country and state name: DE/Bayern', to: 'SAP region (REGIO)', missing: 'pass' },
  { id: 'languages', title: 'Languages', from: 'ISO country', to: 'ISO language, two letters', missing: 'pass' },
  { id: 'currencies', title: 'Currencies', from: 'ISO country', to: 'SAP currency', missing: 'pass' },
  { id: 'payment-terms', title: 'Payment terms', from: 'Customer group (id), 0 for none', to: 'SAP terms (ZTERM)', missing: 'pass' },
  { id: 'titles', title: 'Forms of address', from: 'Value of the field titleFrom', to: 'Form of address in SAP (TSAD3T)', missing: 'pass' },
] as const;
