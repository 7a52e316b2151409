import { SystemError } from '@ml-connector/shared';
import type { Cin7Journals, Cin7Session } from '../../systems/cin7-core/index.ts';
import type { JdeSession } from '../../systems/jde/index.ts';
import type { BlockReason, PostInput, PostResult, ProbeOutcome, RecordNews } from '../flow.ts';
import { accountIn, changesOf, type AccountChange } from './changes.ts';
import type { AccountBody, AccountPayload } from './payload.ts';
import { accountFlowSettings } from './settings.ts';

export const accountFlowId = 'jde-accounts-to-cin7-accounts';

export type AccountPost = PostInput<AccountPayload, AccountBody, JdeSession, Cin7Session & { readonly journals: Cin7Journals }>;

/**
 * Links an account to the one of Cin7 Core after looking whether that one can be posted to; writes nothing there. What changed since the last
 * time stands as lines on the trail of the record.
 */
export async function linkAccount(input: AccountPost): Promise<PostResult> {
  const { body, target, scope } = input;
  if (body.action === 'forget') return forget(input);
  const problems = await problemsOf(input);
  if (problems.length > 0)
    throw new SystemError('ACCOUNT_NOT_USABLE', 'refused', `mapping account ${body.code} to ${body.account}: ${problems.join('; ')}`, {
      fix: 'Correct the entry in the value map accounts, or the account in Cin7 Core; then replay this record.',
    });
  const accounts = await target.accounts(scope);
  const name = accounts.find(({ Code }) => Code.trim().toLowerCase() === body.account.trim().toLowerCase())?.Name ?? '';
  const changes = await changesSince(input, body.account);
  return {
    // One account of Cin7 Core is that of many in JD Edwards, so the target of a link names both.
    targetId: targetIdOf(body),
    targetLabel: `${body.account} ${name}`.trim(),
    action: input.link === undefined ? 'created' : changes.length > 0 ? 'updated' : 'unchanged',
    tells: toNews(body.id, changes),
  };
}

/** Nothing is ever written to Cin7 Core, so nothing can have been applied: linking once more does no harm. */
export function probeAccount(): Promise<ProbeOutcome> {
  return Promise.resolve({ outcome: 'absent' });
}

/** For a dry run: what linking would be refused for. */
export async function tryOutAccount(input: AccountPost): Promise<BlockReason[]> {
  return (await problemsOf(input)).map((message) => ({ code: 'ACCOUNT_NOT_USABLE', message }));
}

/** What overrides must leave in place. */
export function checkAccount(body: AccountBody, payload: AccountPayload): BlockReason[] {
  const id = payload.kind === 'account' ? payload.account.id : payload.id;
  const isWhole = body.id === id && (body.action === 'forget' || body.account.trim() !== '');
  return isWhole
    ? []
    : [{ code: 'OVERRIDE_RESULT_INVALID', message: 'overrides must leave id as it is, and account must name one of Cin7 Core' }];
}

function problemsOf({ body, target, settings, scope }: AccountPost): Promise<string[]> {
  if (body.action === 'forget') return Promise.resolve([]);
  const { allowedControlAccounts: allowed } = accountFlowSettings.parse(settings);
  return target.journals.accountProblems({ codes: [body.account], allowed, refused: [] }, scope);
}

function targetIdOf({ id, account }: Extract<AccountBody, { action: 'link' }>): string {
  return `${account}/${id}`;
}

async function changesSince(input: AccountPost, account: string): Promise<AccountChange[]> {
  const { link, record, payload } = input;
  if (!link) return [];
  const linked = link.targetId.slice(0, link.targetId.lastIndexOf('/'));
  const mapped: AccountChange[] =
    linked === account
      ? []
      : [{ event: 'account mapped anew', before: linked, now: account, message: `mapped to ${account}, before to ${linked}` }];
  const last = await input.lastPosted();
  const was = accountIn(last);
  const is = accountIn(payload);
  if (last !== undefined && !was)
    return [{ event: 'account is there again', before: '', now: record.label, message: `JD Edwards has ${record.label} again` }, ...mapped];
  return [...(was && is ? changesOf(was, is) : []), ...mapped];
}

/** JD Edwards no longer has it. The link stays, so that the record keeps telling what it was. */
async function forget(input: AccountPost): Promise<PostResult> {
  const { body, link } = input;
  const was = accountIn(await input.lastPosted());
  const message = `JD Edwards no longer has account ${body.id}${was ? ` ${was.description}` : ''}; its entries in the value map can go`;
  return {
    targetId: link?.targetId ?? body.id,
    targetLabel: 'no longer in JD Edwards',
    action: 'updated',
    tells: toNews(body.id, [{ event: 'account gone', before: was?.description ?? '', now: '', message }]),
  };
}

function toNews(key: string, changes: readonly AccountChange[]): RecordNews[] {
  return changes.map(({ event, ...data }) => ({ flowId: accountFlowId, key, event, data }));
}
