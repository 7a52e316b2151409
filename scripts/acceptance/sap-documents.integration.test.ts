/** The reader of FI documents through the real agent code and the real node-rfc addon, compared with what the simulated SAP holds. */
import { silentLog, systemClock, type SapDescribe, type SapTableRead, type TableChunk } from '@ml-connector/shared';
import type { AgentCalls } from '@ml-connector/shared/tunnel';
import { openSapBench, testCall, type SapBench } from '../../agent/src/systems/sap/testing/simulated-sap.ts';
import {
  openSapSession,
  readDocuments,
  sapEccSettings,
  totalDocuments,
  type DocumentCursor,
  type DocumentReading,
  type SapDocument,
  type SapSession,
} from '../../relay/src/systems/sap-ecc/index.ts';
import { testScope } from '../../relay/src/systems/testing/index.ts';
import { minutesBefore, trueDocuments, trueTotals, type TrueDocument } from '../sandbox/sap/index.ts';

let bench: SapBench;
let session: SapSession;

beforeAll(async () => {
  bench = await openSapBench({ vendors: 10, documents: 300, seed: 3 });
  session = openSapSession({
    tenantId: 'acme',
    connectionId: 'prd',
    settings: sapEccSettings.parse({ siteId: 'berlin', agentSystem: 'ECC' }),
    clock: systemClock,
    log: silentLog,
    agents: agentCalls(bench),
  });
});
afterAll(() => bench[Symbol.asyncDispose]());

function agentCalls({ system }: SapBench): AgentCalls {
  return {
    async call<Answer>(_target: unknown, operation: string, request: unknown): Promise<Answer> {
      const answer =
        operation === 'SapUnit'
          ? system.unit(request as Parameters<typeof system.unit>[0], testCall())
          : system.describe(request as SapDescribe, testCall());
      return (await answer) as Answer;
    },
    async *stream<Chunk, End>(_target: unknown, _operation: string, request: unknown): AsyncGenerator<Chunk, End, void> {
      const call = testCall();
      const end = await system.readTable(request as SapTableRead, call);
      for (const chunk of call.chunks) yield JSON.parse(chunk.toString('utf8')) as TableChunk as Chunk;
      return end as End;
    },
  };
}

const all: Pick<DocumentReading, 'companyCodes' | 'documentTypes' | 'startDate'> = {
  companyCodes: [],
  documentTypes: { include: [], exclude: [] },
  startDate: '2000-01-01',
};

async function read(more: Partial<DocumentReading> = {}) {
  const seen = { documents: [] as SapDocument[], cursor: more.cursor as DocumentCursor | undefined, said: [] as string[] };
  const reading = { ...all, session, scope: testScope(), mode: 'changes' as const, cursor: null, ...more };
  for await (const { documents, cursor } of readDocuments({ ...reading, progress: (message) => void seen.said.push(message) })) {
    seen.documents.push(...documents);
    if (cursor) seen.cursor = cursor;
  }
  return seen;
}

const asTruth = (document: SapDocument): TrueDocument => ({
  companyCode: document.companyCode,
  number: document.number,
  fiscalYear: document.fiscalYear,
  documentType: document.documentType,
  postingDate: document.postingDate.replaceAll('-', ''),
  period: document.period,
  currency: document.currency,
  localCurrency: document.localCurrency,
  reverses: document.reverses,
  items: document.items.map(({ number, side, account, amount, localAmount }) => ({ number, side, account, amount, localAmount })),
});

test('every posted document is read exactly as SAP holds it, to the last of 999 items and three decimals', async () => {
  const { documents, said } = await read();
  expect(documents.map(asTruth).toSorted(byKey)).toEqual(trueDocuments(bench.sap).toSorted(byKey));
  expect(documents.some(({ items }) => items.length === 999)).toBe(true);
  expect(said.at(-1)).toMatch(/\d+ documents read; left out: \d+ recurring entries, .*\d+ noted items, \d+ parked/);
});

