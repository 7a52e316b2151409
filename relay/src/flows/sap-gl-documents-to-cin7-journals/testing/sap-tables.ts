import { toSapDate } from '@ml-connector/shared';
import type { SapDocument } from '../../../systems/sap-ecc/index.ts';
import type { TableData } from '../../../systems/sap-ecc/testing/fake-sap.ts';

/** What SAP's tables hold of these documents; amounts of two decimals only. */
export function documentTables(documents: readonly SapDocument[] = []): TableData {
  const tables: TableData = {
    T001: [
      { BUKRS: '1000', BUTXT: 'Nordhafen GmbH', LAND1: 'DE', WAERS: 'EUR', KTOPL: 'INT' },
      { BUKRS: '2000', BUTXT: 'Nordhafen Inc.', LAND1: 'US', WAERS: 'USD', KTOPL: 'INT' },
    ],
    TCURX: [{ CURRKEY: 'JPY', CURRDEC: '0' }],
    BKPF: [],
    BSEG: [],
  };
  for (const document of documents) addDocument(tables, document);
  return tables;
}

export function addDocument(tables: TableData, document: SapDocument, entered = { date: '20240531', time: '101500' }): void {
  const key = { BUKRS: document.companyCode, BELNR: document.number, GJAHR: document.fiscalYear };
  tables['BKPF']?.push({
    ...key,
    BLART: document.documentType,
    BLDAT: toSapDate(document.documentDate),
    BUDAT: toSapDate(document.postingDate),
    MONAT: document.period,
    CPUDT: entered.date,
    CPUTM: entered.time,
    USNAM: document.user,
    TCODE: document.transaction,
    XBLNR: document.reference,
    BKTXT: document.headerText,
    STBLG: document.reverses?.number ?? '',
    STJAH: document.reverses?.fiscalYear ?? '0000',
    WAERS: document.currency,
    HWAER: document.localCurrency,
    BSTAT: '',
  });
  for (const item of document.items)
    tables['BSEG']?.push({
      ...key,
      BUZEI: item.number,
      KOART: item.accountType,
      SHKZG: item.side === 'debit' ? 'S' : 'H',
      HKONT: item.account,
      WRBTR: item.amount,
      DMBTR: item.localAmount,
      XNEGP: item.isNegativePosting ? 'X' : '',
      MWSKZ: item.taxCode,
      KUNNR: item.customer,
      LIFNR: item.vendor,
      KOSTL: item.costCenter,
      PRCTR: item.profitCenter,
      AUFNR: item.order,
      ZUONR: item.assignment,
      SGTXT: item.text,
    });
}
