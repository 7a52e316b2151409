/** Vendors as somebody at the customer's works on them: created, changed, looked up. What is done here is committed at once. */
import { alphaIn, keyFieldsOf, type Row } from '../dictionary/index.ts';
import type { SapSystemParts } from '../parts.ts';
import { differences, writeChangeDocument, type FieldChange } from './change-documents.ts';

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

/** `none`: as some paths into SAP do, which write no change document. */
export type ChangeDocumentChoice = 'written' | 'none';

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

const initialDate = '00010101';
const lastDate = '99991231';
const dialogUser = 'MMUELLER';

/** Fields that a vendor's LFA1 row and its address share. */
const shared = {
  NAME1: 'NAME1',
  NAME2: 'NAME2',
  ORT01: 'CITY1',
  PSTLZ: 'POST_CODE1',
  REGIO: 'REGION',
  LAND1: 'COUNTRY',
  TELF1: 'TEL_NUMBER',
};

export class Vendors {
  private readonly system: SapSystemParts;

  constructor(system: SapSystemParts) {
    this.system = system;
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
    const ofVendor = (table: string): Row[] => this.rowsWhere(table, 'LIFNR', lifnr);
    const ofAddress = (table: string): Row[] => this.rowsWhere(table, 'ADDRNUMBER', general['ADRNR'] ?? '');
    return {
      LFA1: general,
      LFB1: ofVendor('LFB1'),
      LFM1: ofVendor('LFM1'),
      LFBK: ofVendor('LFBK'),
      ADRC: ofAddress('ADRC'),
      ADR6: ofAddress('ADR6'),
    };
  }

