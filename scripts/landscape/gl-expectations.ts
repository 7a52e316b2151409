import type { JournalRow } from '../sandbox/cin7/index.ts';
import type { Row } from '../sandbox/sap/index.ts';
import { withoutZeros } from './gl-flow.ts';
import type { Landscape } from './landscape.ts';

/** What is not as it must be, in words. */
export interface JournalDeviations {
  /** In Cin7 more than once. */
  duplicates: string[];
  /** In SAP, not in Cin7's ledger. */
  losses: string[];
  /** There once with other amounts or dates, or for a document that SAP does not have. */
  wrong: string[];
}

export interface JournalComparison extends JournalDeviations {
  documents: number;
  /** Journals that are posted; a document may need two. */
  journals: number;
  /** Debit less credit in base currency, by Cin7 account, in hundredths. */
  sapBalances: Map<string, bigint>;
  cin7Balances: Map<string, bigint>;
}

export interface ExpectedJournals {
  companyCodes?: readonly string[];
  /** SAP's account, without leading zeros, to Cin7's; default: the same number. */
  accountOf?: (account: string) => string;
  /** Documents by `1000/1900000123/2024` that may be missing, because something blocks them on purpose. */
  explained?: ReadonlySet<string>;
}

/**
 * Every posted document of the company codes against Cin7's journals, both from the simulators' own tables: each document once, posted, on its
 * day, every account with its balance in local and, where two decimals hold it, in document currency.
 */
export async function compareJournals({ sap, cin7 }: Landscape, expected: ExpectedJournals = {}): Promise<JournalComparison> {
  const { companyCodes = ['1000'], accountOf = (account) => account, explained = new Set() } = expected;
  const headers = (await sap.control.call('rows', { table: 'BKPF' })).filter(
    (row) => row['BSTAT'] === '' && companyCodes.includes(row['BUKRS'] ?? ''),
  );
  const itemsOf = Map.groupBy(await sap.control.call('rows', { table: 'BSEG' }), nameOf);
  const decimals = new Map((await sap.control.call('rows', { table: 'TCURX' })).map((row) => [row['CURRKEY'], Number(row['CURRDEC'])]));
  const live = (await cin7.journals()).filter(({ Status }) => Status !== 'VOIDED');
  const journalsOf = Map.groupBy(live, ({ Narration }) => /^SAP \S+ (\S+\/\d+\/\d{4})\b/.exec(Narration)?.[1] ?? '');

  const found: JournalComparison = {
    duplicates: [],
    losses: [],
    wrong: [],
    documents: headers.length,
    journals: live.filter(({ Status }) => Status === 'COMPLETED').length,
    sapBalances: new Map(),
    cin7Balances: balancesOf(live, 'BaseAmount'),
  };
  for (const header of headers) {
    const name = nameOf(header);
    const inSap = sidesOf(header, itemsOf.get(name) ?? [], { decimals, accountOf });
    for (const [account, amount] of inSap.local) found.sapBalances.set(account, (found.sapBalances.get(account) ?? 0n) + amount);
    const journals = journalsOf.get(name) ?? [];
    journalsOf.delete(name);
    if (journals.length === 0) {
      if (!explained.has(name) && [...inSap.local.values()].some((amount) => amount !== 0n))
        found.losses.push(`document ${name} has no journal`);
      continue;
    }
    const drafts = journals.filter(({ Status }) => Status !== 'COMPLETED');
    if (drafts.length > 0) found.losses.push(`document ${name}: ${drafts.map(({ JournalNumber }) => JournalNumber).join(', ')} not posted`);
    const doubled = journals.filter(({ Narration }, index) => journals.findIndex((one) => one.Narration === Narration) !== index);
    if (doubled.length > 0) found.duplicates.push(`document ${name} is there ${doubled.length + 1} times: ${doubled[0]?.Narration ?? ''}`);
    else found.wrong.push(...differences(header, inSap, journals).map((what) => `document ${name}: ${what}`));
  }
  for (const [name, [journal]] of journalsOf)
    found.wrong.push(`journal ${journal?.JournalNumber ?? ''} is for ${name || `"${journal?.Narration ?? ''}"`}, which SAP does not have`);
  return found;
}

