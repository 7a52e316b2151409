import { isSystemError } from '@ml-connector/shared';
import type { SapCustomer } from '../../systems/sap-ecc/index.ts';
import type { PostResult, ProbeOutcome } from '../flow.ts';
import { customersOf, findMatch, labelOf, ownCreations, settingsOf, type CustomerPost } from './candidates.ts';
import { changesTo } from './changes.ts';
import { claimsOf } from './claims.ts';
import { ruleFor } from './post.ts';
import type { CustomerFlowSettings } from './settings.ts';

/**
 * After a lost answer: does SAP hold what was sent? A creation is known by e-mail address, name and place, as this interface of SAP has no field
 * for a mark of ours. `absent` also for a customer who is there and differs: posting looks first, and sends what is missing.
 */
export async function probeCustomer(input: CustomerPost): Promise<ProbeOutcome> {
  const { body, link, target, scope, record } = input;
  const { onMatch, outcomeMarginSeconds } = settingsOf(input);
  const absent: ProbeOutcome = { outcome: 'absent', marginMs: outcomeMarginSeconds * 1000 };
  if (link) {
    const current = await customersOf(target).get(link.targetId, scope);
    return current && isUpToDate(input, current, await ruleFor(input, current)) ? applied(current, 'updated') : absent;
  }
  const claims = claimsOf(target);
  const [own, second] = await ownCreations(input);
  if (own && second)
    return { outcome: 'unknown', why: `${labelOf(own)} and ${labelOf(second)} may both have been created for ${body.name}` };
  if (own) {
    claims.take(own.number, record.key);
    if (claims.creatorOf(body.data.email) === record.key) claims.endCreate(body.data.email);
    return applied(own, 'created');
  }
  const match = await findMatch(input).catch((error: unknown) => {
    if (isSystemError(error) && error.verdict === 'refused') return undefined;
    throw error;
  });
  // Of today and not ours: whose it is, posting finds out.
  const isClear = match !== undefined && match.createdOn < (await target.serverTime(scope)).date;
  if (!isClear || !isUpToDate(input, match, onMatch)) return absent;
  claims.take(match.number, record.key);
  return applied(match, 'updated');
}

function isUpToDate({ body }: CustomerPost, current: SapCustomer, rule: CustomerFlowSettings['onChange']): boolean {
  return rule === 'leave' || (current.kind === body.data.kind && Object.keys(changesTo(current, body.data)).length === 0);
}

function applied(customer: SapCustomer, action: PostResult['action']): ProbeOutcome {
  return { outcome: 'applied', result: { targetId: customer.number, targetLabel: labelOf(customer), action } };
}
