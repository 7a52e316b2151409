import type { SapSystemParts } from '../parts.ts';
import { checkGlItem } from './check-accounts.ts';
import { checkAmounts, type Amounts } from './check-amounts.ts';
import { checkHeader } from './check-header.ts';
import { checkPartnerItem, isOneTime, warnOfDuplicates } from './check-partners.ts';
import { checkTaxes, checkTaxItem } from './check-tax.ts';
import type { Draft, DraftItem } from './draft.ts';
import { Judge, type Frame, type JudgedItem } from './judge.ts';
import type { Message } from './messages.ts';
import { isPeriodOpen } from './periods.ts';

/** A document that SAP would take. */
export interface Posting {
  frame: Frame;
  amounts: Amounts;
  items: PostedItem[];
  draft: Draft;
}

export interface PostedItem extends JudgedItem {
  isOneTime: boolean;
}

/** KOART */
export const accountTypes = { gl: 'S', tax: 'S', customer: 'D', vendor: 'K' } as const;

/** All that is wrong with the draft, and the posting where nothing of it is an error. Changes nothing. */
export function checkDocument(system: SapSystemParts, draft: Draft, functionName: string): { messages: Message[]; posting?: Posting } {
  const judge = new Judge(system, draft);
  const frame = checkHeader(judge);
  if (!frame) return { messages: judge.messages };
  if (draft.items.length > 999) judge.say('tooManyItems', ['999']);
  checkTypes(judge, frame);
  const places = draft.items.map((item) => checkItem(judge, frame, item));
  checkPeriods(judge, frame, places, functionName);
  const amounts = checkAmounts(judge, frame);
  if (amounts) checkTaxes(judge, frame, amounts);
  const { error } = system.behaviour.userExit ?? {};
  if (error && (error.documentType ?? frame.documentType) === frame.documentType) judge.say('userExit', [error.text]);
  const items = amounts ? judgedItems(judge, places, amounts) : [];
  if (amounts) for (const { draft: item, units } of items) warnOfDuplicates(judge, frame, item, { units, currency: amounts.currency });
  if (system.behaviour.returnNoise) judge.warn('noise', [frame.documentType], undefined, 'I');
  if (judge.isRefused || !amounts) return { messages: judge.messages };
  return { messages: judge.messages, posting: { frame, amounts, items, draft } };
}

type PlacedItem = Pick<JudgedItem, 'draft' | 'account' | 'more'>;

function checkItem(judge: Judge, frame: Frame, item: DraftItem): PlacedItem {
  const company = item.fields['COMP_CODE'] || frame.companyCode;
  if (company !== frame.companyCode) judge.say('otherCompany', [item.number, frame.companyCode, company], item.place);
  const { kind } = item;
  if (kind === 'gl') return { draft: item, ...checkGlItem(judge, frame, item) };
  if (kind === 'tax') return { draft: item, ...checkTaxItem(judge, frame, item) };
  return { draft: item, ...checkPartnerItem(judge, frame, { ...item, kind }) };
}

/** T003-KOARS: which account types a document type takes. */
function checkTypes(judge: Judge, { documentType }: Frame): void {
  const allowed = judge.row('T003', documentType)?.['KOARS'] ?? '';
  const used = new Set(judge.draft.items.map(({ kind }) => accountTypes[kind]));
  for (const type of used) if (!allowed.includes(type)) judge.say('typeTakesNot', [type, documentType]);
}

function checkPeriods(judge: Judge, { companyCode, fiscal }: Frame, items: readonly PlacedItem[], functionName: string): void {
  const { system } = judge;
  const isFault = system.faults.hitCall('period-closed', functionName) !== undefined;
  const closed = items.some(
    ({ draft, account }) => !isPeriodOpen(system, companyCode, fiscal, { accountType: accountTypes[draft.kind], account }),
  );
  if (!isFault && !closed) return;
  judge.say('periodClosed', [fiscal.period.padStart(3, '0'), fiscal.year], { parameter: 'DOCUMENTHEADER', row: 0, field: 'PSTNG_DATE' });
}

function judgedItems(judge: Judge, places: readonly PlacedItem[], amounts: Amounts): PostedItem[] {
  return places.map((place) => ({ ...place, ...amounts.of(place.draft.number), isOneTime: isOneTime(judge, place.draft) }));
}
