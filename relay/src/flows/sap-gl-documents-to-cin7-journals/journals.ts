import type { Cin7JournalLine } from '../../systems/cin7-core/index.ts';
import type { SapDocument, SapDocumentItem } from '../../systems/sap-ecc/index.ts';
import { fromCents } from './cents.ts';
import { documentKey, narrationOf, partNarration, plainAccount } from './document-key.ts';
import { itemNotes } from './notes.ts';
import type { Decomposition, Pair } from './pairs.ts';
import type { JournalPart } from './payload.ts';

interface JournalParts {
  document: SapDocument;
  decomposition: Decomposition;
  /** As Cin7 Core calls them. */
  currency: string;
  baseCurrency: string;
  /** 0 for no limit. */
  mostLines: number;
}

/** The journals of a document: those in its own currency, then the one in base currency, cut where there are too many lines. */
export function journalsOf({ document, decomposition, currency, baseCurrency, mostLines }: JournalParts): JournalPart[] {
  const { rate, pairs, basePairs } = decomposition;
  const cut = (all: readonly Pair[]): Pair[][] => chunks(all, mostLines || all.length);
  const parts = [
    ...cut(pairs).map((chunk) => ({ chunk, Currency: currency, CurrencyConversionRate: rate })),
    ...cut(basePairs).map((chunk) => ({ chunk, Currency: baseCurrency, CurrencyConversionRate: '1' })),
  ];
  const items = new Map(document.items.map((item) => [item.number, item]));
  const narration = narrationOf(documentKey(document), document.postingDate);
  return parts.map(({ chunk, ...currencies }, index) => ({
    ...currencies,
    Narration: partNarration(narration, index + 1, parts.length),
    Notes: itemNotes(document, itemsIn(chunk, items)),
    Lines: chunk.map((pair) => lineOf(pair, items)),
  }));
}

function chunks<Item>(all: readonly Item[], size: number): Item[][] {
  return Array.from({ length: size === 0 ? 0 : Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
}

type ItemsByNumber = ReadonlyMap<string, SapDocumentItem>;

function lineOf(pair: Pair, items: ItemsByNumber): Cin7JournalLine {
  return {
    Debit: pair.debit.account,
    Credit: pair.credit.account,
    Reference: reference(pair, items),
    Amount: fromCents(pair.amount),
    BaseAmount: fromCents(pair.base),
  };
}

const longestReference = 100;
const mostNames = 6;

/** `001/002 CC 4711`: the numbers of both items, and the cost center where there is just one. */
function reference(pair: Pair, items: ItemsByNumber): string {
  const costCenters = new Set(itemsIn([pair], items).map(({ costCenter }) => plainAccount(costCenter)));
  costCenters.delete('');
  const [only] = costCenters.size === 1 ? costCenters : [];
  const numbers = [pair.debit, pair.credit].map(({ names }) =>
    names.length > mostNames ? `${names.slice(0, mostNames).join('+')}+...` : names.join('+'),
  );
  return `${numbers.join('/')}${only ? ` CC ${only}` : ''}`.slice(0, longestReference);
}

function itemsIn(pairs: readonly Pair[], items: ItemsByNumber): SapDocumentItem[] {
  const numbers = new Set(pairs.flatMap(({ debit, credit }) => [...debit.names, ...credit.names]));
  return [...numbers].toSorted().flatMap((number) => items.get(number) ?? []);
}
