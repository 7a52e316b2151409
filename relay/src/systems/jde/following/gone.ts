import { SystemError } from '@ml-connector/shared';

/** This many may vanish between two sweeps, or a tenth of all, before a person has to look. */
const fewEnough = 10;

/**
 * Of the candidates, those that JD Edwards really no longer holds: each is looked for once more by its key. Rejects when suspiciously many
 * are missing, or the sweep read none at all: that is rather row security or a lost right than a purge.
 */
export async function findGone(
  source: { what: string; code: string; stillThere(keys: readonly string[]): Promise<ReadonlySet<string>> },
  candidates: string[],
  { linkedCount, readCount }: { linkedCount: number; readCount: number },
): Promise<string[]> {
  if (candidates.length === 0) return [];
  const present = await source.stillThere(candidates);
  const gone = candidates.filter((key) => !present.has(key));
  const mostBelieved = readCount === 0 ? 0 : Math.max(fewEnough, linkedCount / 10);
  if (gone.length <= mostBelieved) return gone;
  const { what, code } = source;
  throw new SystemError(
    `JDE_${code}_VANISHED`,
    'refused',
    `sweeping ${what}: JD Edwards no longer shows ${gone.length} of ${linkedCount} linked ${what}, for instance ${gone.slice(0, 3).join(', ')}`,
    { fix: 'Check the row security and roles of the JD Edwards user, and the environment. Nothing was done about those missing.' },
  );
}
