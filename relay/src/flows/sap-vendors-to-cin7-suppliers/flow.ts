import type { Cin7Session } from '../../systems/cin7-core/index.ts';
import { readVendors, type SapSession } from '../../systems/sap-ecc/index.ts';
import { checkSupplier, inWords, postSupplier, probeSupplier, type SupplierBody, type SupplierPost } from '../cin7-suppliers/index.ts';
import type { ExtractInput, ExtractedBatch, ExtractedRecord, Flow, PostInput } from '../flow.ts';
import { vendorCodes } from './codes.ts';
import { mapVendor } from './map.ts';
import type { VendorPayload } from './payload.ts';
import { vendorFlowSettings } from './settings.ts';
import { sapVendorWords } from './words.ts';

/** Vendor masters of SAP ECC become suppliers of Cin7 Core. */
export const sapVendorsToCin7Suppliers: Flow<VendorPayload, SupplierBody, SapSession, Cin7Session> = {
  id: 'sap-vendors-to-cin7-suppliers',
  title: 'SAP vendors to Cin7 Core suppliers',
  from: 'sap-ecc',
  to: 'cin7-core',
  kind: 'master',
  settings: vendorFlowSettings,
  schedule: { everyMs: 10 * 60_000, sweepEveryMs: 24 * 3_600_000 },
  valueMaps: [
    { id: 'payment-terms', title: 'Payment terms', from: 'SAP terms (ZTERM)', to: 'Cin7 Core payment term', missing: 'block' },
    {
      id: 'reconciliation-accounts',
      title: 'Reconciliation accounts',
      from: 'SAP reconciliation account (AKONT)',
      to: 'Cin7 Core accounts payable account',
      missing: 'block',
    },
    { id: 'countries', title: 'Countries', from: 'SAP country (LAND1)', to: 'Country name in Cin7 Core', missing: 'pass' },
  ],
  extract: extractVendors,
  map: mapVendor,
  overridesIn: 'supplier',
  checkBody: (body) => checkSupplier(sapVendorWords, body),
  post: (input) => postSupplier(asVendor(input)),
  probe: (input) => probeSupplier(asVendor(input)),
  codes: vendorCodes,
};

function asVendor(input: PostInput<VendorPayload, SupplierBody, SapSession, Cin7Session>): SupplierPost {
  return inWords(input, { words: sapVendorWords, rules: vendorFlowSettings.parse(input.settings) });
}

async function* extractVendors(input: ExtractInput<SapSession>): AsyncGenerator<ExtractedBatch<VendorPayload>, void, void> {
  const { mode, cursor, source: session, scope } = input;
  const { companyCodes, purchasingOrganisations, source, language = session.settings.language } = vendorFlowSettings.parse(input.settings);
  const batches = readVendors({
    session,
    scope,
    // Vendors have no business day.
    mode: mode === 'backfill' ? 'sweep' : mode,
    cursor,
    source,
    language,
    companyCodes,
    purchasingOrganisations,
    progress: (message) => input.progress(message),
    linkedNumbers: () => input.linkedKeys((number) => ({ kind: 'gone', number }) satisfies VendorPayload),
  });
  for await (const { vendors, gone, cursor: next } of batches) {
    const records = [
      ...vendors.map((vendor): ExtractedRecord<VendorPayload> => ({
        key: vendor.number,
        label: vendor.names[0].trim() || vendor.number,
        payload: { kind: 'vendor', vendor },
      })),
      ...gone.map((number): ExtractedRecord<VendorPayload> => ({ key: number, label: number, payload: { kind: 'gone', number } })),
    ];
    yield { records, cursor: next };
  }
}
