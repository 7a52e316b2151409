import { fields, type SapNeeds } from './needs.ts';

/** Looking for a document before and after it is posted, its period, and the codes of currencies and countries. */
const postingTables = {
  BKPF: fields(
    'BUKRS BELNR GJAHR BLART BLDAT BUDAT MONAT CPUDT CPUTM USNAM TCODE XBLNR STBLG STJAH BKTXT WAERS HWAER BSTAT AWTYP AWKEY AWSYS',
  ),
  BSEG: fields('BUKRS BELNR GJAHR BUZEI SHKZG WRBTR'),
  BSID: fields('BUKRS KUNNR GJAHR BELNR BUZEI BUDAT BLART XBLNR WAERS SHKZG WRBTR ZUONR'),
  T001: fields('BUKRS BUTXT LAND1 WAERS KTOPL PERIV OPVAR'),
  T001B: fields('RRCTY BUKRS MKOAR BKONT FRYE1 FRPE1 TOYE1 TOPE1 FRYE2 FRPE2 TOYE2 TOPE2'),
  T005: fields('LAND1 INTCA KALSM'),
  T009: fields('PERIV XKALE XJABH'),
  T009B: fields('PERIV BDATJ BUMON BUTAG POPER RELJR'),
  TCURC: fields('WAERS ISOCD'),
};

/** What can be chosen in value maps: accounts, document types, tax codes, payment terms, cost and profit centers. */
const codeTables = {
  SKB1: fields('BUKRS SAKNR MITKZ XINTB XSPEB XLOEB MWSKZ'),
  SKAT: fields('SPRAS KTOPL SAKNR TXT20 TXT50'),
  T003: fields('BLART NUMKR KOARS'),
  T003T: fields('SPRAS BLART LTEXT'),
  T007A: fields('KALSM MWSKZ MWART'),
  T007S: fields('SPRAS KALSM MWSKZ TEXT1'),
  T052U: fields('SPRAS ZTERM ZTAGG TEXT1'),
  TKA02: fields('BUKRS GSBER KOKRS'),
  CSKS: fields('KOKRS KOSTL DATBI DATAB BUKRS BKZKP'),
  CSKT: fields('SPRAS KOKRS KOSTL DATBI KTEXT LTEXT'),
  CEPC: fields('PRCTR DATBI KOKRS DATAB LOCK_IND'),
  CEPCT: fields('SPRAS PRCTR DATBI KOKRS KTEXT LTEXT'),
};

/** Finding a customer and seeing where it exists. */
export const customerTables = {
  KNA1: fields(
    `KUNNR LAND1 NAME1 NAME2 NAME3 NAME4 ORT01 ORT02 PSTLZ REGIO SORTL STRAS TELF1 XCPDK ADRNR ANRED AUFSD ERDAT KONZS KTOKD LOEVM SPERR
    SPRAS STCD1 STCD2 STCEG STKZN`,
  ),
  KNB1: fields('KUNNR BUKRS AKONT ZTERM LOEVM SPERR'),
  KNVV: fields('KUNNR VKORG VTWEG SPART WAERS ZTERM LOEVM AUFSD'),
  ADRC: fields(
    `ADDRNUMBER DATE_FROM NATION TITLE NAME1 NAME2 NAME3 NAME4 CITY1 CITY2 POST_CODE1 PO_BOX STREET HOUSE_NUM1 COUNTRY REGION LANGU SORT1
    TEL_NUMBER TEL_EXTENS FAX_NUMBER`,
  ),
  ADR6: fields('ADDRNUMBER PERSNUMBER DATE_FROM CONSNUMBER SMTP_ADDR SMTP_SRCH FLGDEFAULT'),
};

/** Orders as customer invoices: checked, posted and reversed. */
export const ordersToAr: SapNeeds = {
  functions: ['BAPI_ACC_DOCUMENT_CHECK'],
  writes: ['BAPI_ACC_DOCUMENT_POST', 'BAPI_ACC_DOCUMENT_REV_POST'],
  tables: { ...postingTables, ...codeTables, ...customerTables },
};

/** Refunds as credit memos: the same. */
export const refundsToAr: SapNeeds = ordersToAr;

/** Shipments look up the order's document; a function module of the customer's own that changes it is listed under `writes`. */
export const shipmentsToSap: SapNeeds = { functions: [], tables: { BKPF: postingTables.BKPF, BSEG: postingTables.BSEG } };
