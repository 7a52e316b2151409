import { justified, type Row } from './data/index.ts';
import type { Person } from './person.ts';
import { items, orderRows, type OrderLine, type OrderPlan } from './seed/index.ts';

export interface NewSupplier {
  /** Default: the next free one. */
  AN8?: string;
  ALPH: string;
  /** Default V. */
  AT1?: string;
  /** '' leaves the entry without a mailing name. Default: ALPH. */
  MLNM?: string;
  EMAL?: string;
  PH1?: string;
  address?: Row;
  master?: Row;
}

/** Those left out are taken as an ordinary order has them: type OP, a stock item, euros in company 00100. */
export type NewOrder = Partial<Omit<OrderPlan, 'lines'>> & { lines?: Partial<OrderLine>[] };

/** Which line; the type and company are needed only where an order number is used twice. */
export interface LineKey {
  DOCO: string;
  LNID: string;
  DCTO?: string;
  KCOO?: string;
}

export interface Actions {
  /** The address number. */
  addSupplier(supplier: NewSupplier): { AN8: string };
  /** Of the address in effect today; touches F0116 alone. */
  changeAddress(change: { AN8: string; change: Row }): void;
  /** Alpha and mailing name. */
  renameSupplier(change: { AN8: string; ALPH: string }): void;
  /** From every table, as the purge program does. */
  purgeSupplier(supplier: { AN8: string }): void;
  addOrder(order: NewOrder): { DOCO: string };
  /** Any fields of one line; the header is not touched. */
  changeLine(line: LineKey & { change: Row }): void;
  /** Status 980/999, nothing open. */
  cancelLine(line: LineKey): void;
  /** All that is open: status 400/999. */
  receiveLine(line: LineKey): void;
  /** Header and lines, as a move to history does. */
  purgeOrder(order: { DOCO: string }): void;
  /** The account id. */
  addAccount(account: Row): { AID: string };
  changeAccount(account: { AID: string; change: Row }): void;
}

/** What happens in a company on an ordinary day. */
export function actionsOf(person: Person): Actions {
  return {
    addSupplier: (supplier) => addSupplier(person, supplier),
    changeAddress: ({ AN8, change }) => changeAddress(person, AN8, change),
    renameSupplier({ AN8, ALPH }) {
      person.update('F0101', { AN8 }, { ALPH });
      person.update('F0111', { AN8, IDLN: '0' }, { MLNM: ALPH, ALPH });
    },
    purgeSupplier({ AN8 }) {
      for (const table of ['F0401', 'F0101', 'F0111', 'F0116', 'F0115', 'F01151'])
        if (person.find(table, { AN8 }).length > 0) person.remove(table, { AN8 });
    },
    addOrder: (order) => addOrder(person, order),
    changeLine: ({ change, ...key }) => void person.update('F4311', { ...key }, change),
    cancelLine({ ...key }) {
      const [line = {}] = person.rows('F4311', key);
      person.update('F4311', key, {
        LTTR: '980',
        NXTR: '999',
        UOPN: '0',
        UCHG: line['UOPN'] ?? '0',
        AOPN: '0',
        FAP: '0',
        CNDJ: person.today(),
      });
    },
    receiveLine({ ...key }) {
      const [line = {}] = person.rows('F4311', key);
      const { UORG = '0', AEXP = '0' } = line;
      person.update('F4311', key, {
        LTTR: '400',
        NXTR: '999',
        UOPN: '0',
        UREC: UORG,
        AOPN: '0',
        AREC: AEXP,
        FAP: '0',
        ADDJ: person.today(),
      });
    },
    purgeOrder({ DOCO }) {
      person.remove('F4311', { DOCO });
      person.remove('F4301', { DOCO });
    },
    addAccount(account) {
      const AID = account['AID'] ?? String(highest(person, 'F0901', 'AID') + 1).padStart(8, '0');
      person.insert('F0901', { CO: '00100', MCU: '30', LDA: '6', PEC: '', ...account, AID });
      return { AID };
    },
    changeAccount: ({ AID, change }) => void person.update('F0901', { AID }, change),
  };
}

function addSupplier(person: Person, { ALPH, AT1 = 'V', MLNM = ALPH, EMAL, PH1, address, master, ...given }: NewSupplier): { AN8: string } {
  const AN8 = given.AN8 ?? String(highest(person, 'F0101', 'AN8') + 1);
  person.insert('F0101', { AN8, ALPH, AT1, MCU: '100', ATP: 'Y', ATR: 'N', ATE: 'N' });
  if (MLNM !== '') person.insert('F0111', { AN8, IDLN: '0', MLNM, ALPH });
  person.insert('F0116', { AN8, EFTB: '', ADD1: 'Hauptstraße 1', ADDZ: '50667', CTY1: 'Köln', CTR: 'DE', ...address });
  if (PH1 !== undefined) person.insert('F0115', { AN8, IDLN: '0', CNLN: '0', RCK7: '1', PH1 });
  if (EMAL !== undefined) person.insert('F01151', { AN8, IDLN: '0', RCK7: '1', ETP: 'E', EMAL, EHIER: '1' });
  person.insert('F0401', { AN8, CRRP: 'EUR', TRAP: '002', HDPY: 'N', ...master });
  return { AN8 };
}

function changeAddress(person: Person, AN8: string, change: Row): void {
  const inEffect = person.find('F0116', { AN8 }).findLast(({ EFTB = '' }) => EFTB <= person.today());
  if (!inEffect) throw new Error(`no address of ${AN8} is in effect`);
  person.update('F0116', { AN8, EFTB: inEffect['EFTB'] ?? '' }, change);
}

function addOrder(person: Person, { lines = [{}], ...given }: NewOrder): { DOCO: string } {
  const today = person.today();
  const plan: OrderPlan = {
    DOCO: String(highest(person, 'F4301', 'DOCO') + 1),
    DCTO: 'OP',
    KCOO: '00100',
    AN8: person.first('F0401')['AN8'] ?? '0',
    MCU: '30',
    baseCurrency: 'EUR',
    currency: 'EUR',
    rate: '0',
    TRDJ: today,
    DRQJ: today,
    VR01: '',
    VR02: '',
    RMK: '',
    DEL1: '',
    PTC: '002',
    HOLD: '',
    UPMJ: today,
    ...given,
    lines: lines.map((line, index) => newLine(person, line, index)),
  };
  const { header, lines: rows } = orderRows({ ...plan, MCU: justified({ length: 12 }, plan.MCU) });
  person.insert('F4301', header, { PID: 'EP4310' });
  for (const row of rows) person.insert('F4311', row, { PID: 'EP4310' });
  return { DOCO: plan.DOCO };
}

function newLine(person: Person, line: Partial<OrderLine>, index: number): OrderLine {
  const [item] = items;
  if (!item) throw new Error('there are no items');
  return {
    kind: 'stock',
    LNID: `${index + 1}.000`,
    state: 'open',
    item,
    purchasingUnits: '1',
    text: 'Bitte Lieferschein beilegen',
    amount: '100.00',
    account: line.kind === 'account' ? person.first('F0901', { OBJ: '8640' }) : {},
    isLumpSum: false,
    ...line,
  };
}

/** Numbers of the last row in key order. */
function highest(person: Person, table: string, alias: string): number {
  return Number(person.last(table)?.[alias] ?? '0');
}
