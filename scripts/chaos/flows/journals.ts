import { addAmounts, compareAmounts, subtractAmounts } from '@ml-connector/shared';
import type { JournalRow } from '../../sandbox/cin7/index.ts';
import type { ControlCalls } from '../../sandbox/sap/index.ts';
import type { Deviations } from '../deviations.ts';
import type { Lane } from '../lane.ts';
import { untilRest } from '../rest.ts';
import { anyMoment, begun, idle, ledgerPoint, lookAfterWrite, lookUpAfterLoss, sapCall, settled, takenIn, targetCall } from '../steps.ts';
import type { HttpCall } from '../wires/index.ts';
import type { ChaosFlow } from './flow.ts';

const flowId = 'sap-gl-documents-to-cin7-journals';
const companyCode = '1000';
const fewestDocuments = 8;
const journal =
  (method: string, path = /^journal\b/i) =>
  (call: HttpCall) =>
    call.method === method && path.test(call.path);
const itemTables = ['BSEG', 'FAGLFLEXA'];

const drafting = {
  write: journal('POST'),
  read: journal('GET', /^journal\?Search=/i),
  // Key and date: it is looked for by the key.
  about: (body: string) => (JSON.parse(body) as { Narration: string }).Narration.replace(/ \d{4}-\d\d-\d\d.*$/, ''),
};

/** Posted documents become journals: drafted, read back, completed. Cin7 takes any narration twice, so nothing but the product keeps them single. */
export const journalChaos: ChaosFlow = {
  id: flowId,
  steps: [
    idle,
    anyMoment,
    sapCall('reading document headers', { phase: 'before', tables: ['BKPF'], nth: [1, 2] }),
    sapCall('reading items', { phase: 'before', tables: itemTables, nth: [1, 1] }),
    sapCall('items read, answer on its way', { phase: 'after', tables: itemTables, nth: [1, 1] }),
    ledgerPoint('taken in', { ...takenIn(flowId), nth: [1, 1] }),
    ledgerPoint('posting is on disk', { ...begun(flowId), nth: [1, 4] }),
    targetCall('look before posting', { phase: 'before', matches: journal('GET', /^journal\?Search=/i), nth: [1, 4] }),
    targetCall('drafting, not applied yet', { phase: 'before', matches: journal('POST'), nth: [1, 3] }),
    targetCall('drafted, answer on its way', { phase: 'after', matches: journal('POST'), nth: [1, 3] }),
    lookAfterWrite('between draft and completion', drafting),
    targetCall('completing, not applied yet', { phase: 'before', matches: journal('PUT'), nth: [1, 3] }),
    targetCall('completed, answer on its way', { phase: 'after', matches: journal('PUT'), nth: [1, 3] }),
    lookUpAfterLoss('look-up after a lost answer', drafting),
    ledgerPoint('settling', { ...settled(flowId), nth: [1, 4] }),
  ],
  async begin(lane) {
    const { landscape, customer } = lane;
    const { path, sapConnectionId, cin7ConnectionId } = customer;
    const { api } = landscape.relay;
    const { id: integrationId } = await api.post<{ id: string }>(`${path}/integrations`, {
      name: 'SAP ledger to Cin7',
      sourceConnectionId: sapConnectionId,
      targetConnectionId: cin7ConnectionId,
      flows: [
        { flowId, enabled: false, settings: { companyCodes: [companyCode], startDate: '2024-01-01' }, schedule: { everySeconds: 3600 } },
      ],
    });
    const accounts = await accountMap(lane);
    await api.put(`${path}/integrations/${integrationId}/value-maps/gl-accounts/entries`, {
      entries: [...accounts].map(([from, to]) => ({ from, to })),
    });
    await landscape.sap.control.call('invent-documents', { count: 5, seed: 1 });
    await api.patch(`${path}/integrations/${integrationId}/flows/${flowId}`, { enabled: true });
    await untilRest(lane, () => compare(lane, accounts), 60_000);
    return {
      async makeWork(random) {
        // Those of other company codes are none of this flow's.
        for (let mine = 0; mine < fewestDocuments;) {
          const invention = { count: random.between(8, 16), seed: random.between(2, 1_000_000_000) };
          const keys = await landscape.sap.control.call('invent-documents', invention);
          mine += keys.filter((key) => key.companyCode === companyCode).length;
        }
      },
      run: async () => void (await landscape.relay.api.post(`${path}/runs`, { integrationId, flowId })),
      compare: () => compare(lane, accounts),
    };
  },
};

/** Every SAP account has one of Cin7's that may be posted to, as far as there are enough. */
async function accountMap({ landscape: { sap, cin7 } }: Lane): Promise<Map<string, string>> {
  const rows = await sap.control.call('rows', { table: 'SKB1' });
  const there = (await cin7.accounts()).filter(({ Status, SystemAccount, SystemAccountCode }) => {
    return Status === 'ACTIVE' && SystemAccount === null && SystemAccountCode === null;
  });
  const numbers = [...new Set(rows.map((row) => (row['SAKNR'] ?? '').replace(/^0+/, '')))];
  return new Map(numbers.map((number, index) => [number, there[index % there.length]?.Code ?? '']));
}

