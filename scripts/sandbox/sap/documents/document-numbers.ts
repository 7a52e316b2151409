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
  private readonly last = new Map<string, number>();

  constructor(headers: StoredTable) {
    this.headers = headers;
  }

  /** Ten digits, or undefined at the end of the range. Throws on a document type without range. */
  next({ companyCode, documentType, year }: NumberWish): string | undefined {
    const range = documentTypes.find(({ BLART }) => BLART === documentType);
    if (!range) throw new Error(`document type ${documentType} is not defined`);
    const name = `${companyCode} ${range.first} ${year}`;
    const number = (this.last.get(name) ?? this.highest(companyCode, range.first, year)) + 1;
    if (number > range.first + size) return undefined;
    this.last.set(name, number);
    return String(number).padStart(10, '0');
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
