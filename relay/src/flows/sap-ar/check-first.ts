import { SystemError } from '@ml-connector/shared';
import { explainedSapError, isErrorMessage } from '../../systems/sap-ecc/index.ts';
import { postingOf } from './body.ts';
import type { ArPost } from './post.ts';
import type { ArSettings } from './settings.ts';
import { postingsOf } from './standing.ts';

/** Asks SAP whether it would take these documents. Rejects as posting them would; a closed period only where no other day is looked for. */
export async function checkFirst(
  { body, target, scope }: ArPost,
  { settings, customer, places }: { settings: ArSettings; customer: string; places: readonly number[] },
): Promise<void> {
  for (const place of places) {
    const posting = postingOf(body, place + 1, { customer, postingDate: body.header.postingDate });
    const messages = (await postingsOf(target).check(posting, scope)).filter(isErrorMessage);
    if (messages.length === 0) continue;
    const doing = `checking ${posting.reference} before anything is posted or reversed`;
    const error = explainedSapError(new SystemError('SAP_RETURN_ERROR', 'refused', doing, { facts: { messages } }), doing);
    if (error.code !== 'SAP_PERIOD_CLOSED' || settings.postingDateRule === 'keep') throw error;
  }
}
