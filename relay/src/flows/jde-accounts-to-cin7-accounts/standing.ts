import type { JdeAccount } from '../../systems/jde/index.ts';
import { shownCode } from './account-codes.ts';
import type { AccountFlowSettings } from './settings.ts';

/** Why an account is none of this flow's; undefined when it is. */
export function whyNotLookedAfter({ company, object }: JdeAccount, { companies, objects }: AccountFlowSettings): string | undefined {
  const isIn = (range: string): boolean => {
    const [first = '', last = first] = range.split('-');
    return object.length === first.length && object >= first && object <= last;
  };
  if (companies.length > 0 && !companies.some((one) => one.padStart(5, '0') === company))
    return `company ${company} is not among ${companies.join(', ')}`;
  const excluded = objects.exclude.find(isIn);
  if (excluded) return `object account ${object} is left out by ${excluded}`;
  if (objects.include.length > 0 && !objects.include.some(isIn))
    return `object account ${object} is not among ${objects.include.join(', ')}`;
  return undefined;
}

const meanings: Record<string, string> = { B: 'budget only', I: 'inactive', N: 'non-posting' };

/** Why nothing is posted to an account in JD Edwards, as a sentence; undefined where it is open. */
export function whyClosed(account: JdeAccount, { notPostable, titleLevels }: AccountFlowSettings): string | undefined {
  const { levelOfDetail, postingEdit } = account;
  if (notPostable.includes(postingEdit))
    return `${shownCode(account)} takes no postings in JD Edwards: posting edit ${posting(postingEdit)}`;
  if (titleLevels.includes(levelOfDetail)) return `${shownCode(account)} is a title in JD Edwards: level of detail ${levelOfDetail}`;
  return undefined;
}

/** `I (inactive)`; `blank` for an account that posts freely. */
export function posting(code: string): string {
  if (code === '') return 'blank';
  return meanings[code] ? `${code} (${meanings[code]})` : code;
}
