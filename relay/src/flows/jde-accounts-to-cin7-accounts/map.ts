import type { JdeAccount } from '../../systems/jde/index.ts';
import type { BlockReason, MapOutcome, Mapping } from '../flow.ts';
import { accountMap, askedCode, codesOf, lookupOrder, shownCode } from './account-codes.ts';
import type { AccountBody, AccountPayload } from './payload.ts';
import { accountFlowSettings, type AccountFlowSettings } from './settings.ts';
import { whyClosed, whyNotLookedAfter } from './standing.ts';

/** An account with the one of Cin7 Core that the value map names for it. Pure. */
export function mapAccount(payload: AccountPayload, mapping: Mapping): MapOutcome<AccountBody> {
  if (payload.kind === 'gone') return { outcome: 'mapped', body: { action: 'forget', id: payload.id }, notes: [] };
  const { account } = payload;
  const settings = accountFlowSettings.parse(mapping.settings);
  const notOurs = whyNotLookedAfter(account, settings);
  if (notOurs) return { outcome: 'skipped', reason: notOurs };
  const closed = whyClosed(account, settings);
  if (closed) return whenClosed(account, { closed, mapping, settings });

  const target = targetOf(account, mapping);
  if (target !== undefined) {
    return { outcome: 'mapped', body: { action: 'link', id: account.id, code: shownCode(account), account: target }, notes: [] };
  }
  const code = askedCode(codesOf(account), settings.accountsBy);
  const message = `account ${shownCode(account)} ${account.description} has no entry ${lookupOrder(codesOf(account)).join(' or ')} in the value map ${accountMap}`;
  return { outcome: 'blocked', reasons: [{ code: 'VALUE_MAP_MISSING', message, missing: { valueMapId: accountMap, code } }] };
}

/** Undefined where an entry is missing and the map's policy waits for one. */
export function targetOf(account: JdeAccount, mapping: Mapping): string | undefined {
  return mapping.lookup(accountMap, ...lookupOrder(codesOf(account))) || undefined;
}

/** An entry for all business units serves others too: closing one account is told with it. One of this account alone is left over. */
function whenClosed(
  account: JdeAccount,
  { closed, mapping, settings }: { closed: string; mapping: Mapping; settings: AccountFlowSettings },
): MapOutcome<AccountBody> {
  const { own, ...general } = codesOf(account);
  const [ownEntry] = entriesAmong([own], mapping);
  if (ownEntry && settings.closedAccounts === 'block') {
    const reason: BlockReason = {
      code: 'ACCOUNT_CLOSED',
      message: `${closed}; the value map ${accountMap} still has its entry ${ownEntry}: remove the entry, or open the account, then replay`,
    };
    return { outcome: 'blocked', reasons: [reason] };
  }
  const [entry] = ownEntry ? [ownEntry] : entriesAmong([general.withSubsidiary, general.object], mapping);
  return { outcome: 'skipped', reason: entry ? `${closed}; the value map ${accountMap} has the entry ${entry}` : closed };
}

/** What stands in the map, not what its policy answers for a code that has no entry. */
function entriesAmong(codes: readonly string[], mapping: Mapping): string[] {
  const fallback = mapping.lookup(accountMap, '');
  return codes.flatMap((code) => {
    const target = mapping.lookup(accountMap, code);
    return target === undefined || target === code || target === fallback ? [] : [`${code} -> ${target}`];
  });
}
