import { SystemError } from '@ml-connector/shared';
import type { SapSession } from '../../systems/sap-ecc/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { customersOf } from './candidates.ts';
import { claimsOf } from './claims.ts';

/**
 * After the first creation of a session: is the customer found by its e-mail address? A user exit may drop it, or the search field of ADR6 may not
 * be filled. This customer is created and known by its number; but nobody may be created who could not be found again after a lost answer.
 */
export async function noteWhetherEmailIsKept(
  session: SapSession,
  { email, number, scope }: { email: string; number: string; scope: CallScope },
): Promise<void> {
  const claims = claimsOf(session);
  if (claims.lostEmail !== undefined) return;
  // The customer is there, whatever comes of looking for it.
  const found = await customersOf(session)
    .find({ email }, scope)
    .catch(() => undefined);
  if (found) claims.lostEmail = found.includes(number) ? null : number;
}

export function refuseWhereEmailsAreLost(session: SapSession): void {
  const { lostEmail } = claimsOf(session);
  if (lostEmail === undefined || lostEmail === null) return;
  throw new SystemError('SAP_EMAIL_NOT_KEPT', 'halt', `SAP does not find customer ${lostEmail} by the e-mail address it was created with`, {
    fix: 'Look into ADR6: a user exit may drop the e-mail address, SAP may keep it with a person (PERSNUMBER), or SMTP_SRCH may be empty. Repair that, then resume the connection: without it no customer could be found again after a lost answer.',
  });
}