test('after that, only what was entered since comes, a reversal with what it reverses', async () => {
  const { cursor } = await read();
  const [original] = trueDocuments(bench.sap, { companyCodes: ['1000'] }).filter(({ documentType }) => documentType === 'SA');
  const posted = bench.sap.documents.invent({ count: 4, seed: 9 });
  const reversing = bench.sap.documents.reverse({
    ...(original as TrueDocument),
    postingDate: bench.sap.localTime().date,
    isNegativePosting: true,
  });
  const late = minutesBefore(bench.sap.localTime(), 12);
  const [overlapping] = [bench.sap.documents.post({ ...journal, entered: late })];
  const { documents } = await read({ cursor });
  const numbers = documents.map(({ companyCode, number }) => `${companyCode}/${number}`);
  expect(numbers.toSorted(byText)).toEqual(
    [...posted, reversing, overlapping].map((key) => `${key?.companyCode}/${key?.number}`).toSorted(byText),
  );
  const found = documents.find(({ number, companyCode }) => companyCode === '1000' && number === reversing.number);
  expect(found?.reverses).toEqual({ number: original?.number, fiscalYear: original?.fiscalYear });
  expect(found?.items.every(({ isNegativePosting }) => isNegativePosting)).toBe(true);
});

test('a document that comes later than the overlap is found by the sweep', async () => {
  const { cursor } = await read();
  const key = bench.sap.documents.post({ ...journal, entered: minutesBefore(bench.sap.localTime(), 90) });
  const missed = await read({ cursor });
  expect(missed.documents.some(({ number }) => number === key.number)).toBe(false);
  const swept = await read({ mode: 'sweep', cursor });
  expect(swept.documents.some(({ number }) => number === key.number)).toBe(true);
});

test('a backfill reads just its days, and its totals are those of SAP', async () => {
  const today = bench.sap.localTime().date;
  const from = `${today.slice(0, 6)}01`;
  const range = { first: `${from.slice(0, 4)}-${from.slice(4, 6)}-01`, last: `${from.slice(0, 4)}-${from.slice(4, 6)}-28` };
  const truth = { companyCodes: ['1000', '4000'], from, to: `${today.slice(0, 6)}28` };
  const batches = readDocuments({
    ...all,
    session,
    scope: testScope(),
    mode: 'backfill',
    cursor: null,
    range,
    companyCodes: ['4000', '1000'],
    progress: () => undefined,
  });
  const totals = await totalDocuments(batches);
  expect(totals.map(({ debits, ...more }) => ({ ...more, debits: Number(debits) }))).toEqual(
    trueTotals(bench.sap, truth).map(({ debits, ...more }) => ({ ...more, debits: Number(debits) })),
  );
});

test('another ledger gives its own lines, split and balanced, and documents that are posted in it alone', async () => {
  const { documents } = await read({ ledger: 'L1', companyCodes: ['1000'], startDate: '2025-01-01' });
  const leading = trueDocuments(bench.sap, { companyCodes: ['1000'], from: '20250101' });
  const others = bench.sap
    .stored('BKPF')
    .all()
    .filter(({ BUKRS, BSTAT }) => BUKRS === '1000' && BSTAT === 'L');
  expect(documents).toHaveLength(leading.length + others.length);
  expect(documents.flatMap(({ items }) => items).some(({ number }) => number.length === 6)).toBe(true);
  await expect(read({ ledger: 'ZZ' })).rejects.toMatchObject({ code: 'SAP_LEDGER_UNKNOWN', verdict: 'halt' });
});

const journal = {
  companyCode: '1000',
  documentType: 'SA',
  items: [
    { side: 'S' as const, account: '0000476000', amount: '12.34', text: "Büromaterial O'Brien" },
    { side: 'H' as const, account: '0000113100', amount: '12.34' },
  ],
};

const byKey = (one: TrueDocument, other: TrueDocument): number => byText(keyOf(one), keyOf(other));
const keyOf = ({ companyCode, number, fiscalYear }: TrueDocument): string => `${companyCode}/${number}/${fiscalYear}`;
const byText = (one: string, other: string): number => (one < other ? -1 : Number(one > other));
