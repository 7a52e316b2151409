import { systemClock } from '@ml-connector/shared';
import { readAccounts, type JdeAccount, type JdeSession } from '../../systems/jde/index.ts';
import type { CallScope } from '../../systems/index.ts';

/** All accounts of these companies, as JD Edwards has them now. */
export async function readAllAccounts(
  session: JdeSession,
  {
    companies,
    scope,
    progress = () => undefined,
  }: { companies: readonly string[]; scope: CallScope; progress?: (message: string) => void },
): Promise<JdeAccount[]> {
  const accounts: JdeAccount[] = [];
  const reading = { session, scope, clock: systemClock, mode: 'sweep' as const, cursor: null, progress, companies };
  for await (const { items } of readAccounts(reading)) accounts.push(...items);
  return accounts;
}
