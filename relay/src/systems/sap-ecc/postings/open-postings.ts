import { SystemError, type Condition } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import { explainedSapError, returnLines } from '../messages/index.ts';
import type { Parameters, SapSession } from '../session.ts';
import { readDocumentKey, toObjectKey } from './document-key.ts';
import { findFiDocuments } from './find-documents.ts';
import { readSapKeys, type SapKeys } from './keys.ts';
import { isPeriodOpen } from './periods.ts';
import { postingReads } from './reads.ts';
import { toBapiPosting } from './to-bapi.ts';
import type { FiDocumentKey, FiPosting, Postings } from './types.ts';

/** FI documents over one connection. What SAP's customizing says of currencies and countries is read once. */
export function openPostings(session: SapSession): Postings {
  const context = rememberContext(session);
  const toBapi = async (posting: FiPosting, scope: CallScope): Promise<Parameters> => toBapiPosting(posting, await context(scope));
  return {
    async check(posting, scope) {
      return returnLines(await session.call('BAPI_ACC_DOCUMENT_CHECK', await toBapi(posting, scope), scope));
    },
    async post({ unitId, posting }, scope) {
      const parameters = await toBapi(posting, scope);
      const doing = `posting ${posting.reference} to company code ${posting.companyCode}`;
      return runUnit(session, { unitId, doing, call: { function: 'BAPI_ACC_DOCUMENT_POST', parameters } }, scope);
    },
    async reverse({ unitId, document, reason, postingDate }, scope) {
      const original = await readOrigin(session, document, scope);
      const REVERSAL = {
        OBJ_TYPE: original.AWTYP,
        ...(original.AWSYS !== '' && { OBJ_SYS: original.AWSYS }),
        OBJ_KEY_R: original.AWKEY,
        PSTNG_DATE: postingDate,
        COMP_CODE: document.companyCode,
        REASON_REV: reason,
      };
      const call = { function: 'BAPI_ACC_DOCUMENT_REV_POST', parameters: { REVERSAL, BUS_ACT: 'RFBU' } };
      return runUnit(session, { unitId, doing: `reversing ${nameOf(document)}`, call }, scope);
    },
    async find(search, scope) {
      return findFiDocuments({ session, keys: (await context(scope)).keys, scope }, search);
    },
    isPeriodOpen: ({ accountTypes = ['D', 'S'], ...period }, scope) => isPeriodOpen(session, { ...period, accountTypes }, scope),
  };
}

interface PostingContext {
  keys: SapKeys;
  /** The SAP user of the agent. */
  user: string;
}

/** Read at the first need, by one caller for all; a failure is forgotten. */
function rememberContext(session: SapSession): (scope: CallScope) => Promise<PostingContext> {
  let known: PostingContext | undefined;
  return async (scope) => {
    known ??= { keys: await readSapKeys(session, scope), user: (await session.systemInfo(scope)).user };
    return known;
  };
}

/**
 * A document begins and commits so soon after it was sent, or not at all. Whoever looks for it after a lost answer knows then how long SAP may
 * still be at it: so long, and the longest dialog step that SAP allows.
 */
const mostMs = 60_000;

async function runUnit(
  session: SapSession,
  { unitId, doing, call }: { unitId: string; doing: string; call: { function: string; parameters: Parameters } },
  scope: CallScope,
): Promise<FiDocumentKey> {
  try {
    const withinMs = Math.min(mostMs, session.settings.callTimeoutSeconds * 1000);
    const { results } = await session.unit({ unitId, calls: [call], withinMs }, scope);
    return readDocumentKey(results[0]);
  } catch (error) {
    throw explainedSapError(error, doing);
  }
}

/** The original's own key: SAP reverses by the object that posted it, and only FI documents are reversed this way. */
async function readOrigin(
  session: SapSession,
  document: FiDocumentKey,
  scope: CallScope,
): Promise<Record<'AWTYP' | 'AWKEY' | 'AWSYS', string>> {
  const where: Condition[] = [
    { field: 'BUKRS', op: 'EQ', value: document.companyCode },
    { field: 'BELNR', op: 'EQ', value: document.documentNumber },
    { field: 'GJAHR', op: 'EQ', value: document.fiscalYear },
  ];
  const refusal = (code: string, problem: string, fix: string): SystemError =>
    new SystemError(code, 'refused', `reversing ${nameOf(document)}: ${problem}`, { fix });
  for await (const row of session.readTable({ table: 'BKPF', fields: postingReads.BKPF, where }, scope)) {
    if (row.STBLG !== '')
      throw refusal('SAP_ALREADY_REVERSED', `it is reversed by ${row.STBLG} ${row.STJAH} already`, 'Look at both documents in FB03.');
    if (row.AWTYP !== '' && row.AWTYP !== 'BKPFF' && row.AWTYP !== 'BKPF')
      throw refusal(
        'SAP_NOT_REVERSIBLE',
        `it was posted by "${row.AWTYP}", not by FI`,
        'Reverse it where it was made: billing, invoice verification.',
      );
    return { AWTYP: 'BKPFF', AWKEY: toObjectKey(document), AWSYS: row.AWSYS };
  }
  throw refusal('SAP_DOCUMENT_MISSING', 'SAP does not hold it', 'It may be archived. Look for it in FB03.');
}

function nameOf({ companyCode, documentNumber, fiscalYear }: FiDocumentKey): string {
  return `document ${companyCode}/${documentNumber}/${fiscalYear}`;
}
