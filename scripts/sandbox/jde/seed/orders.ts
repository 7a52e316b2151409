import { justified, type Row } from '../data/index.ts';
import { Random } from '../../sap/seed/random.ts';
import { orderRows, type OrderLine, type OrderPlan } from './compose-order.ts';
import { items } from './items.ts';
import { companies } from './reference.ts';
import { daysFrom } from './stamps.ts';

export interface OrderSeed {
  count: number;
  /** Rows of F0401. */
  suppliers: readonly Row[];
  seed: number;
  today: string;
  accounts: readonly Row[];
}

/** Price of one unit of the order's currency in the company's. */
const rates: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  EUR: { USD: '0.9213450', GBP: '1.1730000', JPY: '0.0061234', CNY: '0.1287000' },
  GBP: { USD: '0.7854000', EUR: '0.8525000', JPY: '0.0052210', CNY: '0.1097000' },
  USD: { EUR: '1.0853000', GBP: '1.2732000', JPY: '0.0066470', CNY: '0.1397000' },
};

/** Orders of the last year: purchase orders, the company's own type O2, and requisitions and quotes that are none. */
export function orderTables({ count, suppliers, seed, today, accounts }: OrderSeed): Record<'F4301' | 'F4311', Row[]> {
  const random = new Random(seed + 4301);
  const postable = accounts.filter(({ PEC, OBJ = '' }) => PEC === '' && OBJ >= '6000');
  const headers: Row[] = [];
  const lines: Row[] = [];
  for (let index = 0; index < count; index++) {
    const order = orderRows(plan({ index, supplier: random.pick(suppliers), random, today, postable }));
    headers.push(order.header);
    lines.push(...order.lines);
  }
  return { F4301: headers, F4311: lines };
}

/** Number of the order with that index. */
export function orderNumber(index: number): string {
  return String(4501 + index);
}

interface PlanSource {
  index: number;
  supplier: Row;
  random: Random;
  today: string;
  postable: readonly Row[];
}

function plan({ index, supplier, random, today, postable }: PlanSource): OrderPlan {
  // A supplier is paid in one currency, and ordered from in it; where none is entered, that is the first company's.
  const { AN8 = '', CRRP = '' } = supplier;
  const company = companies[CRRP === '' ? 0 : index % 5 === 3 ? 1 : index % 5 === 4 ? 2 : 0] ?? companies[0];
  if (!company) throw new Error('there is no company');
  const currency = CRRP || company.currency;
  const age = random.between(12, 360);
  const [unit = ''] = company.businessUnits[1] ?? [];
  return {
    DOCO: orderNumber(index),
    DCTO: index % 20 === 13 ? 'OR' : index % 20 === 17 ? 'OQ' : index % 40 === 5 ? 'O2' : 'OP',
    KCOO: company.number,
    AN8,
    MCU: justified({ length: 12 }, unit),
    baseCurrency: company.currency,
    currency,
    rate: rates[company.currency]?.[currency] ?? '0',
    TRDJ: daysFrom(today, -age),
    DRQJ: daysFrom(today, -age + random.between(7, 90)),
    VR01: index % 4 === 1 ? `Angebot ${random.digits(6)}` : '',
    VR02: index % 9 === 1 ? 'Projekt Süd' : '',
    RMK: index % 11 === 4 ? "Mind the dock's opening hours" : '',
    DEL1: index % 7 === 3 ? 'Anlieferung Tor 3' : '',
    PTC: random.pick(['', '001', '002', '003', '004', 'N45']),
    HOLD: index % 50 === 29 ? 'A1' : '',
    UPMJ: daysFrom(today, -random.between(11, age)),
    lines: lineKinds(index, random).map((kind, line) => lineOf(kind, { index, line, random, postable })),
  };
}

type LineKind = OrderLine['kind'];

function lineKinds(index: number, random: Random): LineKind[] {
  const count = index % 60 === 11 ? 120 : index % 60 === 31 ? 40 : random.between(1, 8);
  return Array.from({ length: count }, (_one, line): LineKind => {
    if (line === 0) return 'stock';
    const dice = random.between(1, 100);
    return dice <= 66 ? 'stock' : dice <= 74 ? 'nonStock' : dice <= 80 ? 'text' : dice <= 86 ? 'freight' : 'account';
  });
}

interface LineSource {
  index: number;
  line: number;
  random: Random;
  postable: readonly Row[];
}

function lineOf(kind: LineKind, { index, line, random, postable }: LineSource): OrderLine {
  // Every now and then a line was split: 1.1 after 1.
  const LNID = index % 6 === 2 && line === 1 ? '1.100' : `${line + 1}.000`;
  const state = random.pick(['entered', 'open', 'open', 'open', 'partly', 'received'] as const);
  return {
    kind,
    LNID,
    state: line > 0 && random.between(1, 100) <= 5 ? 'cancelled' : state,
    item: random.pick(items),
    purchasingUnits: String(random.between(1, 40)),
    text: random.pick(['Bitte Lieferschein beilegen', 'Packaging: Euro pallets only', '请附装箱单']),
    amount: `${random.between(20, 4000)}.${random.digits(2)}`,
    account: postable.length === 0 ? {} : random.pick(postable),
    // Account lines are often an amount without a quantity.
    isLumpSum: random.chance(0.5),
  };
}
