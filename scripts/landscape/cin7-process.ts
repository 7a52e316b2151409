import path from 'node:path';
import type { AccountRow, Cin7Me, Fault, JournalRow, ProductRow, PurchaseRow } from '../sandbox/cin7/index.ts';
import { startChild, type Child } from './child.ts';
import { repository } from './relay-process.ts';

export interface Cin7Supplier {
  ID: string;
  Name: string;
  Currency: string;
  Status: string;
  /** Empty when nobody filled it. */
  AdditionalAttribute1: string;
  PaymentTerm: string;
  Comments: string;
  Addresses: unknown[];
  Contacts: unknown[];
}

export interface Cin7Process extends AsyncDisposable {
  readonly child: Child;
  /** Settings for a relay connection. */
  readonly connectionSettings: Record<string, unknown>;
  suppliers(): Promise<Cin7Supplier[]>;
  /** Calls since the last `forgetCalls`, by method and path, whatever the answer was: `POST /supplier`. */
  calls(): Promise<Record<string, number>>;
  forgetCalls(): Promise<void>;
  addFault(fault: Fault): Promise<void>;
  /** As somebody at the customer's does in Cin7's own settings; answers those that were not enabled before. */
  enableCurrencies(codes: string[]): Promise<string[]>;
  journals(): Promise<JournalRow[]>;
  accounts(): Promise<AccountRow[]>;
  /** As the customer's accountants do in Cin7's own pages. Accounts that are there already stay as they are. */
  openAccounts(accounts: Pick<AccountRow, 'Code' | 'Name' | 'Type' | 'Class'>[]): Promise<void>;
  changeJournal(change: Partial<JournalRow> & Pick<JournalRow, 'TaskID'>): Promise<void>;
  changeCompany(change: Partial<Cin7Me>): Promise<void>;
  purchases(): Promise<PurchaseRow[]>;
  /** A receipt, an invoice, a note: by ID or order number. */
  changePurchase(change: Partial<PurchaseRow>): Promise<void>;
  /** Adds these products, or changes those whose SKU is there. */
  putProducts(products: (Partial<ProductRow> & Pick<ProductRow, 'SKU'>)[]): Promise<void>;
}

/** Starts the simulated Cin7 Core; `timeScale` 60 makes its minute last a second. */
export async function startCin7Process(options: { timeScale: number; callsPerMinute?: number }): Promise<Cin7Process> {
  const child = startChild({
    name: 'simulated Cin7 Core',
    args: [
      path.join(repository, 'scripts/sandbox/cin7/main.ts'),
      '--time-scale',
      String(options.timeScale),
      ...(options.callsPerMinute ? ['--calls-per-minute', String(options.callsPerMinute)] : []),
    ],
  });
  const [line] = await child.line(/^\{.*\}$/);
  const { origin, connectionSettings } = JSON.parse(line) as { origin: string; connectionSettings: Record<string, unknown> };
  const control = async <Answer>(method: string, what: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${origin}/__control/${what}`, { method, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    if (!response.ok) throw new Error(`simulated Cin7 Core: ${method} ${what}: ${await response.text()}`);
    return (await response.json()) as Answer;
  };
  return {
    child,
    connectionSettings,
    async suppliers() {
      const { suppliers } = await control<{ suppliers: (Cin7Supplier & { attributes: string[] })[] }>('GET', 'snapshot');
      return suppliers.map(({ attributes: [first = ''], ...supplier }) => ({ ...supplier, AdditionalAttribute1: first }));
    },
    async calls() {
      const { calls } = await control<{ calls: Record<string, number> }>('GET', 'calls');
      const sums: Record<string, number> = {};
      for (const [name, count] of Object.entries(calls)) {
        const call = name.replace(/ \w+$/, '');
        sums[call] = (sums[call] ?? 0) + count;
      }
      return sums;
    },
    forgetCalls: async () => void (await control('DELETE', 'calls')),
    addFault: async (fault) => void (await control('POST', 'faults', fault)),
    async enableCurrencies(codes) {
      const { currencies } = await control<{ currencies: string[] }>('GET', 'snapshot');
      const missing = codes.filter((code) => !currencies.includes(code));
      await control('POST', 'reference', { currencies: [...currencies, ...missing] });
      return missing;
    },
    journals: async () => (await control<{ journals: JournalRow[] }>('GET', 'snapshot')).journals,
    accounts: async () => (await control<{ accounts: AccountRow[] }>('GET', 'snapshot')).accounts,
    async openAccounts(wanted) {
      const { accounts } = await control<{ accounts: AccountRow[] }>('GET', 'snapshot');
      const fresh = wanted.filter(({ Code }) => !accounts.some((one) => one.Code === Code));
      const opened = fresh.map((account): AccountRow => ({ ...ordinary, ...account, DisplayName: `${account.Code}: ${account.Name}` }));
      await control('POST', 'reference', { accounts: [...accounts, ...opened] });
    },
    changeJournal: async (change) => void (await control('POST', 'journals', change)),
    changeCompany: async (change) => void (await control('POST', 'reference', { me: change })),
    purchases: async () => (await control<{ purchases: PurchaseRow[] }>('GET', 'snapshot')).purchases,
    changePurchase: async (change) => void (await control('POST', 'purchases', change)),
    putProducts: async (products) => void (await control('POST', 'products', products)),
    [Symbol.asyncDispose]: () => child.stop(),
  };
}

const ordinary = {
  Status: 'ACTIVE',
  SystemAccount: null,
  SystemAccountCode: null,
  Description: '',
  ForPayments: false,
  Currency: null,
};
