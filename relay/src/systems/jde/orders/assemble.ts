import { companyIn, fromSapDate, isAmount, lineNumber, wholeNumber } from '@ml-connector/shared';
import { orderKey } from '../keys.ts';
import type { JdePurchaseOrder, JdePurchaseOrderLine } from '../types.ts';
import type { HeaderRow, LineRow } from './columns.ts';

/** Rejects with a RangeError that names the column, and the line, when a value is not what it should be. */
export function toPurchaseOrder(header: HeaderRow, lines: readonly LineRow[]): JdePurchaseOrder {
  const { date, decimal, whole } = valuesOf(header, 'F4301');
  return {
    key: orderKey(header),
    company: companyIn(header.KCOO),
    type: header.DCTO,
    number: wholeNumber(header.DOCO),
    suffix: header.SFXO.padStart(3, '0'),
    supplier: whole('AN8'),
    branch: header.MCU,
    orderDate: date('TRDJ'),
    requestedDate: date('DRQJ'),
    promisedDate: date('PDDJ'),
    cancelDate: date('CNDJ'),
    references: [header.VR01, header.VR02],
    remark: header.RMK,
    deliveryInstructions: [header.DEL1, header.DEL2],
    paymentTerms: header.PTC,
    taxArea: header.TXA1,
    taxExplanation: header.EXR1,
    holdCode: header.HOLD,
    currencyMode: header.CRRM,
    currency: header.CRCD,
    baseCurrency: header.BCRC,
    exchangeRate: decimal('CRR'),
    orderedBy: header.ORBY,
    lines: lines.map(toLine).toSorted((one, other) => Number(one.number) - Number(other.number)),
  };
}

function toLine(line: LineRow): JdePurchaseOrderLine {
  const number = lineNumber(line.LNID);
  const { date, decimal, whole } = valuesOf(line, `F4311, line ${number},`);
  const short = line.ITM === '' ? '' : whole('ITM').replace(/^0$/, '');
  // OMCU is filled for stock lines too; what they post to follows from the item.
  const isToAccount = short === '' && (line.AID !== '' || line.OBJ !== '');
  return {
    number,
    type: line.LNTY,
    item: { short, second: line.LITM, third: line.AITM },
    descriptions: [line.DSC1, line.DSC2],
    branch: line.MCU,
    lastStatus: line.LTTR,
    nextStatus: line.NXTR,
    quantity: decimal('UORG'),
    unit: line.UOM,
    openQuantity: decimal('UOPN'),
    receivedQuantity: decimal('UREC'),
    cancelledQuantity: decimal('UCHG'),
    purchasingUnit: line.UOM3,
    unitCost: decimal('PRRC'),
    extendedAmount: decimal('AEXP'),
    foreignUnitCost: decimal('FRRC'),
    foreignExtendedAmount: decimal('FEA'),
    isTaxable: line.TX !== '' && line.TX !== 'N',
    taxArea: line.TXA1,
    taxExplanation: line.EXR1,
    requestedDate: date('DRQJ'),
    promisedDate: date('PDDJ'),
    cancelDate: date('CNDJ'),
    reference: line.VR01,
    account: isToAccount
      ? { id: line.AID, businessUnit: line.OMCU, object: line.OBJ, subsidiary: line.SUB }
      : { id: '', businessUnit: '', object: '', subsidiary: '' },
  };
}

function valuesOf<Field extends string>(row: Record<Field, string>, where: string) {
  return {
    /** `YYYYMMDD`, or '' for none. */
    date: (field: Field): string => {
      const value = row[field];
      if (value === '' || fromSapDate(value) !== undefined) return value;
      throw new RangeError(`${where} ${field} "${value}" is no date`);
    },
    decimal: (field: Field): string => {
      const value = row[field] || '0';
      if (isAmount(value)) return value;
      throw new RangeError(`${where} ${field} "${value}" is no number`);
    },
    whole: (field: Field): string => {
      const value = row[field];
      if (/^\d+(\.0*)?$/.test(value)) return wholeNumber(value);
      throw new RangeError(`${where} ${field} "${value}" is no whole number`);
    },
  };
}
