import * as fc from 'fast-check';
import { addAmounts, compareAmounts, negateAmount, roundAmount } from '@ml-connector/shared';
import type { SapDocument, SapDocumentItem } from '../../systems/sap-ecc/index.ts';
import { mapDocument } from './map.ts';
import { wantedJournals } from './payload.ts';
import { docItem, glAccounts, invoice, mapping } from './testing/samples.ts';

/** Currency, its decimals, and what a unit of it is worth in euro, in millionths. */
const currencies = [
  ['EUR', 2, 1_000_000n],
  ['USD', 2, 923_450n],
  ['JPY', 0, 6_154n],
  ['KWD', 3, 3_027_100n],
] as const;
const accounts = Object.keys(glAccounts).map((account) => account.padStart(10, '0'));

const smallest = fc.bigInt({ min: 0n, max: 10n ** 9n });
const item = fc.record({
  side: fc.constantFrom('debit' as const, 'credit' as const),
  account: fc.constantFrom(...accounts),
  units: fc.oneof(smallest, fc.bigInt({ min: 0n, max: 300n })),
  isNegativePosting: fc.boolean(),
});

/** A balanced document; what rounding leaves over in local currency stands on its last item, or on one of its own. */
const anyDocument = fc
  .record({ currency: fc.constantFrom(...currencies), items: fc.array(item, { minLength: 1, maxLength: 40 }), ownDifference: fc.boolean() })
  .map(({ currency: [currency, decimals, worth], items, ownDifference }): SapDocument => {
    const written = items.map(({ side, account, units, isNegativePosting }, index) => {
      const local = (units * worth * 100n) / (10n ** BigInt(decimals) * 1_000_000n);
      return docItem(number(index), side, account, decimal(units, decimals), { localAmount: decimal(local, 2), isNegativePosting });
    });
    return invoice({ currency, items: closed(written, { currency, decimals, ownDifference }) });
  });

const settings = fc.record({
  items: fc.constantFrom('keep', 'per-account'),
  amounts: fc.constantFrom('document-currency', 'document-currency', 'base-currency'),
  mostLines: fc.constantFrom(0, 1, 7),
});

test('whatever the document and its currency, each account of Cin7 gets exactly what SAP says, in two decimals', () => {
  fc.assert(
    fc.property(anyDocument, settings, (document, chosen) => {
      const outcome = mapDocument(document, mapping(chosen));
      expect(mapDocument(structuredClone(document), mapping(chosen))).toEqual(outcome);
      if (outcome.outcome === 'blocked') throw new Error(JSON.stringify(outcome));
      const journals = outcome.outcome === 'mapped' ? wantedJournals(outcome.body) : [];
      const lines = journals.flatMap(({ Lines }) => Lines);
      for (const { Amount, BaseAmount, Debit, Credit } of lines) {
        expect([Amount, BaseAmount].every((amount) => /^\d+\.\d\d$/.test(amount) && compareAmounts(amount, '0') > 0)).toBe(true);
        expect(Debit).not.toBe(Credit);
      }
      if (chosen.mostLines > 0) expect(journals.every(({ Lines }) => Lines.length <= chosen.mostLines)).toBe(true);
      expect(new Set(journals.map(({ Narration }) => Narration)).size).toBe(journals.length);

      expect(balances(lines, 'BaseAmount')).toEqual(expected(document, 'localAmount'));
      const own = journals.filter(({ Currency }) => Currency === document.currency).flatMap(({ Lines }) => Lines);
      if (document.currency !== 'EUR' && own.length > 0) expect(balances(own, 'Amount')).toEqual(expected(document, 'amount'));
    }),
    { numRuns: 300 },
  );
});

function closed(
  items: SapDocumentItem[],
  { currency, decimals, ownDifference }: { currency: string; decimals: number; ownDifference: boolean },
): SapDocumentItem[] {
  const [amount, local] = (['amount', 'localAmount'] as const).map((field) => negateAmount(sum(items, field))) as [string, string];
  // The same amount in local currency is the same amount.
  if (!ownDifference || currency === 'EUR' || compareAmounts(amount, '0') * compareAmounts(local, '0') < 0) {
    const parts = compareAmounts(amount, '0') * compareAmounts(local, '0') < 0 ? [one(amount, '0'), one('0', local)] : [one(amount, local)];
    return [...items, ...parts.map((part, index) => ({ ...part, number: number(items.length + index) }))];
  }
  return [...items, { ...one(amount, '0'), number: number(items.length) }, { ...one('0', local), number: number(items.length + 1) }];

  function one(given: string, localAmount: string): SapDocumentItem {
    const side = compareAmounts(addAmounts(given, '0') === '0' ? localAmount : given, '0') < 0 ? 'credit' : 'debit';
    const plain = (text: string): string => text.replace('-', '');
    return docItem('', side, '0000113100', roundAmount(plain(given), decimals), { localAmount: roundAmount(plain(localAmount), 2) });
  }
}

function sum(items: readonly SapDocumentItem[], field: 'amount' | 'localAmount'): string {
  return addAmounts('0', ...items.map((item) => (item.side === 'debit' ? item[field] : negateAmount(item[field]))));
}

/** By Cin7 account, without those of zero. */
function expected({ items }: SapDocument, field: 'amount' | 'localAmount'): Record<string, string> {
  const groups = Map.groupBy(items, ({ account }) => glAccounts[account.replace(/^0+/, '')] ?? '');
  return withoutZeros([...groups].map(([account, own]) => [account, sum(own, field)]));
}

function balances(lines: readonly { Debit: string; Credit: string; Amount: string; BaseAmount: string }[], field: 'Amount' | 'BaseAmount') {
  const rows = lines.flatMap((line) => [
    { account: line.Debit, amount: line[field] },
    { account: line.Credit, amount: negateAmount(line[field]) },
  ]);
  const groups = Map.groupBy(rows, ({ account }) => account);
  return withoutZeros([...groups].map(([account, own]) => [account, addAmounts('0', ...own.map(({ amount }) => amount))]));
}

function withoutZeros(entries: [string, string][]): Record<string, string> {
  return Object.fromEntries(entries.filter(([, amount]) => amount !== '0').toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

function number(index: number): string {
  return String(index + 1).padStart(3, '0');
}

function decimal(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
