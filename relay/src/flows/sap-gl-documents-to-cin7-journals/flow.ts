import type { Cin7Journals, Cin7Session } from '../../systems/cin7-core/index.ts';
import type { SapDocument, SapSession } from '../../systems/sap-ecc/index.ts';
import type { Flow } from '../flow.ts';
import { glCodes } from './codes.ts';
import { reversedKey } from './document-key.ts';
import { extractDocuments } from './extract.ts';
import { mapDocument } from './map.ts';
import { checkJournals, type JournalsBody } from './payload.ts';
import { postDocument } from './post.ts';
import { probeDocument } from './probe.ts';
import { reconcileDocuments } from './reconcile.ts';
import { glFlowSettings } from './settings.ts';

/** Posted FI documents of SAP ECC become journals of Cin7 Core, each once. */
export const sapGlDocumentsToCin7Journals: Flow<SapDocument, JournalsBody, SapSession, Cin7Session & { readonly journals: Cin7Journals }> =
  {
    id: 'sap-gl-documents-to-cin7-journals',
    title: 'SAP general ledger documents to Cin7 Core journals',
    from: 'sap-ecc',
    to: 'cin7-core',
    kind: 'document',
    settings: glFlowSettings,
    schedule: { everyMs: 15 * 60_000, sweepEveryMs: 24 * 3_600_000 },
    valueMaps: [
      { id: 'gl-accounts', title: 'General ledger accounts', from: 'SAP account (SAKNR)', to: 'Cin7 Core account', missing: 'block' },
      { id: 'currencies', title: 'Currencies', from: 'SAP currency (WAERS)', to: 'Currency in Cin7 Core', missing: 'pass' },
    ],
    canBackfill: true,
    extract: extractDocuments,
    map: mapDocument,
    overridesIn: 'header',
    checkBody: checkJournals,
    post: postDocument,
    probe: probeDocument,
    predecessors: (document) => {
      const reversed = reversedKey(document);
      return reversed ? [reversed] : [];
    },
    businessDate: ({ postingDate }) => postingDate,
    reconcile: reconcileDocuments,
    codes: glCodes,
  };
