import type { Row } from '../dictionary/index.ts';
import { documentTypes } from '../seed/reference.ts';
import type { StoredTable } from '../tables/index.ts';

export interface NumberWish {
  companyCode: string;
  documentType: string;
  /** GJAHR. */
  year: string;
}

/** Each range has this many numbers. */
const size = 99_999_999;

/**
 * Number ranges of FI documents: per company code and year, the document type says which. A number that was handed out is gone, whether its
 * document is ever written or not.
 */
export class DocumentNumbers {
  private readonly headers: StoredTable;
  private readonly types: StoredTable;
  private readonly last = new Map<string, number>();

  /** Of BKPF and T003. */
  constructor(headers: StoredTable, types: StoredTable) {
    this.headers = headers;
    this.types = types;
  }

  /** Ten digits, or undefined at the end of the range. Throws on a document type without range. */
  next({ companyCode, documentType, year }: NumberWish): string | undefined {
    const first = this.beginningOf(documentType);
    const name = `${companyCode} ${first} ${year}`;
    const number = (this.last.get(name) ?? this.highest(companyCode, first, year)) + 1;
    if (number > first + size) return undefined;
    this.last.set(name, number);
    return String(number).padStart(10, '0');
  }

  /** Range 18 begins at 1800000000, and so on. Types that an extract of T003 lacks are those of the seed. */
  private beginningOf(documentType: string): number {
    const range = this.types.get([documentType])?.['NUMKR'] ?? documentTypes.find(({ BLART }) => BLART === documentType)?.NUMKR;
    if (range === undefined) throw new Error(`document type ${documentType} is not defined`);
    return (Number(range) || 1) * (size + 1);
  }

  private highest(companyCode: string, first: number, year: string): number {
    return this.headers
      .withPrefix([companyCode])
      .filter((row: Row) => row['GJAHR'] === year)
      .map((row) => Number(row['BELNR']))
      .filter((number) => number >= first && number <= first + size)
      .reduce((most, number) => Math.max(most, number), first);
  }
}
