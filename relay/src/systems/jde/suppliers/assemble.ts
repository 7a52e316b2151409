import { supplierKey } from '../keys.ts';
import type { JdeAddress, JdeSupplier } from '../types.ts';
import type { AddressBookRow, AddressRow, ElectronicAddressRow, MasterRow, NameRow, PhoneRow } from './columns.ts';

/** The rows of one supplier. */
export interface SupplierRows {
  master: MasterRow;
  addressBook: AddressBookRow;
  names: readonly NameRow[];
  addresses: readonly AddressRow[];
  phones: readonly PhoneRow[];
  electronicAddresses: readonly ElectronicAddressRow[];
}

/** `today` is `YYYYMMDD`: which of several addresses is in effect. */
export function toSupplier(rows: SupplierRows, today: string): JdeSupplier {
  const { master, addressBook } = rows;
  return {
    number: supplierKey(master.AN8),
    alphaName: addressBook.ALPH,
    mailingName: rows.names[0]?.MLNM ?? '',
    longNumber: addressBook.ALKY,
    searchType: addressBook.AT1,
    taxId: addressBook.TAX,
    additionalTaxId: addressBook.TX2,
    language: addressBook.LNGP,
    address: addressInEffect(rows.addresses, today),
    phones: rows.phones.toSorted(byNumbers('CNLN', 'RCK7')).map(({ PHTP, AR1, PH1 }) => ({ type: PHTP, prefix: AR1, number: PH1 })),
    electronicAddresses: toElectronicAddresses(rows.electronicAddresses),
    master: {
      paymentTerms: master.TRAP,
      currency: master.CRRP,
      taxArea: master.TXA2,
      taxExplanation: master.EXR2,
      glClass: master.APC,
      isPaymentHeld: master.HDPY === 'Y',
      holdCode: master.HOLD,
    },
  };
}

/** The latest that has begun; one without a date has always been there (facts/jde-ais.md 9, F0116). */
function addressInEffect(rows: readonly AddressRow[], today: string): JdeAddress | undefined {
  const begun = rows.filter(({ EFTB }) => EFTB <= today).toSorted((one, other) => (one.EFTB < other.EFTB ? -1 : 1));
  const row = begun.at(-1);
  return (
    row && {
      effectiveFrom: row.EFTB,
      lines: [row.ADD1, row.ADD2, row.ADD3, row.ADD4],
      postalCode: row.ADDZ,
      city: row.CTY1,
      county: row.COUN,
      state: row.ADDS,
      country: row.CTR,
    }
  );
}

/** The company's own before those of its contacts; without an EHIER behind those that have one. */
function toElectronicAddresses(rows: readonly ElectronicAddressRow[]): JdeSupplier['electronicAddresses'] {
  const inOrder = rows
    .filter(({ EMAL }) => EMAL !== '')
    .map((row) => ({ ...row, rank: String(Number(row.EHIER) || Number.MAX_SAFE_INTEGER) }))
    .toSorted(byNumbers('IDLN', 'rank', 'RCK7'));
  return inOrder.map(({ ETP, EMAL }) => ({ type: ETP, address: EMAL }));
}

function byNumbers<Field extends string>(...fields: Field[]) {
  return (one: Record<Field, string>, other: Record<Field, string>): number =>
    fields.reduce((difference, field) => difference || Number(one[field]) - Number(other[field]), 0);
}
