import { addAmounts, isoCurrencyDecimals, divideAmounts, multiplyAmounts, roundAmount, subtractAmounts } from '@ml-connector/shared';
import type { Row } from '../data/index.ts';
import type { Item } from './items.ts';

/** An order as a buyer thinks of it. Prices and amounts are in the order's currency. */
export interface OrderPlan {
  DOCO: string;
  DCTO: string;
  KCOO: string;
  AN8: string;
  MCU: string;
  baseCurrency: string;
  currency: string;
  /** What one unit of `currency` costs in `baseCurrency`; '0' where they are the same. */
  rate: string;
  TRDJ: string;
  DRQJ: string;
  VR01: string;
  VR02: string;
  RMK: string;
  DEL1: string;
  PTC: string;
  HOLD: string;
  UPMJ: string;
  lines: readonly OrderLine[];
}

export interface OrderLine {
  kind: 'stock' | 'nonStock' | 'text' | 'freight' | 'account';
  LNID: string;
  state: 'entered' | 'open' | 'partly' | 'received' | 'cancelled';
  item: Item;
  /** Quantity in the item's purchasing unit. */
  purchasingUnits: string;
  text: string;
  /** Of a freight or account line. */
  amount: string;
  /** Row of F0901 that an account line posts to. */
  account: Row;
  /** An account line without a quantity. */
  isLumpSum: boolean;
}

/** Last and next status by the usual order activity rules. */
const statuses = {
  entered: ['220', '280'],
  open: ['280', '400'],
  partly: ['280', '400'],
  received: ['400', '999'],
  cancelled: ['980', '999'],
};

/** Header and lines as they stand in F4301 and F4311, with the sums of the lines in the header. */
export function orderRows(plan: OrderPlan): { header: Row; lines: Row[] } {
  const lines = plan.lines.map((line, index) => lineRow(plan, line, index));
  const sum = (alias: string): string => addAmounts('0', ...lines.map((line) => line[alias] ?? '0'));
  const { DOCO, DCTO, KCOO, AN8, MCU, TRDJ, DRQJ, VR01, VR02, RMK, DEL1, PTC, HOLD } = plan;
  const header: Row = {
    DOCO,
    DCTO,
    KCOO,
    SFXO: '000',
    AN8,
    SHAN: '50001',
    MCU,
    TRDJ,
    DRQJ,
    PDDJ: DRQJ,
    OPDJ: DRQJ,
    VR01,
    VR02,
    RMK,
    DEL1,
    PTC,
    HOLD,
    ...money(plan),
    CRRM: isForeign(plan) ? 'F' : 'D',
    BCRC: plan.baseCurrency,
    OTOT: sum('AEXP'),
    FAP: isForeign(plan) ? sum('FAP') : '0',
    ORBY: 'MMUELLER',
    TKBY: 'MMUELLER',
    ...stamp(plan),
  };
  return { header, lines };
}

function isForeign({ currency, baseCurrency }: OrderPlan): boolean {
  return currency !== baseCurrency;
}

function money(plan: OrderPlan): Row {
  return { CRCD: plan.currency, CRR: plan.rate };
}

function stamp({ UPMJ }: OrderPlan): Row {
  return { USER: 'MMUELLER', PID: 'EP4310', JOBN: 'JDEPRD01', UPMJ, TDAY: '141502' };
}

function lineRow(plan: OrderPlan, line: OrderLine, index: number): Row {
  const { DOCO, DCTO, KCOO, AN8, MCU, TRDJ, DRQJ } = plan;
  const [LTTR = '', NXTR = ''] = statuses[line.state];
  return {
    DOCO,
    DCTO,
    KCOO,
    SFXO: '000',
    LNID: line.LNID,
    MCU,
    CO: KCOO,
    AN8,
    SHAN: '50001',
    TRDJ,
    DRQJ,
    PDDJ: DRQJ,
    OPDJ: DRQJ,
    ADDJ: line.state === 'received' ? DRQJ : '',
    CNDJ: line.state === 'cancelled' ? DRQJ : '',
    LTTR,
    NXTR,
    ...what(line),
    ...amounts(plan, line),
    ...money(plan),
    CRMD: isForeign(plan) ? 'F' : 'D',
    PTC: plan.PTC,
    UKID: String(Number(DOCO) * 1000 + index),
    ...stamp(plan),
  };
}