type TrueDocument = ControlCalls['documents']['answer'][number];

async function compare({ landscape: { sap, cin7 }, ledger }: Lane, accounts: ReadonlyMap<string, string>): Promise<Deviations> {
  const [documents, journals, { sid, client }, posted] = await Promise.all([
    sap.control.call('documents', { companyCodes: [companyCode] }),
    cin7.journals(),
    sap.control.call('status'),
    sap.control.call('postings', { companyCode }),
  ]);
  // What the shop posts beside this flow is read with the next run, which nobody may have asked for yet.
  const ofShop = new Set(
    posted.flatMap(({ reference, number, fiscalYear }) => (reference.startsWith('BC') ? [`${number}/${fiscalYear}`] : [])),
  );
  const byKey = Map.groupBy(
    journals.filter(({ Status }) => Status !== 'VOIDED'),
    ({ Narration }) => /^SAP (\S+ \S+\/\S+\/\d{4}) /.exec(Narration)?.[1] ?? Narration,
  );
  const entries = new Map(ledger.newest(flowId).map((entry) => [entry.key, entry]));
  const found: Deviations = { duplicates: [], losses: [], wrong: [] };
  for (const document of documents) {
    const key = `${sid}/${client} ${document.companyCode}/${document.number}/${document.fiscalYear}`;
    const mine = byKey.get(key) ?? [];
    byKey.delete(key);
    const wanted = balancesOf(document, accounts);
    const entry = entries.get(key);
    if (!entry && mine.length === 0 && ofShop.has(`${document.number}/${document.fiscalYear}`)) continue;
    for (const [narration, same] of Map.groupBy(mine, ({ Narration }) => Narration))
      if (same.length > 1) found.duplicates.push(`${same.length} journals "${narration}": ${same.map(told).join(', ')}`);
    const drafts = mine.filter(({ Status }) => Status !== 'COMPLETED');
    const isThere = wanted.size === 0 || (mine.length > 0 && drafts.length === 0);
    if (!isThere)
      found.losses.push(`document ${key} has ${mine.map(told).join(', ') || 'no journal'}; the ledger says ${entry?.state ?? 'nothing'}`);
    if (isThere && !isTold(entry, mine))
      found.losses.push(`document ${key}, ${mine.map(told).join(', ')}: the ledger says ${entry?.state}`);
    if (isThere && mine.length > 0) found.wrong.push(...differences(wanted, mine).map((what) => `document ${key}: ${what}`));
  }
  for (const [key, [one]] of byKey) found.duplicates.push(`${one ? told(one) : ''} is about ${key}, which SAP has not`);
  return found;
}

/** Debit less credit in local currency for each account of Cin7 that the document moves. */
function balancesOf({ items }: TrueDocument, accounts: ReadonlyMap<string, string>): Map<string, string> {
  return sums(
    items.map(({ side, account, localAmount }) => {
      const amount = side === 'debit' ? localAmount : subtractAmounts('0', localAmount);
      return [accounts.get(account.replace(/^0+/, '')) ?? account, amount];
    }),
  );
}

function sums(moves: readonly (readonly [account: string, amount: string])[]): Map<string, string> {
  const balances = new Map<string, string>();
  for (const [account, amount] of moves) balances.set(account, addAmounts(balances.get(account) ?? '0', amount));
  return new Map([...balances].filter(([, balance]) => compareAmounts(balance, '0') !== 0));
}

function differences(wanted: ReadonlyMap<string, string>, journals: readonly JournalRow[]): string[] {
  const there = sums(
    journals.flatMap(({ Lines }) =>
      Lines.flatMap(({ Debit, Credit, BaseAmount }) => [[Debit, BaseAmount] as const, [Credit, subtractAmounts('0', BaseAmount)] as const]),
    ),
  );
  return [...new Set([...wanted.keys(), ...there.keys()])]
    .filter((account) => compareAmounts(wanted.get(account) ?? '0', there.get(account) ?? '0') !== 0)
    .map((account) => `account ${account} is moved by ${wanted.get(account) ?? 0} in SAP and by ${there.get(account) ?? 0} in Cin7`);
}

function isTold(entry: { state: string; targetId: string | null } | undefined, journals: readonly JournalRow[]): boolean {
  if (entry?.state === 'skipped') return journals.length === 0;
  return entry?.state === 'succeeded' && journals.some(({ TaskID }) => TaskID === entry.targetId?.toLowerCase());
}

function told({ JournalNumber, Status }: JournalRow): string {
  return `journal ${JournalNumber} ${Status}`;
}
