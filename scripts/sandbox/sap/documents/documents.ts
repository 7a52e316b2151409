/** Posted documents as the customer's accountants make them. What is done here is committed at once. */
import type { Row } from '../dictionary/index.ts';
import { localTimeOf, type LocalTime } from '../local-time.ts';
import type { SapSystemParts } from '../parts.ts';
import { toText, fromStored } from './amounts.ts';
import { fiscalPeriodOf } from './fiscal-period.ts';
import { inventDocument, type InventedDocument } from './invent.ts';
import { checkDocument, type NewDocument, type NewItem } from './new-document.ts';
import { rowsOf, type DocumentRows } from './rows.ts';
import { Random } from '../seed/random.ts';

/** Key of BKPF. */
export interface DocumentKey {
  companyCode: string;
  number: string;
  fiscalYear: string;
}

export interface Reversal extends DocumentKey {
  /** Default: that of the document. */
  postingDate?: string;
  /** As negative postings (XNEGP), which take the amounts back on their own side. */
  isNegativePosting?: boolean;
  entered?: LocalTime;
}

export interface Invention {
  count: number;
  seed: number;
  /** The last day of the invented past, `YYYYMMDD`; left out: everything is posted today and entered now. */
  until?: string;
}

const tables = ['BKPF', 'BSEG', 'FAGLFLEXA'] as const;

export class Documents {
  private readonly system: SapSystemParts;

  constructor(system: SapSystemParts) {
    this.system = system;
  }

  /** Posts, or parks and so on with a `status`; answers the key. Throws on what SAP would not take. */
  post(document: NewDocument): DocumentKey {
    const { key, rows } = this.write(document);
    this.system.stored('BKPF').insert(rows.BKPF);
    for (const row of rows.BSEG) this.system.stored('BSEG').insert(row);
    for (const row of rows.FAGLFLEXA) this.system.stored('FAGLFLEXA').insert(row);
    return key;
  }

  /** Both documents name each other in STBLG; which one reverses is told by XREVERSAL and by the time of entry. */
  reverse({ companyCode, number, fiscalYear, postingDate, isNegativePosting = false, entered }: Reversal): DocumentKey {
    const headers = this.system.stored('BKPF');
    const header = headers.get([companyCode, number, fiscalYear]);
    if (!header || header['BSTAT'] !== '') throw new Error(`there is no posted document ${companyCode}/${number}/${fiscalYear}`);
    if (header['STBLG'] !== '') throw new Error(`document ${number} is already reversed`);
    const currency = header['WAERS'] ?? '';
    const reversing = this.post({
      companyCode,
      documentType: header['BLART'] ?? '',
      postingDate: postingDate ?? header['BUDAT'] ?? '',
      ...(entered && { entered }),
      currency,
      reference: header['XBLNR'] ?? '',
      headerText: 'Storno',
      transaction: 'FB08',
      items: this.items(companyCode, number, fiscalYear).map((item) => reversedItem(item, header, isNegativePosting)),
    });
    const { date } = this.system.localTime();
    headers.update([companyCode, number, fiscalYear], {
      STBLG: reversing.number,
      STJAH: reversing.fiscalYear,
      XREVERSAL: '1',
      AEDAT: date,
      UPDDT: date,
    });
    headers.update([companyCode, reversing.number, reversing.fiscalYear], {
      STBLG: number,
      STJAH: fiscalYear,
      XREVERSAL: '2',
      STGRD: '01',
    });
    return reversing;
  }

  /** Posts `count` invented documents; answers the keys of all that were written, parked and reversing ones too. */
  invent({ count, seed, until }: Invention): DocumentKey[] {
    const random = new Random(seed * 7919 + 17);
    const vendors = this.partners('LFA1', 'LIFNR');
    const written: DocumentKey[] = [];
    const invented: { key: DocumentKey; document: InventedDocument }[] = [];
    const rows: Record<(typeof tables)[number], Row[]> = { BKPF: [], BSEG: [], FAGLFLEXA: [] };
    for (let index = 0; index < count; index++) {
      const document = inventDocument({
        index,
        count,
        random,
        until: until ?? this.system.localTime().date,
        isPast: until !== undefined,
        vendors,
      });
      const { key, rows: fresh } = this.write(document);
      rows.BKPF.push(fresh.BKPF);
      rows.BSEG.push(...fresh.BSEG);
      rows.FAGLFLEXA.push(...fresh.FAGLFLEXA);
      written.push(key);
      invented.push({ key, document });
    }
    for (const name of tables) this.system.stored(name).insertAll(rows[name]);
    for (const { key, document } of invented) if (document.reversal) written.push(this.reverse({ ...key, ...document.reversal }));
    return written;
  }

