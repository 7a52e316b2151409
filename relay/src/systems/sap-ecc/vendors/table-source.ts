import type { Condition } from '@ml-connector/shared';
import { assembleVendors } from './assemble.ts';
import { findChangedVendors } from './changes.ts';
import { collectAll, onlyIn, selectByKeys } from './key-lists.ts';
import { companyFields, generalFields, type GeneralRow } from './rows.ts';
import type { SourceInput, VendorSource } from './vendor-source.ts';
import type { Vendor } from './vendor.ts';

/** Vendors by table reads: works on every ECC whose authorisations allow it. */
export function tableVendorSource(input: SourceInput): VendorSource {
  const { session, scope, companyCodes } = input;

  const complete = async (general: GeneralRow[], selections: Condition[][]): Promise<Vendor[]> => {
    if (general.length === 0) return [];
    const company = await collectAll(selections, (where) =>
      session.readTable({ table: 'LFB1', fields: companyFields, where: [...where, ...onlyIn('BUKRS', companyCodes)] }, scope),
    );
    return assembleVendors(input, { general, company, selections });
  };

  return {
    async page({ afterKey, size }) {
      const start = afterKey === undefined ? {} : { afterKey: [afterKey] };
      const rows = await collectAll([[]], () =>
        session.readTable({ table: 'LFA1', fields: generalFields, ...start, maxRows: size }, scope),
      );
      return complete(rows, [between(rows)]);
    },
    async byNumber(numbers) {
      const selections = selectByKeys('LIFNR', numbers);
      const rows = await collectAll(selections, (where) => session.readTable({ table: 'LFA1', fields: generalFields, where }, scope));
      return complete(rows, selections);
    },
    changedSince: (since) => findChangedVendors(session, since, scope),
  };
}

/** A page is a range of keys, which costs one request per table where lists would cost several. */
export function between(rows: readonly { LIFNR: string }[]): Condition[] {
  return [
    { field: 'LIFNR', op: 'GE', value: rows[0]?.LIFNR ?? '' },
    { field: 'LIFNR', op: 'LE', value: rows.at(-1)?.LIFNR ?? '' },
  ];
}