function what({ kind, item, text, account, isLumpSum }: OrderLine): Row {
  const { ITM, LITM, AITM, DSC1, DSC2, UOM, UOM3 } = item;
  switch (kind) {
    case 'stock':
      return { LNTY: 'S', ITM, LITM, AITM, DSC1, DSC2, UOM, UOM1: UOM, UOM2: UOM, UOM3, GLC: 'IN30', TX: 'Y', TXA1: 'DE19', EXR1: 'V' };
    case 'nonStock':
      return { LNTY: 'N', ITM: '0', LITM: `FREE-${LITM}`.slice(0, 25), DSC1, DSC2: '', UOM: UOM3, UOM1: UOM3, UOM3, GLC: 'NS10', TX: 'Y' };
    case 'text':
      return { LNTY: 'T', DSC1: text, UOM: 'EA', UOM3: 'EA', TX: 'N' };
    case 'freight':
      return { LNTY: 'F', DSC1: 'Fracht / Freight', UOM: 'EA', UOM3: 'EA', TX: 'N', GLC: 'FR10' };
    case 'account': {
      const { AID = '', MCU = '', OBJ = '', SUB = '', DL01 = '' } = account;
      const ANI = [MCU.trim(), OBJ, SUB].filter((part) => part !== '').join('.');
      return {
        LNTY: 'J',
        ITM: '0',
        DSC1: DL01,
        UOM: isLumpSum ? '' : 'EA',
        UOM3: isLumpSum ? '' : 'EA',
        AID,
        OMCU: MCU,
        OBJ,
        SUB,
        ANI,
        TX: 'N',
      };
    }
  }
}

/** Quantities in UOM, costs per UOM3, amounts rounded once per line. */
function amounts(plan: OrderPlan, line: OrderLine): Row {
  const { quantity, price, amount } = bought(plan, line);
  const foreign = isForeign(plan);
  const domestic = (value: string, decimals: number): string =>
    foreign ? roundAmount(multiplyAmounts(value, plan.rate), decimals) : roundAmount(value, decimals);
  const received = line.state === 'received' ? quantity : line.state === 'partly' ? roundAmount(divideAmounts(quantity, '2', 6), 0) : '0';
  const cancelled = line.state === 'cancelled' ? quantity : '0';
  const open = subtractAmounts(subtractAmounts(quantity, received), cancelled);
  const share = (value: string, decimals: number): string =>
    quantity === '0'
      ? line.state === 'received' || line.state === 'cancelled'
        ? '0'
        : value
      : divideAmounts(multiplyAmounts(value, open), quantity, decimals);
  const AEXP = domestic(amount, 2);
  const AOPN = share(AEXP, 2);
  return {
    UORG: quantity,
    UOPN: open,
    UREC: received,
    UCHG: cancelled,
    PRRC: domestic(price, 4),
    AEXP,
    AOPN,
    AREC: line.state === 'cancelled' ? '0' : subtractAmounts(AEXP, AOPN),
    ...(foreign ? { FRRC: roundAmount(price, 4), FEA: amount, FAP: share(amount, isoCurrencyDecimals(plan.currency)) } : {}),
  };
}

/** In the order's currency. */
function bought(plan: OrderPlan, line: OrderLine): { quantity: string; price: string; amount: string } {
  const decimals = isoCurrencyDecimals(plan.currency);
  switch (line.kind) {
    case 'text':
      return { quantity: '0', price: '0', amount: '0' };
    case 'freight':
      return { quantity: '1', price: line.amount, amount: roundAmount(line.amount, decimals) };
    case 'account':
      if (line.isLumpSum) return { quantity: '0', price: '0', amount: roundAmount(line.amount, decimals) };
      return { quantity: '1', price: line.amount, amount: roundAmount(line.amount, decimals) };
    case 'stock':
    case 'nonStock': {
      const isStock = line.kind === 'stock';
      const quantity = isStock ? multiplyAmounts(line.purchasingUnits, line.item.perPurchasingUnit) : line.purchasingUnits;
      return { quantity, price: line.item.price, amount: roundAmount(multiplyAmounts(line.purchasingUnits, line.item.price), decimals) };
    }
  }
}
