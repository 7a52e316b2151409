import { alphaIn, isSystemError, SystemError } from '@ml-connector/shared';
import type { SapCustomer } from '../../systems/sap-ecc/index.ts';
import type { PostResult, PostWait } from '../flow.ts';
import { oneAtATime } from '../sap-ar/index.ts';
import { customersOf, findMatch, isCreationOf, labelOf, ownCreations, salesAreaOf, settingsOf, type CustomerPost } from './candidates.ts';
import { assertSameKind, changesTo } from './changes.ts';
import { claimsOf, fold } from './claims.ts';
import { noteWhetherEmailIsKept, refuseWhereEmailsAreLost } from './email-check.ts';
import type { CustomerFlowSettings } from './settings.ts';

/**
 * Brings one customer into SAP. A linked one is changed. Without a link SAP is looked at first; who is found is linked, and changed by rule; only
 * then one is created. Customers with the same e-mail address or VAT number are dealt with one after the other, so that each sees what became of
 * the one before it.
 */
export async function postCustomer(input: CustomerPost): Promise<PostResult | PostWait> {
  const { body, link, target, scope } = input;
  const { matchBy } = settingsOf(input);
  if (link) {
    const linked = await linkedCustomer(input, link.targetId);
    return update(input, linked, await ruleFor(input, linked));
  }
  const work = (): Promise<PostResult | PostWait> => {
    if (!scope.signal.aborted) return place(input);
    throw new SystemError(
      'CUSTOMER_TURN_LOST',
      'retry',
      `posting ${body.name}: another customer with the same e-mail address took too long`,
    );
  };
  const inLineForVat = (): Promise<PostResult | PostWait> =>
    matchBy.includes('vat-number') && body.vatNumber ? oneAtATime(target, `VAT number ${body.vatNumber}`, work) : work();
  return oneAtATime(target, `e-mail ${fold(body.data.email)}`, inLineForVat);
}

async function place(input: CustomerPost): Promise<PostResult | PostWait> {
  const { record } = input;
  const waiting = await waitForOthers(input);
  if (waiting) return waiting;
  const [own, second] = record.attempt > 1 ? await ownCreations(input) : [];
  if (own && second) throw doubled(input, [own, second]);
  if (own) return take(input, own, await update(input, own, 'update'));
  const match = await findMatch(input);
  if (!match) return create(input);
  const whose = await waitWhereFresh(input, match);
  return whose ?? take(input, match, await update(input, match, settingsOf(input).onMatch));
}

/**
 * Whether the store may change a customer. One that somebody else created in SAP was only found by its e-mail address, which anybody can
 * register in the store: it stays as it is, also later, unless the setting for found ones says otherwise.
 */
export async function ruleFor(input: CustomerPost, { createdBy }: SapCustomer): Promise<CustomerFlowSettings['onChange']> {
  const { onChange, onMatch } = settingsOf(input);
  const { user } = await input.target.systemInfo(input.scope);
  return createdBy.toUpperCase() === user.toUpperCase() ? onChange : onMatch;
}

export async function linkedCustomer({ body, target, scope }: CustomerPost, number: string): Promise<SapCustomer> {
  const customer = await customersOf(target).get(number, scope);
  if (customer && !customer.isDeleted) return customer;
  const what = customer ? `customer ${number} is marked for deletion in SAP` : `SAP has no customer ${number} any more`;
  throw new SystemError('SAP_CUSTOMER_GONE', 'refused', `updating ${body.name}: ${what}`, {
    fix: `${customer ? 'Take the mark away (XD06) and replay, or remove' : 'Remove'} the link of this record and replay it: the customer is then looked for, or created anew.`,
  });
}