/** The same in one list. */
export async function journalDeviations(landscape: Landscape, expected: ExpectedJournals = {}): Promise<string[]> {
  const { duplicates, losses, wrong } = await compareJournals(landscape, expected);
  return [...duplicates, ...losses, ...wrong];
}

type Balances = Map<string, bigint>;

interface Sides {
  local: Balances;
  /** In document currency; undefined where two decimals do not hold the amounts. */
  document: Balances | undefined;
}

interface Reading {
  decimals: ReadonlyMap<string | undefined, number>;
  accountOf: (account: string) => string;
}

/** `1000/1900000123/2024`. */
function nameOf(row: Row): string {
  return `${row['BUKRS']}/${row['BELNR']}/${row['GJAHR']}`;
}

function sidesOf(header: Row, items: readonly Row[], { decimals, accountOf }: Reading): Sides {
  const sum = (field: 'DMBTR' | 'WRBTR', currency: string | undefined): Balances | undefined => {
    const balances: Balances = new Map();
    for (const item of items) {
      const cents = hundredths(item[field] ?? '', decimals.get(currency) ?? 2);
      if (cents === undefined) return undefined;
      const account = accountOf(withoutZeros(item['HKONT'] ?? ''));
      balances.set(account, (balances.get(account) ?? 0n) + (item['SHKZG'] === 'H' ? -cents : cents));
    }
    return balances;
  };
  return { local: sum('DMBTR', header['HWAER']) ?? new Map(), document: sum('WRBTR', header['WAERS']) };
}

/** CURR fields hold two decimals whatever the currency: `10.00` is 1000 JPY, `12.34` is 1.234 KWD, which is no whole number of hundredths. */
function hundredths(stored: string, decimals: number): bigint | undefined {
  const digits = BigInt(stored.replace('.', ''));
  if (decimals <= 2) return digits * 10n ** BigInt(2 - decimals);
  const scale = 10n ** BigInt(decimals - 2);
  return digits % scale === 0n ? digits / scale : undefined;
}

function differences(header: Row, inSap: Sides, journals: readonly JournalRow[]): string[] {
  const day = `${header['BUDAT']?.slice(0, 4)}-${header['BUDAT']?.slice(4, 6)}-${header['BUDAT']?.slice(6)}`;
  const days = journals.map(({ EffectiveDate }) => EffectiveDate.slice(0, 10)).filter((one) => one !== day);
  const inDocumentCurrency = journals.filter(({ Currency }) => Currency === header['WAERS']);
  return [
    ...days.map((one) => `is dated ${one}, not ${day}`),
    ...unequal(header['HWAER'] ?? '', inSap.local, balancesOf(journals, 'BaseAmount')),
    ...(inSap.document && header['WAERS'] !== header['HWAER']
      ? unequal(header['WAERS'] ?? '', inSap.document, balancesOf(inDocumentCurrency, 'Amount'))
      : []),
  ];
}

function balancesOf(journals: readonly JournalRow[], field: 'Amount' | 'BaseAmount'): Balances {
  const balances: Balances = new Map();
  const add = (account: string, cents: bigint): void => void balances.set(account, (balances.get(account) ?? 0n) + cents);
  for (const { Lines, Status } of journals) {
    if (Status !== 'COMPLETED') continue;
    for (const line of Lines) {
      const [whole = '', fraction = ''] = line[field].split('.');
      const cents = BigInt(whole + fraction.padEnd(2, '0').slice(0, 2));
      add(line.Debit, cents);
      add(line.Credit, -cents);
    }
  }
  return balances;
}

function unequal(currency: string, inSap: Balances, inCin7: Balances): string[] {
  return [...new Set([...inSap.keys(), ...inCin7.keys()])].flatMap((account) => {
    const [one, other] = [inSap.get(account) ?? 0n, inCin7.get(account) ?? 0n];
    return one === other ? [] : [`account ${account} has ${one} hundredths ${currency} in SAP and ${other} in Cin7`];
  });
}