  /** Creates a vendor with its address and returns its number. Writes KRED with CHANGE_IND I unless told otherwise. */
  create(vendor: NewVendor): string {
    const { general, companies = [], purchasing = [], banks = [], address = {}, emails = [], changeDocument = 'written' } = vendor;
    const { system } = this;
    const lifnr = vendor.LIFNR ? alphaIn(vendor.LIFNR, 10) : system.nextNumber('KREDITOR');
    const adrnr = system.nextNumber('ADRNR');
    const created = { ERDAT: system.localTime().date, ERNAM: dialogUser };
    system.stored('LFA1').insert({ KTOKK: '0001', SPRAS: 'D', LAND1: 'DE', ...created, ...general, LIFNR: lifnr, ADRNR: adrnr });
    system.stored('ADRC').insert({ ...addressFrom(general), ...address, ADDRNUMBER: adrnr, DATE_FROM: initialDate, DATE_TO: lastDate });
    for (const [index, email] of emails.entries()) this.insertEmail(adrnr, index + 1, email);
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
      ...(change.general ? this.changeRow('LFA1', [lifnr], change.general) : []),
      ...(change.company ? this.changeRow('LFB1', [lifnr, change.company['BUKRS'] ?? ''], change.company) : []),
      ...(change.purchasing ? this.changeRow('LFM1', [lifnr, change.purchasing['EKORG'] ?? ''], change.purchasing) : []),
    ];
    const addressKey = [adrnr, initialDate, ''];
    const address = [
      ...(change.address ? this.changeRow('ADRC', addressKey, change.address) : []),
      ...(change.email === undefined ? [] : this.changeEmail(adrnr, change.email)),
    ];
    if (change.general) this.changeRow('ADRC', addressKey, addressFrom(change.general));
    if (change.address) this.changeRow('LFA1', [lifnr], generalFrom(change.address, this.get(lifnr).ADRC[0] ?? {}));
    if (isWritten && master.length > 0) this.document('KRED', lifnr, 'XK02', 'U', master);
    if (isWritten && address.length > 0) this.document('ADRESSE', this.addressObjectId(adrnr), 'XK02', 'U', address);
  }

  /** Archiving takes the master data away and leaves the change documents. */
  archive(number: string): void {
    for (const [name, held] of Object.entries(this.get(number)) as [string, Row | Row[]][]) {
      const table = this.system.stored(name);
      const key = keyFieldsOf(table.definition);
      for (const row of [held].flat()) table.delete(key.map((field) => row[field.name] ?? ''));
    }
  }

  private addressObjectId(adrnr: string): string {
    return this.system.behaviour.addressObjectId === 'number' ? adrnr : `BP  ${adrnr}`;
  }

  private changeRow(table: string, key: string[], fields: Row): FieldChange[] {
    const { definition } = this.system.stored(table);
    const isKey = (name: string): boolean => definition.fields.some((field) => field.name === name && field.key);
    const changes = Object.fromEntries(Object.entries(fields).filter(([name]) => !isKey(name)));
    if (Object.keys(changes).length === 0) return [];
    const { before, after } = this.system.stored(table).update(key, changes);
    return differences(this.system, table, key, before, after);
  }

  private changeEmail(adrnr: string, email: string | null): FieldChange[] {
    const existing = this.rowsWhere('ADR6', 'ADDRNUMBER', adrnr);
    const current = existing.find((row) => row['FLGDEFAULT'] === 'X') ?? existing[0];
    const change = (field: string, before: string, after: string): FieldChange[] => [
      { table: 'ADR6', tableKey: this.system.identity.client + adrnr, field, before, after },
    ];
    if (!current) {
      if (email === null) return [];
      this.insertEmail(adrnr, 1, email);
      return change('KEY', '', email);
    }
    const key = ['ADDRNUMBER', 'PERSNUMBER', 'DATE_FROM', 'CONSNUMBER'].map((name) => current[name] ?? '');
    if (email === null) {
      this.system.stored('ADR6').delete(key);
      return change('KEY', current['SMTP_ADDR'] ?? '', '');
    }
    return this.changeRow('ADR6', key, { SMTP_ADDR: email, SMTP_SRCH: searchTerm(email) });
  }

  private insertEmail(adrnr: string, number: number, email: string): void {
    this.system.stored('ADR6').insert({
      ADDRNUMBER: adrnr,
      DATE_FROM: initialDate,
      CONSNUMBER: String(number).padStart(3, '0'),
      FLGDEFAULT: number === 1 ? 'X' : '',
      SMTP_ADDR: email,
      SMTP_SRCH: searchTerm(email),
    });
  }

  private document(objectClass: string, objectId: string, transaction: string, indicator: 'U' | 'I', changes: FieldChange[]): void {
    writeChangeDocument(this.system, { objectClass, objectId, user: dialogUser, transaction, indicator, changes });
  }

  private rowsWhere(table: string, field: string, value: string): Row[] {
    const { definition } = this.system.stored(table);
    const fieldDefinition = definition.fields.find(({ name }) => name === field);
    if (!fieldDefinition || !value) return [];
    return [...this.system.stored(table).select({ where: { kind: 'compare', field: fieldDefinition, op: '=', value } })];
  }
}

function addressFrom(general: Row): Row {
  const pairs = Object.entries(shared).flatMap(([from, to]) => (general[from] === undefined ? [] : [[to, general[from]] as const]));
  const street = general['STRAS'] === undefined ? {} : { STREET: general['STRAS'], HOUSE_NUM1: '' };
  return { ...Object.fromEntries(pairs), ...street, ...(general['PFACH'] === undefined ? {} : { PO_BOX: general['PFACH'] }) };
}

/** The address has more room than LFA1: what is longer is cut there, as SAP does. */
function generalFrom(changes: Row, address: Row): Row {
  const pairs = Object.entries(shared).flatMap(([to, from]) => {
    const limit = to === 'TELF1' ? 16 : 35;
    return changes[from] === undefined ? [] : [[to, changes[from].slice(0, limit)] as const];
  });
  const isStreet = changes['STREET'] !== undefined || changes['HOUSE_NUM1'] !== undefined;
  const street = `${address['STREET'] ?? ''} ${address['HOUSE_NUM1'] ?? ''}`.trim().slice(0, 35);
  return { ...Object.fromEntries(pairs), ...(isStreet ? { STRAS: street } : {}) };
}

function searchTerm(email: string): string {
  return email.toUpperCase().slice(0, 20);
}
