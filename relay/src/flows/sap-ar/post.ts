import { isSystemError, SystemError, toSystemError } from '@ml-connector/shared';
import type { FiDocumentKey, SapSession } from '../../systems/sap-ecc/index.ts';
import type { PostInput, PostResult, PostWait } from '../flow.ts';
import { refuseBehindFinance, refuseUnasked } from './agreement.ts';
import { assertNameable, postingOf, readHeaderText, type ArBody } from './body.ts';
import { checkFirst } from './check-first.ts';
import { assertReferenceKept, refuseWhereReferencesAreLost } from './reference-check.ts';
import { oneAtATime } from './one-at-a-time.ts';
import { firstOpenDay } from './open-day.ts';
import { arSettingsShape, type ArSettings } from './settings.ts';
import {
  documentsOf,
  isDone,
  isRight,
  lookUpStanding,
  otherStore,
  postingsOf,
  targetIdOf,
  targetLabelOf,
  type Standing,
  type StandingDocument,
} from './standing.ts';

export type ArPost = PostInput<unknown, ArBody, unknown, SapSession>;

/** The customer often comes a moment after the order; who does not is asked for ever less often. */
const customerCheckMs = { first: 60_000, longest: 15 * 60_000 };

/**
 * Makes SAP hold what the body says. Looks first what stands there by its reference; what is right is left alone, so that it can be called
 * again after any interruption. What an earlier version left is reversed, by rule or once a person has said so, and only then posted anew.
 */
export async function postArDocuments(input: ArPost): Promise<PostResult | PostWait> {
  const { body, target } = input;
  const settings = settingsOf(input);
  refuseWhereReferencesAreLost(target, body.companyCode);
  assertNameable(body);
  const customer = await customerOf(input);
  if (typeof customer !== 'string') return customer;
  // A cancelled order names no customer; what is reversed there is rare.
  const account = `${body.companyCode} ${customer}`;
  return oneAtATime(target, account, () => bringAbout(input, { settings, customer }), input.scope.signal);
}

async function bringAbout(
  input: ArPost,
  { settings, customer }: { settings: ArSettings; customer: string },
): Promise<PostResult | PostWait> {
  const { body, target, scope } = input;
  const standing = await lookUpStanding(target, body, scope);
  if (isDone(body, standing)) {
    if (body.parts.length === 0) await refuseBehindFinance(input, standing);
    return resultOf(body, documentsOf(standing), 'unchanged');
  }
  refuseForeign(body, standing);
  await refuseBehindFinance(input, standing);
  const outdated = standing.parts.filter((one): one is StandingDocument => one?.content === 'earlier');
  if (outdated.length > 0 && settings.afterChange === 'block') await refuseUnasked(input, outdated);
  const missing = [...body.parts.keys()].filter((place) => !isRight(standing.parts[place]));
  const numbered = numbering(input);
  const done: string[] = [];
  try {
    // Half of it is worse than nothing: what SAP would refuse is refused before the first step.
    if (outdated.length + missing.length > 1) await checkFirst(input, { settings, customer, places: missing });
    for (const { document } of outdated.toReversed()) {
      await reverse(input, { settings, document, postingDate: document.postingDate, unitId: numbered('r') });
      done.push(`${targetIdOf([document])} is reversed`);
    }
    const documents: FiDocumentKey[] = [];
    for (const place of body.parts.keys()) {
      const present = standing.parts[place];
      if (isRight(present)) documents.push(present.document);
      else {
        const document = await post(input, { settings, part: place + 1, customer, numbered });
        documents.push(document);
        done.push(`${targetIdOf([document])} is posted`);
      }
    }
    return resultOf(body, documents, outdated.length > 0 ? 'updated' : 'created');
  } catch (error) {
    if (isSystemError(error) && error.code === 'SAP_PERIOD_CLOSED') return closed(body, settings, [...done, error.message].join('; '));
    throw done.length > 0 ? after(done, error) : error;
  }
}

/** The same failure, with what stands in SAP since: a person who reads it must not have to look for that. */
function after(done: readonly string[], error: unknown): SystemError {
  const { code, verdict, message, fix, facts, retryAfterMs } = toSystemError(error, 'posting');
  return new SystemError(code, verdict, `${message} (before that: ${done.join('; ')})`, { cause: error, fix, facts, retryAfterMs });
}

export function settingsOf({ settings }: Pick<ArPost, 'settings'>): ArSettings {
  return arSettingsShape.parse(settings);
}

