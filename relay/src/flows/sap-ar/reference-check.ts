import { SystemError } from '@ml-connector/shared';
import type { FiDocumentKey, SapSession } from '../../systems/sap-ecc/index.ts';
import type { CallScope } from '../../systems/index.ts';
import { partReference, type ArBody } from './body.ts';
import { postingsOf } from './standing.ts';

/** Company codes of a session, each with the number of a document whose reference was lost, or null where references are kept. */
const checked = new WeakMap<SapSession, Map<string, string | null>>();

/**
 * After the first document of a session: is it found by its reference? A user exit or substitution may overwrite XBLNR (facts/sap-ecc.md 8.18).
 * That document is posted and known by its number; but nothing more may be posted that could not be found again after a lost answer.
 */
export async function assertReferenceKept(
  session: SapSession,
  { body, part, document, scope }: { body: ArBody; part: number; document: FiDocumentKey; scope: CallScope },
): Promise<void> {
  const companies = companiesOf(session);
  if (companies.has(body.companyCode)) return;
  const search = { companyCode: body.companyCode, reference: partReference(body.reference, part) };
  // The document is posted, whatever comes of looking for it.
  const found = await postingsOf(session)
    .find(search, scope)
    .catch(() => undefined);
  if (!found) return;
  const isFound = found.some(
    ({ documentNumber, fiscalYear }) => documentNumber === document.documentNumber && fiscalYear === document.fiscalYear,
  );
  companies.set(body.companyCode, isFound ? null : document.documentNumber);
}

export function refuseWhereReferencesAreLost(session: SapSession, companyCode: string): void {
  const lost = companiesOf(session).get(companyCode);
  if (lost === undefined || lost === null) return;
  throw new SystemError(
    'SAP_REFERENCE_OVERWRITTEN',
    'halt',
    `SAP stored document ${lost} of company code ${companyCode} without the reference (XBLNR) it was sent with`,
    {
      fix: 'A substitution (GGB1) or user exit overwrites XBLNR. Exclude the user of the agent from it, then resume the connection: without the reference nothing could be found again after a lost answer.',
    },
  );
}

function companiesOf(session: SapSession): Map<string, string | null> {
  const present = checked.get(session) ?? new Map<string, string | null>();
  checked.set(session, present);
  return present;
}
