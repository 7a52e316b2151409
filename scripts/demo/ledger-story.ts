import {
  compareJournals,
  glFlow,
  setUpGlFlow,
  setValueMap,
  startGlFlow,
  waitFor,
  type Customer,
  type JournalComparison,
  type Landscape,
} from '../landscape/index.ts';
import type { Stage } from './stage.ts';

interface LedgerRecord {
  id: string;
  key: string;
  label: string;
  state: string;
  reasons: { code: string; message: string }[];
}

/** Goods received and not yet invoiced: nobody thought of mapping it. */
const forgottenAccount = '191100';

/** Plays the second flow: documents become journals, some wait for an account, one answer is lost. Answers every deviation. */
export async function runLedgerStory(landscape: Landscape, vendors: Customer, stage: Stage): Promise<string[]> {
  stage.begin('General ledger: mapping the chart of accounts, and posting the documents of company code 1000');
  const customer = await setUpGlFlow(landscape, vendors, { forgottenAccounts: [forgottenAccount] });
  await startGlFlow(landscape, customer);
  await settled(landscape, customer, stage);
  const waited = await releaseBlocked(landscape, customer, stage);
  const lost = await loseAnswer(landscape, customer, stage);

  stage.begin("Comparing SAP's documents and Cin7's journals, account by account");
  const compared = await compareJournals(landscape);
  showBalances(compared, stage);
  stage.table([
    { what: 'documents in SAP, company code 1000', count: compared.documents },
    { what: 'journals in Cin7 Core (a document with exchange differences needs two)', count: compared.journals },
    { what: 'documents that waited for an account to be mapped', count: waited },
    { what: 'lost answers that were resolved by asking Cin7 Core', count: lost },
    { what: 'documents posted twice', count: compared.duplicates.length },
    { what: 'documents lost', count: compared.losses.length },
  ]);
  const open = (await records(landscape, customer)).filter(({ state }) => state !== 'succeeded' && state !== 'skipped');
  return [
    ...compared.duplicates,
    ...compared.losses,
    ...compared.wrong,
    ...open.map(({ key, state, reasons }) => `document ${key} is still ${state}: ${reasons.map(({ message }) => message).join('; ')}`),
    ...(waited > 0 ? [] : ['no document waited for the account that was forgotten']),
    ...(lost === 1 ? [] : [`${lost} lost answers were resolved by asking, not 1`]),
  ];
}

/** Documents wait, naming what is missing; the entry is added, and they go out by themselves. */
async function releaseBlocked(landscape: Landscape, customer: Customer, stage: Stage): Promise<number> {
  stage.begin(`Mapping account ${forgottenAccount}, which was forgotten; what waited for it goes out by itself`);
  const blocked = (await records(landscape, customer)).filter(({ state }) => state === 'blocked');
  const [one] = blocked;
  if (one)
    stage.say(`${blocked.length} documents wait, for instance ${one.label}: ${one.reasons.map(({ message }) => message).join('; ')}`);
  await setValueMap(landscape, customer, 'gl-accounts', { [forgottenAccount]: forgottenAccount });
  await settled(landscape, customer, stage);
  const left = (await records(landscape, customer)).filter(({ state }) => state === 'blocked').length;
  stage.say(`${blocked.length - left} documents went out`);
  return blocked.length - left;
}

/** Cin7 posts the journal, its answer is lost, and so is the look that follows at once. */
async function loseAnswer(landscape: Landscape, customer: Customer, stage: Stage): Promise<number> {
  stage.begin('Posting one more document; the answer of Cin7 Core is lost after it was applied');
  const { sap, cin7, relay } = landscape;
  await cin7.addFault({ kind: 'loseNextAnswer', method: 'PUT', path: '/journal' });
  await cin7.addFault({ kind: 'dropBeforeCommit', method: 'GET', path: '/journal', after: 2, times: 4 });
  const { number } = await sap.control.call('post-document', {
    companyCode: '1000',
    documentType: 'SA',
    headerText: 'Umbuchung Reisekosten',
    items: [
      { side: 'S', account: '0000476000', amount: '1234.56', costCenter: '0000004711' },
      { side: 'H', account: '0000113100', amount: '1234.56' },
    ],
  });
  await relay.api.post(`${customer.path}/runs`, { integrationId: customer.integrationId, flowId: glFlow });
  const record = await waitFor(
    'the document to be posted',
    async () => (await records(landscape, customer)).find(({ key, state }) => key.includes(`/${number}/`) && state === 'succeeded'),
    60_000,
  );
  const { events } = await relay.api.get<{ events: { kind: string; data: { outcome?: string } }[] }>(
    `${customer.path}/records/${record.id}`,
  );
  const told = events.filter(({ kind }) => ['posting', 'uncertain', 'looked up', 'succeeded'].includes(kind));
  stage.say(`${record.label}: ${told.map(({ kind, data }) => (data.outcome ? `${kind} (${data.outcome})` : kind)).join(', ')}`);
  return told.filter(({ kind, data }) => kind === 'looked up' && data.outcome === 'applied').length;
}

function showBalances({ sapBalances, cin7Balances }: JournalComparison, stage: Stage): void {
  const accounts = [...new Set([...sapBalances.keys(), ...cin7Balances.keys()])].toSorted();
  stage.table(
    accounts.map((account) => ({
      account,
      'SAP, EUR': euros(sapBalances.get(account)),
      'Cin7 Core, EUR': euros(cin7Balances.get(account)),
    })),
  );
}

function euros(cents = 0n): string {
  const digits = String(cents < 0n ? -cents : cents).padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

function records({ relay }: Landscape, { path, integrationId }: Customer): Promise<LedgerRecord[]> {
  return relay.api.all<LedgerRecord>(`${path}/records?integrationId=${integrationId}`);
}

/** Until the newest run is through and no document can move without a person. */
async function settled(landscape: Landscape, customer: Customer, stage: Stage): Promise<void> {
  await waitFor(
    'all documents to come to rest',
    async () => {
      const all = await records(landscape, customer);
      const counts = Map.groupBy(all, ({ state }) => state);
      stage.progress([...counts].map(([state, { length }]) => `${length} ${state}`).join(', '));
      const page = await landscape.relay.api.get<{ items: { state: string }[] }>(
        `${customer.path}/runs?integrationId=${customer.integrationId}&limit=1`,
      );
      return page.items[0]?.state === 'succeeded' && !['pending', 'posting', 'failed', 'uncertain'].some((state) => counts.has(state));
    },
    300_000,
  );
}
