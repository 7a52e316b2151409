import { SystemError } from '@ml-connector/shared';
import type { VendorReading } from './read-vendors.ts';
import { collectAll, selectByKeys } from './key-lists.ts';

/** This many may vanish between two sweeps, or a tenth of all, before a person has to look. */
const fewEnough = 10;

/**
 * Of the candidates, those that SAP really no longer holds: each is looked for once more by its number. Rejects when suspiciously many are
 * missing, or the sweep read none at all, which is rather a lost authorisation than a clean-up.
 */
export async function findGoneVendors(
  { session, scope }: Pick<VendorReading, 'session' | 'scope'>,
  candidates: string[],
  { linkedCount, readCount }: { linkedCount: number; readCount: number },
): Promise<string[]> {
  if (candidates.length === 0) return [];
  const found = await collectAll(selectByKeys('LIFNR', candidates), (where) =>
    session.readTable({ table: 'LFA1', fields: ['LIFNR'], where }, scope),
  );
  const present = new Set(found.map(({ LIFNR }) => LIFNR));
  const gone = candidates.filter((number) => !present.has(number));
  const mostBelieved = readCount === 0 ? 0 : Math.max(fewEnough, linkedCount / 10);
  if (gone.length > mostBelieved)
    throw new SystemError(
      'SAP_VENDORS_VANISHED',
      'refused',
      `sweeping vendors: SAP no longer shows ${gone.length} of ${linkedCount} linked vendors, for instance ${gone.slice(0, 3).join(', ')}`,
      { fix: 'Check the authorisations of the SAP user (S_TABU_DIS, S_TABU_NAM, S_TABU_LIN) and the client. Nothing was deprecated.' },
    );
  return gone;
}
