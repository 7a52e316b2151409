/** A customer invoice as a caller of BAPI_ACC_DOCUMENT_POST sends it, for tests. */
import type { Parameters } from './addon.ts';

export interface SampleItem {
  /** Fields of the item; the table is told by them. */
  fields: Record<string, string>;
  amount: string;
  base?: string;
}

export interface SampleOrder {
  header?: Record<string, string>;
  customer?: Record<string, string>;
  /** Default 119.00 of goods with 19 % tax. */
  total?: string;
  items?: readonly SampleItem[];
  /** For every currency item. */
  currency?: Record<string, string>;
  more?: Parameters;
}

export const sale: SampleItem = {
  fields: { GL_ACCOUNT: '0000800000', TAX_CODE: 'A1', PROFIT_CTR: '0000001000', ITEM_TEXT: 'Goods' },
  amount: '-100.00',
};
export const tax: SampleItem = { fields: { TAX_CODE: 'A1', ACCT_KEY: 'MWS', COND_KEY: 'MWAS' }, amount: '-19.00', base: '-100.00' };

/** A reference customer of the seed: neither blocked nor marked for deletion. */
export const customer = '0000001000';

export function order({ header, customer: account, total = '119.00', items = [sale, tax], currency, more }: SampleOrder = {}): Parameters {
  const numbered = items.map((item, index) => ({ ...item, ITEMNO_ACC: itemNumber(index + 2) }));
  const isTax = ({ fields }: SampleItem): boolean => 'COND_KEY' in fields;
  const lines = [{ ITEMNO_ACC: itemNumber(1), amount: total }, ...numbered];
  return {
    DOCUMENTHEADER: {
      BUS_ACT: 'RFBU',
      USERNAME: 'ML_AGENT',
      HEADER_TXT: 'BC order 10452',
      COMP_CODE: '1000',
      DOC_DATE: '20260131',
      PSTNG_DATE: '20260131',
      DOC_TYPE: 'DR',
      REF_DOC_NO: 'BC-10452',
      ...header,
    },
    ACCOUNTRECEIVABLE: [{ ITEMNO_ACC: itemNumber(1), CUSTOMER: customer, ALLOC_NMBR: 'BC-10452', ITEM_TEXT: 'Order 10452', ...account }],
    ACCOUNTGL: numbered.filter((item) => !isTax(item)).map(({ ITEMNO_ACC, fields }) => ({ ITEMNO_ACC, ...fields })),
    ACCOUNTTAX: numbered.filter(isTax).map(({ ITEMNO_ACC, fields }) => ({ ITEMNO_ACC, ...fields })),
    CURRENCYAMOUNT: lines.map((line) => ({
      ITEMNO_ACC: line.ITEMNO_ACC,
      CURRENCY: 'EUR',
      AMT_DOCCUR: line.amount,
      ...('base' in line && line.base !== undefined ? { AMT_BASE: line.base } : {}),
      ...currency,
    })),
    ...more,
  };
}

export function itemNumber(number: number): string {
  return String(number).padStart(10, '0');
}