/** What the engine is told: also of a source document for which nothing stands in SAP any more. */
export function resultOf(body: ArBody, documents: readonly FiDocumentKey[], action: PostResult['action']): PostResult {
  if (documents.length > 0) return { targetId: targetIdOf(documents), targetLabel: targetLabelOf(documents), action };
  return { targetId: `none ${body.companyCode}/${body.reference}`, targetLabel: 'no document in SAP', action };
}

/** The SAP customer, or a wait for its own record. */
async function customerOf(input: ArPost): Promise<string | PostWait> {
  const { body } = input;
  const { customer } = body;
  if (customer.kind !== 'linked') return customer.number;
  if (body.parts.length === 0) return '';
  const link = await input.linkOf(customer.record);
  if (link) return link.targetId;
  return {
    action: 'waiting',
    reason: {
      code: 'CUSTOMER_NOT_IN_SAP',
      message: `${body.name} waits until customer ${customer.record.key} of ${customer.record.flowId} is in SAP`,
    },
    checkAfterMs: Math.min(input.record.attempt * customerCheckMs.first, customerCheckMs.longest),
    until: customer.record,
  };
}

function refuseForeign(body: ArBody, { parts }: Standing): void {
  const foreign = parts.flatMap((one) => (one?.content === 'foreign' ? [one.document] : []));
  if (foreign.length === 0) return;
  const shown = foreign
    .map(({ documentNumber, fiscalYear, total, currency }) => `${documentNumber}/${fiscalYear} over ${total} ${currency}`)
    .join(', ');
  const isOfOthers = foreign.some(({ headerText }) => readHeaderText(headerText) !== undefined);
  throw new SystemError(
    'SAP_DOCUMENT_FOREIGN',
    'refused',
    `${body.name}: SAP already holds ${shown} with its reference, posted by somebody else`,
    {
      fix: isOfOthers
        ? otherStore
        : 'Skip this record where that document is the right one. Otherwise reverse it in SAP (FB08), or change its reference, and replay.',
    },
  );
}

/** A unit id for each step of this attempt, never the same twice. */
function numbering({ record }: ArPost): (step: string) => string {
  let count = 0;
  return (step) => `${record.id}.${record.attempt}.${step}${++count}`;
}

async function post(
  input: ArPost,
  { settings, part, customer, numbered }: { settings: ArSettings; part: number; customer: string; numbered: (step: string) => string },
): Promise<FiDocumentKey> {
  const { body, target, scope } = input;
  const send = (postingDate: string): Promise<FiDocumentKey> =>
    postingsOf(target).post({ unitId: numbered('p'), posting: postingOf(body, part, { customer, postingDate }) }, scope);
  const { postingDate } = body.header;
  const document = await send(postingDate).catch(async (error: unknown) =>
    send(await openDayInstead(input, settings, { postingDate, error })),
  );
  await assertReferenceKept(target, { body, part, document, scope });
  return document;
}

async function reverse(
  input: ArPost,
  { settings, document, postingDate, unitId }: { settings: ArSettings; document: FiDocumentKey; postingDate: string; unitId: string },
): Promise<void> {
  const { target, scope } = input;
  const send = (day: string, id: string): Promise<FiDocumentKey> =>
    postingsOf(target).reverse(
      {
        unitId: id,
        document,
        reason: day === postingDate ? settings.reversalReason : settings.laterReversalReason,
        postingDate: day.replaceAll('-', ''),
      },
      scope,
    );
  await send(postingDate, unitId).catch(async (error: unknown) =>
    send(await openDayInstead(input, settings, { postingDate, error }), `${unitId}b`),
  );
}

/** The first open day where the rule says so; else the error. */
async function openDayInstead(
  { body, target, scope }: ArPost,
  { postingDateRule }: ArSettings,
  { postingDate, error }: { postingDate: string; error: unknown },
): Promise<string> {
  if (!isSystemError(error) || error.code !== 'SAP_PERIOD_CLOSED' || postingDateRule === 'keep') throw error;
  const today = (await target.serverTime(scope)).date;
  const day = await firstOpenDay({ after: postingDate, until: today }, (one) =>
    postingsOf(target).isPeriodOpen({ companyCode: body.companyCode, postingDate: one }, scope),
  );
  if (day === undefined) throw error;
  return day;
}

function closed({ name }: ArBody, { periodCheckMinutes }: ArSettings, why: string): PostWait {
  return {
    action: 'waiting',
    reason: { code: 'SAP_PERIOD_CLOSED', message: `${name} waits for an open period: ${why}` },
    checkAfterMs: periodCheckMinutes * 60_000,
  };
}
