import type { JdeSession } from '../../systems/jde/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { taxCodes } from './map.ts';
import type { JdeSupplierSettings } from './settings.ts';

export interface CodesInUse {
  paymentTerms: string[];
  currencies: string[];
  taxCodes: string[];
  glClasses: string[];
}

/** A code that none of so many suppliers has is told once a record waits for it. */
const mostSuppliers = 20_000;

/** The codes that supplier masters hold, sorted: JD Edwards has more in its tables than anybody uses. */
export async function readCodesInUse(session: JdeSession, { taxBy }: JdeSupplierSettings, scope: CallScope): Promise<CodesInUse> {
  const found = {
    paymentTerms: new Set<string>(),
    currencies: new Set<string>(),
    taxCodes: new Set<string>(),
    glClasses: new Set<string>(),
  };
  const rows = session.query(
    {
      table: 'F0401',
      fields: ['AN8', 'TRAP', 'CRRP', 'TXA2', 'EXR2', 'APC'],
      key: ['AN8'],
      optional: ['TXA2', 'EXR2', 'APC'],
      maxRows: mostSuppliers,
    },
    scope,
  );
  for await (const { TRAP, CRRP, TXA2, EXR2, APC } of rows) {
    found.paymentTerms.add(TRAP);
    found.currencies.add(CRRP);
    found.taxCodes.add(taxCodes({ taxArea: TXA2, taxExplanation: EXR2 }, taxBy)[0] ?? '');
    found.glClasses.add(APC);
  }
  const listed = (codes: Set<string>): string[] => [...codes].filter(Boolean).toSorted();
  return {
    paymentTerms: listed(found.paymentTerms),
    currencies: listed(found.currencies),
    taxCodes: listed(found.taxCodes),
    glClasses: listed(found.glClasses),
  };
}