async function update(input: CustomerPost, current: SapCustomer, rule: CustomerFlowSettings['onChange']): Promise<PostResult> {
  const { body, target, scope, record } = input;
  const result = { targetId: current.number, targetLabel: labelOf(current) };
  if (rule === 'leave') return { ...result, action: 'unchanged' };
  assertSameKind(body.name, current, body.data);
  const change = changesTo(current, body.data);
  if (Object.keys(change).length === 0) return { ...result, action: 'unchanged' };
  const request = {
    unitId: `${record.id}.${record.attempt}`,
    number: current.number,
    kind: current.kind,
    change,
    salesArea: salesAreaOf(input),
  };
  await customersOf(target).change(request, scope);
  return { ...result, targetLabel: labelOf({ ...current, ...change }), action: 'updated' };
}

async function create(input: CustomerPost): Promise<PostResult> {
  const { body, record, target, scope } = input;
  const { data, referenceCustomer, paymentTerms } = body;
  refuseWhereEmailsAreLost(target);
  const claims = claimsOf(target);
  claims.beginCreate(data.email, record.key);
  const request = {
    unitId: `${record.id}.${record.attempt}`,
    data,
    salesArea: salesAreaOf(input),
    referenceCustomer,
    ...(paymentTerms && { paymentTerms }),
  };
  const created = await customersOf(target)
    .create(request, scope)
    .catch((error: unknown) => {
      // Where nobody knows, those with the same e-mail address wait.
      if (isSystemError(error) && error.verdict !== 'uncertain') claims.endCreate(data.email);
      throw error;
    });
  const number = alphaIn(created, 10);
  claims.endCreate(data.email);
  claims.take(number, record.key);
  await noteWhetherEmailIsKept(target, { email: data.email, number, scope });
  return { targetId: number, targetLabel: labelOf({ ...data, number }), action: 'created' };
}

/** Remembers whose it is until the ledger does: the next one with the same e-mail address may ask before. */
function take({ record, target }: CustomerPost, { number }: SapCustomer, result: PostResult): PostResult {
  claimsOf(target).take(number, record.key);
  return result;
}

/** Another record's creation, whose answer was lost, may still become a customer with this e-mail address. */
async function waitForOthers(input: CustomerPost): Promise<PostWait | undefined> {
  const { body, record, target } = input;
  const { email } = body.data;
  const claims = claimsOf(target);
  const other = claims.creatorOf(email);
  if (other === undefined || other === record.key) return undefined;
  const isSettled = (await input.linkOf(other)) !== undefined || !claims.isFirstTime(`creation for ${other}`, record.key);
  if (!isSettled) return wait(input, `whether SAP created customer ${other}, who has the same e-mail address, is being looked up`);
  claims.endCreate(email);
  return undefined;
}

/** A customer of today that is nobody's may be the creation of another record whose answer was lost with the relay that sent it. */
async function waitWhereFresh(input: CustomerPost, match: SapCustomer): Promise<PostWait | undefined> {
  const { body, record, target, scope } = input;
  if (record.attempt > 1 && isCreationOf(body, match)) return undefined;
  const { date } = await target.serverTime(scope);
  if (match.createdOn < date || !claimsOf(target).isFirstTime(`fresh ${match.number}`, record.key)) return undefined;
  return wait(input, `${labelOf(match)} was created in SAP today; whether it belongs to another customer of the store shows soon`);
}

function wait(input: CustomerPost, why: string): PostWait {
  const { outcomeMarginSeconds } = settingsOf(input);
  return {
    action: 'waiting',
    reason: { code: 'SAP_CUSTOMER_UNCLEAR', message: `${input.body.name} waits: ${why}` },
    checkAfterMs: (outcomeMarginSeconds + 60) * 1000,
  };
}

function doubled({ body }: CustomerPost, found: readonly SapCustomer[]): SystemError {
  const shown = found.map(labelOf).join(' and ');
  return new SystemError('SAP_CUSTOMER_TWICE', 'refused', `${body.name}: ${shown} may both have been created for it`, {
    fix: 'Decide which one stays and mark the other one for deletion (XD06); then replay.',
  });
}
