import { fields, type SapNeeds } from './needs.ts';

/** Looking for a document before and after it is posted, its period, and the codes of currencies and countries. */
const postingTables = {
  BKPF: fields(
    'BUKRS BELNR GJAHR BLART BLDAT BUDAT MONAT CPUDT CPUTM USNAM TCODE XBLNR STBLG STJAH BKTXT WAERS HWAER BSTAT AWTYP AWKEY AWSYS',
  ),
  BSEG: fields('BUKRS BELNR GJAHR BUZEI SHKZG WRBTR'),
  T001: fields('BUKRS BUTXT LAND1 WAERS KTOPL PERIV OPVAR'),
  T001B: fields('RRCTY BUKRS MKOAR BKONT FRYE1 FRPE1 TOYE1 TOPE1 FRYE2 FRPE2 TOYE2 TOPE2'),
  T005: fields('LAND1 INTCA'),
  T009: fields('PERIV XKALE XJABH'),
  T009B: fields('PERIV BDATJ BUMON BUTAG POPER RELJR'),
  TCURC: fields('WAERS ISOCD'),
};

/** G/L accounts, which value maps point to. */
const accountTables = {
  SKB1: fields('BUKRS SAKNR MITKZ'),
  SKAT: fields('SPRAS KTOPL SAKNR TXT20 TXT50'),
};

/** Orders as customer invoices: checked, posted and reversed. */
export const ordersToAr: SapNeeds = {
  functions: ['BAPI_ACC_DOCUMENT_CHECK'],
  writes: ['BAPI_ACC_DOCUMENT_POST', 'BAPI_ACC_DOCUMENT_REV_POST'],
  tables: { ...postingTables, ...accountTables },
};

/** Refunds as credit memos: the same. */
export const refundsToAr: SapNeeds = ordersToAr;

/** Shipments look up the order's document; a function module of the customer's own that changes it is listed under `writes`. */
export const shipmentsToSap: SapNeeds = { functions: [], tables: { BKPF: postingTables.BKPF, BSEG: postingTables.BSEG } };
