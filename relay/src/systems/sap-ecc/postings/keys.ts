import { SystemError } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';
import { postingReads } from './reads.ts';

/** SAP's own keys for what we know by ISO codes, and how many decimals its currencies have. */
export interface SapKeys {
  /** Currency key (WAERS) and decimals of an ISO currency. Throws `refused` where SAP has none. */
  currency(iso: string): { key: string; decimals: number };
  /** Country key (LAND1) of an ISO country of two letters. Throws `refused` where SAP has none. */
  country(iso: string): string;
  /** Decimals by currency key (TCURX). */
  decimals: ReadonlyMap<string, number>;
}

/** Reads TCURC, TCURX and T005. */
export async function readSapKeys(session: SapSession, scope: CallScope): Promise<SapKeys> {
  const decimals = new Map<string, number>();
  for await (const { CURRKEY, CURRDEC } of session.readTable({ table: 'TCURX', fields: postingReads.TCURX }, scope))
    decimals.set(CURRKEY, Number(CURRDEC));
  if (decimals.size === 0) throw unreadable();
  const currencies = new Map<string, string>();
  for await (const { WAERS, ISOCD } of session.readTable({ table: 'TCURC', fields: postingReads.TCURC }, scope))
    prefer(currencies, ISOCD || WAERS, WAERS);
  const countries = new Map<string, string>();
  for await (const { LAND1, INTCA } of session.readTable({ table: 'T005', fields: postingReads.T005 }, scope))
    prefer(countries, INTCA || LAND1, LAND1);
  return {
    decimals,
    currency(iso) {
      const key = currencies.get(iso);
      if (key === undefined) throw unknownCode('currency', iso, 'OY03');
      return { key, decimals: decimals.get(key) ?? 2 };
    },
    country(iso) {
      const key = countries.get(iso);
      if (key === undefined) throw unknownCode('country', iso, 'OY01');
      return key;
    },
  };
}

/** Several keys may stand for one ISO code (old currencies); the one that is written like it is the one in use. */
function prefer(keys: Map<string, string>, iso: string, key: string): void {
  if (!keys.has(iso) || key === iso) keys.set(iso, key);
}

function unreadable(): SystemError {
  return new SystemError(
    'SAP_CURRENCIES_UNREADABLE',
    'refused',
    'preparing a posting: table TCURX came back empty, so that amounts without decimals would be wrong a hundredfold',
    { fix: 'Every SAP system holds the currencies without two decimals there (transaction OY04). See that the SAP user may read it.' },
  );
}

function unknownCode(what: 'currency' | 'country', iso: string, transaction: string): SystemError {
  return new SystemError(
    what === 'currency' ? 'SAP_CURRENCY_UNKNOWN' : 'SAP_COUNTRY_UNKNOWN',
    'refused',
    `preparing a posting: SAP has no ${what} with the ISO code "${iso}"`,
    { fix: `Transaction ${transaction} maintains it in SAP.` },
  );
}
