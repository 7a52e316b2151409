import { SystemError } from '@ml-connector/shared';
import type { Parameters } from '../session.ts';
import type { FiDocumentKey } from './types.ts';

/**
 * OBJ_KEY is BELNR, BUKRS and GJAHR where OBJ_TYPE is BKPFF. Throws `uncertain` for anything else: the unit was committed, and the document must
 * be found by its reference.
 */
export function readDocumentKey(answer: Parameters | undefined): FiDocumentKey {
  const [type, key] = ['OBJ_TYPE', 'OBJ_KEY'].map((name) => textOf(answer?.[name]));
  const [, documentNumber, companyCode, fiscalYear] = /^(\w{10})(.{4})(\d{4})$/.exec(key ?? '') ?? [];
  if (type === 'BKPFF' && documentNumber && companyCode && fiscalYear)
    return { documentNumber, companyCode: companyCode.trimEnd(), fiscalYear };
  throw new SystemError(
    'SAP_DOCUMENT_KEY_UNEXPECTED',
    'uncertain',
    `posting to SAP: it was committed, and SAP answered object type "${type}" with key "${key}" instead of an FI document (BKPFF)`,
    {
      fix: 'The document is looked up by its reference. An AC_DOCUMENT enhancement or another posting interface may give keys of its own.',
    },
  );
}

export function toObjectKey({ documentNumber, companyCode, fiscalYear }: FiDocumentKey): string {
  return `${documentNumber}${companyCode.padEnd(4)}${fiscalYear}`;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
