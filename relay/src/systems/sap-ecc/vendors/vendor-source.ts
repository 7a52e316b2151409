import { isSystemError, SystemError, type SapMoment } from '@ml-connector/shared';
import type { CallScope } from '../../system.ts';
import type { SapSession } from '../session.ts';
import { areVendorBapisOffered, bapiVendorSource } from './bapi-source.ts';
import type { ChangedVendors } from './changes.ts';
import { readVendorReference, type VendorReference } from './reference.ts';
import { tableVendorSource } from './table-source.ts';
import type { Vendor } from './vendor.ts';

/** One way of getting at vendors. Numbers are padded, as LIFNR is stored. */
export interface VendorSource {
  /** Vendors in SAP's key order after `afterKey`; an empty page ends the table. */
  page(page: { afterKey: string | undefined; size: number }): Promise<Vendor[]>;
  /** Numbers that SAP does not hold are left out. */
  byNumber(numbers: string[]): Promise<Vendor[]>;
  changedSince(since: SapMoment): Promise<ChangedVendors>;
}

export interface VendorSelection {
  session: SapSession;
  scope: CallScope;
  /** Where master data come from: BAPIs where the system has them, or tables. */
  source: 'auto' | 'bapi' | 'tables';
  /** Two letters: the language of country names. */
  language: string;
  /** Only the data of these company codes and purchasing organisations; empty: of all. */
  companyCodes: readonly string[];
  purchasingOrganisations: readonly string[];
}

export interface SourceInput extends VendorSelection {
  reference: VendorReference;
  /** Server's date, YYYYMMDD: which of several dated addresses is in force. */
  today: string;
}

/** Chooses by what the system offers. Rejects with `halt` when BAPIs are demanded and absent. */
export async function openVendorSource(selection: VendorSelection, today: string): Promise<VendorSource> {
  const { session, scope, source, language, companyCodes } = selection;
  const reference = await readVendorReference(session, { language, companyCodes }, scope);
  const input = { ...selection, reference, today };
  if (source === 'tables') return tableVendorSource(input);
  const isOffered = await areVendorBapisOffered(session, scope).catch((error: unknown) => {
    // An agent whose policy leaves the BAPIs out may still allow the tables.
    if (source === 'auto' && isSystemError(error) && error.verdict === 'refused') return false;
    throw error;
  });
  if (isOffered) return bapiVendorSource(input);
  if (source === 'auto') return tableVendorSource(input);
  throw new SystemError(
    'SAP_BAPI_MISSING',
    'halt',
    'reading vendors by BAPI: the system has no BAPI_VENDOR_GETLIST with CHANGED_SINCE and VENDORLIST, or no BAPI_VENDOR_GETDETAIL',
    { fix: 'Set the source of this flow to auto or tables; stock ECC has no BAPI_VENDOR_GETLIST.' },
  );
}
