import { alphaOut, SystemError } from '@ml-connector/shared';
import type { SapDocument } from '../../systems/sap-ecc/index.ts';

export type DocumentId = Pick<SapDocument, 'systemId' | 'client' | 'companyCode' | 'number' | 'fiscalYear'>;

/** Who a document is, the world over: `PRD/100 1000/1900000123/2024`. A number alone is used again every year and in every company code. */
export function documentKey({ systemId, client, companyCode, number, fiscalYear }: DocumentId): string {
  if (!systemId || !client)
    throw new SystemError(
      'SAP_SYSTEM_UNKNOWN',
      'refused',
      `document ${companyCode}/${number}/${fiscalYear}: SAP did not say its system and client`,
      {
        fix: 'A document without them would be another one, and posted a second time. Run the connection test, and report what STFC_CONNECTION answers.',
      },
    );
  return `${systemId}/${client} ${companyCode}/${number}/${fiscalYear}`;
}

/** Key of the document that this one reverses. It is in the same company code. */
export function reversedKey(document: SapDocument): string | undefined {
  return document.reverses && documentKey({ ...document, ...document.reverses });
}

/** How a journal says whose it is; the posting date is beside the key, so that months can be searched: `SAP <key> 2024-05-31`. */
export function narrationOf(key: string, postingDate: string): string {
  return `SAP ${key} ${postingDate}`;
}

/** Every journal of a document has this in its narration. */
export function narrationStem(key: string): string {
  return `SAP ${key}`;
}

export function partNarration(narration: string, part: number, parts: number): string {
  return parts === 1 ? narration : `${narration} part ${part}/${parts}`;
}

export interface NarratedDocument {
  key: string;
  companyCode: string;
  postingDate: string;
  part: number;
  parts: number;
}

/** What a narration of ours says, also one that people added words to; undefined for everybody else's. */
export function readNarration(narration: string): NarratedDocument | undefined {
  const found = /^SAP (\S+\/\S+ (\S+)\/\S+\/\d{4}) (\d{4}-\d{2}-\d{2})(?: part (\d+)\/(\d+))?(?![\p{L}\p{N}])/u.exec(narration.trim());
  const [, key, companyCode, postingDate, part = '1', parts = '1'] = found ?? [];
  if (key === undefined || companyCode === undefined || postingDate === undefined) return undefined;
  return { key, companyCode, postingDate, part: Number(part), parts: Number(parts) };
}

/** Numbers for people, without leading zeros. */
export function plainAccount(account: string): string {
  return alphaOut(account);
}
