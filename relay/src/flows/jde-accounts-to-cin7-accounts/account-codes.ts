import type { JdeAccount } from '../../systems/jde/index.ts';

export const accountMap = 'accounts';

/** Under which codes an account is looked up in the value map, the most special first. */
export interface AccountCodes {
  /** `30.1110.X`, of this account alone. Its last part may be empty, `30.1110.`: otherwise it could be an object with a subsidiary. */
  own: string;
  /** `1110.X`, of this object and subsidiary in every business unit; `1110` where the account has no subsidiary. */
  withSubsidiary: string;
  /** `1110`, of the object whatever the subsidiary. */
  object: string;
}

export function codesOf({ businessUnit, object, subsidiary }: Pick<JdeAccount, 'businessUnit' | 'object' | 'subsidiary'>): AccountCodes {
  return {
    own: `${businessUnit}.${object}.${subsidiary}`,
    withSubsidiary: subsidiary ? `${object}.${subsidiary}` : object,
    object,
  };
}

/** In the order of looking up. */
export function lookupOrder({ own, withSubsidiary, object }: AccountCodes): string[] {
  return [...new Set([own, withSubsidiary, object])];
}

/** The one a person is asked for. */
export function askedCode({ withSubsidiary, object }: AccountCodes, by: 'object' | 'object-and-subsidiary'): string {
  return by === 'object' ? object : withSubsidiary;
}

/** As JD Edwards shows it: `30.1110.X`, `30.1110`. */
export function shownCode({ businessUnit, object, subsidiary }: Pick<JdeAccount, 'businessUnit' | 'object' | 'subsidiary'>): string {
  return [businessUnit, object, subsidiary].filter(Boolean).join('.');
}
