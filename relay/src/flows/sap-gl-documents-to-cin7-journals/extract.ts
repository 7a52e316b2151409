import { addAmounts } from '@ml-connector/shared';
import { readDocuments, type SapDocument, type SapSession } from '../../systems/sap-ecc/index.ts';
import type { ExtractInput, ExtractedBatch } from '../flow.ts';
import { documentKey } from './document-key.ts';
import { signed } from './items.ts';
import { glFlowSettings } from './settings.ts';

/** Posted documents of the company codes and document types that are wanted. */
export async function* extractDocuments(input: ExtractInput<SapSession>): AsyncGenerator<ExtractedBatch<SapDocument>, void, void> {
  const { mode, cursor, range, source: session, scope } = input;
  const { companyCodes, documentTypes, ledger, startDate, changesDays, sweepDays } = glFlowSettings.parse(input.settings);
  const batches = readDocuments({
    session,
    scope,
    mode,
    cursor,
    range,
    companyCodes,
    documentTypes,
    ledger,
    startDate,
    changesDays,
    sweepDays,
    progress: (message) => input.progress(message),
  });
  for await (const { documents, cursor: next } of batches) {
    const records = documents.map((document) => ({ key: documentKey(document), label: labelOf(document), payload: document }));
    yield { records, cursor: next };
  }
}

/** For people: `KR 1900000123 RE-4711 238.00 EUR`. */
export function labelOf(document: SapDocument): string {
  const { documentType, number, reference, headerText, currency, items } = document;
  const debits = items.filter(({ side }) => side === 'debit').map((item) => signed(item, 'amount'));
  return [documentType, number, reference.trim() || headerText.trim(), addAmounts('0', ...debits), currency].filter(Boolean).join(' ');
}