  /** A parked document becomes a posting: the number stays, and so does the time at which it was entered. */
  postParked({ companyCode, number, fiscalYear }: DocumentKey, items: NewItem[]): void {
    const headers = this.system.stored('BKPF');
    const header = headers.get([companyCode, number, fiscalYear]);
    if (header?.['BSTAT'] !== 'V') throw new Error(`there is no parked document ${companyCode}/${number}/${fiscalYear}`);
    const document = checkDocument({
      companyCode,
      documentType: header['BLART'] ?? '',
      postingDate: header['BUDAT'] ?? '',
      currency: header['WAERS'] ?? '',
      items,
    });
    const entered = { date: header['CPUDT'] ?? '', time: header['CPUTM'] ?? '' };
    const rows = rowsOf(document, { number, fiscal: { year: fiscalYear, period: header['MONAT'] ?? '' }, entered });
    headers.update([companyCode, number, fiscalYear], { BSTAT: '' });
    for (const row of rows.BSEG) this.system.stored('BSEG').insert(row);
    for (const row of rows.FAGLFLEXA) this.system.stored('FAGLFLEXA').insert(row);
  }

  private write(document: NewDocument): { key: DocumentKey; rows: DocumentRows } {
    const checked = checkDocument(document);
    const entered = document.entered ?? this.system.localTime();
    const fiscal = fiscalPeriodOf(document.companyCode, document.postingDate ?? entered.date);
    const { companyCode, documentType } = document;
    const number = this.system.documentNumbers.next({ companyCode, documentType, year: fiscal.year });
    if (number === undefined) throw new Error(`the number range of document type ${documentType} is exhausted`);
    const key = { companyCode: document.companyCode, number, fiscalYear: fiscal.year };
    return { key, rows: rowsOf(checked, { number, fiscal, entered }) };
  }

  private items(companyCode: string, number: string, fiscalYear: string): Row[] {
    return this.system.stored('BSEG').withPrefix([companyCode, number, fiscalYear]);
  }

  private partners(table: string, field: string): string[] {
    return this.system
      .stored(table)
      .all()
      .slice(0, 200)
      .map((row) => row[field] ?? '');
  }
}

/** A moment so many minutes before another, by the same clock. */
export function minutesBefore({ date, time }: LocalTime, minutes: number): LocalTime {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6, 8)].map(Number) as [number, number, number];
  const [hour, minute, second] = [time.slice(0, 2), time.slice(2, 4), time.slice(4, 6)].map(Number) as [number, number, number];
  return localTimeOf(Date.UTC(year, month - 1, day, hour, minute - minutes, second), 0);
}

function reversedItem(row: Row, header: Row, isNegativePosting: boolean): NewItem {
  return {
    side: row['SHKZG'] === 'S' ? 'H' : 'S',
    account: row['HKONT'] ?? '',
    amount: toText(fromStored(row['WRBTR'] ?? ''), header['WAERS'] ?? ''),
    localAmount: toText(fromStored(row['DMBTR'] ?? ''), header['HWAER'] ?? ''),
    accountType: row['KOART'] as 'S',
    customer: row['KUNNR'] ?? '',
    vendor: row['LIFNR'] ?? '',
    taxCode: row['MWSKZ'] ?? '',
    costCenter: row['KOSTL'] ?? '',
    profitCenter: row['PRCTR'] ?? '',
    order: row['AUFNR'] ?? '',
    assignment: row['ZUONR'] ?? '',
    text: row['SGTXT'] ?? '',
    isNegativePosting,
  };
}
