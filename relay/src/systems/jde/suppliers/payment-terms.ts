import type { CallScope } from '../../system.ts';
import { collect } from '../following/index.ts';
import type { JdeSession } from '../types.ts';

export interface JdeCode {
  code: string;
  name: string;
}

/** F0014: the codes of TRAP and PTC with their descriptions. The blank code, terms of those that have none, is left out. */
export async function readPaymentTerms(session: JdeSession, scope: CallScope): Promise<JdeCode[]> {
  const rows = await collect(session.query({ table: 'F0014', fields: ['PTC', 'PTD'], key: ['PTC'] }, scope));
  return rows.filter(({ PTC }) => PTC !== '').map(({ PTC, PTD }) => ({ code: PTC, name: PTD || PTC }));
}
