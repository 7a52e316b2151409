import { z } from 'zod';

/** Settings that every flow to suppliers has; `number` is what its source calls the number of a supplier: `vendor number`. */
export function supplierRules(number: string) {
  return {
    addressType: z.enum(['Billing', 'Business', 'Shipping']).default('Business').describe('Type of the address in Cin7 Core'),
    attributeSet: z
      .string()
      .min(1)
      .optional()
      .describe(`Attribute set of Cin7 Core whose first attribute takes the ${number}. Without one it is kept in the comments only`),
    nameCollision: z
      .enum(['suffix', 'block'])
      .default('suffix')
      .describe(`When another supplier has the name already: add the ${number} to it, or wait for a person`),
    adopt: z
      .enum(['never', 'when-tax-number-matches'])
      .default('when-tax-number-matches')
      .describe(`Whether a supplier of the same name that carries no ${number} is taken over`),
  };
}

export interface SupplierRules {
  attributeSet?: string | undefined;
  nameCollision: 'suffix' | 'block';
  adopt: 'never' | 'when-tax-number-matches';
}
