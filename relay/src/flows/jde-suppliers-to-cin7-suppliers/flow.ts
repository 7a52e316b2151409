import type { Cin7Session } from '../../systems/cin7-core/index.ts';
import { readSuppliers, type JdeSession } from '../../systems/jde/index.ts';
import { checkSupplier, inWords, postSupplier, probeSupplier, type SupplierBody, type SupplierPost } from '../cin7-suppliers/index.ts';
import type { ExtractInput, ExtractedBatch, ExtractedRecord, Flow, PostInput } from '../flow.ts';
import { supplierCodes } from './codes.ts';
import { mapSupplier } from './map.ts';
import type { SupplierPayload } from './payload.ts';
import { jdeSupplierSettings } from './settings.ts';
import { environmentOf, jdeSupplierWords } from './words.ts';

/** Suppliers of JD Edwards become suppliers of Cin7 Core. JD Edwards is only read. */
export const jdeSuppliersToCin7Suppliers: Flow<SupplierPayload, SupplierBody, JdeSession, Cin7Session> = {
  id: 'jde-suppliers-to-cin7-suppliers',
  title: 'JD Edwards suppliers to Cin7 Core suppliers',
  from: 'jde',
  to: 'cin7-core',
  kind: 'master',
  settings: jdeSupplierSettings,
  schedule: { everyMs: 10 * 60_000, sweepEveryMs: 24 * 3_600_000 },
  valueMaps: [
    { id: 'payment-terms', title: 'Payment terms', from: 'JD Edwards terms (TRAP)', to: 'Cin7 Core payment term', missing: 'block' },
    { id: 'currencies', title: 'Currencies', from: 'JD Edwards currency (CRRP)', to: 'Currency in Cin7 Core', missing: 'pass' },
    {
      id: 'tax-rules',
      title: 'Tax rules',
      from: 'JD Edwards tax area (TXA2), with explanation (EXR2): DE19, DE19/V, -/V',
      to: 'Cin7 Core tax rule',
      missing: 'block',
    },
    {
      id: 'gl-classes',
      title: 'G/L classes',
      from: 'JD Edwards G/L class (APC)',
      to: 'Cin7 Core accounts payable account',
      missing: 'block',
    },
    { id: 'countries', title: 'Countries', from: 'JD Edwards country (CTR)', to: 'Country name in Cin7 Core', missing: 'pass' },
  ],
  extract: extractSuppliers,
  map: mapSupplier,
  overridesIn: 'supplier',
  checkBody: (body) => checkSupplier(jdeSupplierWords(environmentOf(body.number)), body),
  post: (input) => postSupplier(asJdeSupplier(input)),
  probe: (input) => probeSupplier(asJdeSupplier(input)),
  codes: supplierCodes,
};

function asJdeSupplier(input: PostInput<SupplierPayload, SupplierBody, JdeSession, Cin7Session>): SupplierPost {
  const rules = jdeSupplierSettings.parse(input.settings);
  return inWords(input, { words: jdeSupplierWords(environmentOf(input.body.number), rules.formerEnvironments), rules });
}

async function* extractSuppliers(input: ExtractInput<JdeSession>): AsyncGenerator<ExtractedBatch<SupplierPayload>, void, void> {
  const { mode, cursor, source: session, scope, clock } = input;
  const { environment } = session.settings;
  const batches = readSuppliers({
    session,
    scope,
    clock,
    // Suppliers have no business day.
    mode: mode === 'backfill' ? 'sweep' : mode,
    cursor,
    progress: (message) => input.progress(message),
    linkedKeys: () => input.linkedKeys((number) => ({ kind: 'gone', environment, number }) satisfies SupplierPayload),
  });
  for await (const { items, gone, cursor: next } of batches) {
    const records = [
      ...items.map((supplier): ExtractedRecord<SupplierPayload> => ({
        key: supplier.number,
        label: supplier.mailingName.trim() || supplier.alphaName.trim() || supplier.number,
        payload: { kind: 'supplier', environment, supplier },
      })),
      ...gone.map((number): ExtractedRecord<SupplierPayload> => ({
        key: number,
        label: number,
        payload: { kind: 'gone', environment, number },
      })),
    ];
    yield { records, cursor: next };
  }
}
