/** Vendors as somebody at the customer's works on them: created, changed, looked up. What is done here is committed at once. */
import { alphaIn, keyFieldsOf, type Row } from '../dictionary/index.ts';
import type { SapSystemParts } from '../parts.ts';
import {
  addressFrom,
  Addresses,
  changeRow,
  generalFrom,
  writeChangeDocument,
  type ChangeDocumentChoice,
  type FieldChange,
} from '../masters/index.ts';

/** Rows of a vendor, without client; numbers may be unpadded. */
export interface VendorRows {
  LFA1: Row;
  LFB1: Row[];
  LFM1: Row[];
  LFBK: Row[];
  ADRC: Row[];
  ADR6: Row[];
}

export interface NewVendor {
  /** Left out: the next number. */
  LIFNR?: string;
  general: Row;
  companies?: Row[];
  purchasing?: Row[];
  banks?: Row[];
  address?: Row;
  emails?: string[];
  changeDocument?: ChangeDocumentChoice;
}

export interface VendorChange {
  /** LFA1; texts of the address are carried over to ADRC. Writes KRED. */
  general?: Row;
  /** LFB1, with BUKRS. Writes KRED. */
  company?: Row;
  /** LFM1, with EKORG. Writes KRED. */
  purchasing?: Row;
  /** ADRC; what LFA1 holds too is carried over. Writes ADRESSE only. */
  address?: Row;
  /** Default e-mail address; null takes it away. Writes ADRESSE only. */
  email?: string | null;
  changeDocument?: ChangeDocumentChoice;
}

const dialogUser = 'MMUELLER';

export class Vendors {
  private readonly system: SapSystemParts;
  private readonly addresses: Addresses;

  constructor(system: SapSystemParts) {
    this.system = system;
    this.addresses = new Addresses(system);
  }

  /** Vendor numbers in order. */
  list(): string[] {
    return this.system
      .stored('LFA1')
      .all()
      .map((row) => row['LIFNR'] as string);
  }

  /** Everything the system holds on a vendor; throws when there is none of that number. */
  get(number: string): VendorRows {
    const lifnr = alphaIn(number, 10);
    const general = this.system.stored('LFA1').get([lifnr]);
    if (!general) throw new Error(`there is no vendor ${lifnr}`);
    const ofVendor = (table: string): Row[] => this.system.stored(table).withPrefix([lifnr]);
    const adrnr = general['ADRNR'] ?? '';
    return {
      LFA1: general,
      LFB1: ofVendor('LFB1'),
      LFM1: ofVendor('LFM1'),
      LFBK: ofVendor('LFBK'),
      ADRC: this.addresses.rows(adrnr),
      ADR6: this.addresses.emails(adrnr),
    };
  }

  /** Creates a vendor with its address and returns its number. Writes KRED with CHANGE_IND I unless told otherwise. */
  create(vendor: NewVendor): string {
    const { general, companies = [], purchasing = [], banks = [], address = {}, emails = [], changeDocument = 'written' } = vendor;
    const { system } = this;
    const lifnr = vendor.LIFNR ? alphaIn(vendor.LIFNR, 10) : system.nextNumber('KREDITOR');
    const adrnr = this.addresses.insert({ ...addressFrom(general), ...address }, emails);
    const created = { ERDAT: system.localTime().date, ERNAM: dialogUser };
    system.stored('LFA1').insert({ KTOKK: '0001', SPRAS: 'D', LAND1: 'DE', ...created, ...general, LIFNR: lifnr, ADRNR: adrnr });
    for (const row of companies) system.stored('LFB1').insert({ ...created, ...row, LIFNR: lifnr });
    for (const row of purchasing) system.stored('LFM1').insert({ ...created, ...row, LIFNR: lifnr });
    for (const row of banks) system.stored('LFBK').insert({ ...row, LIFNR: lifnr });
    if (changeDocument === 'written') {
      const change = { table: 'LFA1', tableKey: system.identity.client + lifnr, field: 'KEY', before: '', after: '' };
      this.document('KRED', lifnr, 'XK01', 'I', [change]);
    }
    return lifnr;
  }

  /** Changes a vendor; fields that already have their value write nothing. Throws on what does not fit. */
  change(number: string, change: VendorChange): void {
    const lifnr = alphaIn(number, 10);
    const adrnr = this.get(lifnr).LFA1['ADRNR'] ?? '';
    const isWritten = change.changeDocument !== 'none';
    const master = [
      ...(change.general ? changeRow(this.system, 'LFA1', [lifnr], change.general) : []),
      ...(change.company ? changeRow(this.system, 'LFB1', [lifnr, change.company['BUKRS'] ?? ''], change.company) : []),
      ...(change.purchasing ? changeRow(this.system, 'LFM1', [lifnr, change.purchasing['EKORG'] ?? ''], change.purchasing) : []),
    ];
    const address = [
      ...(change.address ? this.addresses.change(adrnr, change.address) : []),
      ...(change.email === undefined ? [] : this.addresses.changeEmail(adrnr, change.email)),
    ];
    if (change.general) this.addresses.change(adrnr, addressFrom(change.general));
    if (change.address) changeRow(this.system, 'LFA1', [lifnr], generalFrom(change.address, this.get(lifnr).ADRC[0] ?? {}));
    if (isWritten && master.length > 0) this.document('KRED', lifnr, 'XK02', 'U', master);
    if (isWritten && address.length > 0) this.document('ADRESSE', this.addresses.objectId(adrnr), 'XK02', 'U', address);
  }

  /** Archiving takes the master data away and leaves the change documents. */
  archive(number: string): void {
    for (const [name, held] of Object.entries(this.get(number)) as [string, Row | Row[]][]) {
      const table = this.system.stored(name);
      const key = keyFieldsOf(table.definition);
      for (const row of [held].flat()) table.delete(key.map((field) => row[field.name] ?? ''));
    }
  }

  private document(objectClass: string, objectId: string, transaction: string, indicator: 'U' | 'I', changes: FieldChange[]): void {
    writeChangeDocument(this.system, { objectClass, objectId, user: dialogUser, transaction, indicator, changes });
  }
}
