import type { Cin7Journals, Cin7Session } from '../../systems/cin7-core/index.ts';
import { readAccounts, type JdeSession } from '../../systems/jde/index.ts';
import type { ExtractInput, ExtractedBatch, ExtractedRecord, Flow } from '../flow.ts';
import { accountMap, shownCode } from './account-codes.ts';
import { accountCodes } from './codes.ts';
import { mapAccount } from './map.ts';
import type { AccountBody, AccountPayload } from './payload.ts';
import { accountFlowId, checkAccount, linkAccount, probeAccount, tryOutAccount } from './post.ts';
import { reconcileAccounts } from './reconcile.ts';
import { accountFlowSettings } from './settings.ts';

/**
 * The chart of JD Edwards (F0901) keeps the value map from its accounts to those of Cin7 Core: it proposes entries, and tells what changed. No
 * account is ever created or changed, on either side.
 */
export const jdeAccountsToCin7Accounts: Flow<AccountPayload, AccountBody, JdeSession, Cin7Session & { readonly journals: Cin7Journals }> = {
  id: accountFlowId,
  title: 'JD Edwards accounts to the account map of Cin7 Core',
  from: 'jde',
  to: 'cin7-core',
  kind: 'master',
  settings: accountFlowSettings,
  schedule: { everyMs: 60 * 60_000, sweepEveryMs: 24 * 3_600_000 },
  valueMaps: [
    {
      id: accountMap,
      title: 'Accounts',
      from: 'JD Edwards account (OBJ, OBJ.SUB, or MCU.OBJ.SUB for one business unit)',
      to: 'Cin7 Core account',
      missing: 'block',
    },
  ],
  extract: extractAccounts,
  map: mapAccount,
  checkBody: checkAccount,
  post: linkAccount,
  probe: probeAccount,
  tryOut: tryOutAccount,
  reconcile: reconcileAccounts,
  codes: accountCodes,
};

async function* extractAccounts(input: ExtractInput<JdeSession>): AsyncGenerator<ExtractedBatch<AccountPayload>, void, void> {
  const { mode, cursor, source: session, scope, clock } = input;
  const { companies } = accountFlowSettings.parse(input.settings);
  const batches = readAccounts({
    session,
    scope,
    clock,
    companies,
    // Accounts have no business day.
    mode: mode === 'backfill' ? 'sweep' : mode,
    cursor,
    progress: (message) => input.progress(message),
    linkedKeys: () => input.linkedKeys((id) => ({ kind: 'gone', id }) satisfies AccountPayload),
  });
  for await (const { items, gone, cursor: next } of batches) {
    const records = [
      ...items.map((account): ExtractedRecord<AccountPayload> => ({
        key: account.id,
        label: `${shownCode(account)} ${account.description}`.trim(),
        payload: { kind: 'account', account },
      })),
      ...gone.map((id): ExtractedRecord<AccountPayload> => ({ key: id, label: id, payload: { kind: 'gone', id } })),
    ];
    yield { records, cursor: next };
  }
}
