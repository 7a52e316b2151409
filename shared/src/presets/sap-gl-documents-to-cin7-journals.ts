import { fields, type SapNeeds } from './needs.ts';

/** Posted documents by header and item, or by line of the ledger. */
export const glDocumentsToJournals: SapNeeds = {
  functions: [],
  tables: {
    BKPF: fields('BUKRS BELNR GJAHR BLART BLDAT BUDAT MONAT CPUDT CPUTM USNAM TCODE XBLNR STBLG STJAH BKTXT WAERS HWAER BSTAT'),
    BSEG: fields('BUKRS BELNR GJAHR BUZEI KOART SHKZG HKONT WRBTR DMBTR XNEGP MWSKZ KUNNR LIFNR KOSTL PRCTR AUFNR ZUONR SGTXT'),
    FAGLFLEXA: fields('RYEAR DOCNR RLDNR RBUKRS DOCLN RTCUR RACCT RCNTR PRCTR TSL HSL DRCRK BUZEI'),
    T881: fields('RLDNR'),
    T001: fields('BUKRS BUTXT LAND1 WAERS KTOPL'),
    T003T: fields('SPRAS BLART LTEXT'),
    SKAT: fields('SPRAS KTOPL SAKNR TXT20 TXT50'),
    SKB1: fields('BUKRS SAKNR MITKZ'),
  },
};
