/** Customers as somebody at the customer's works on them, and as BAPIs do at commit. What is done here is committed at once. */
import { alphaIn, keyFieldsOf, type Row } from '../dictionary/index.ts';
import { addressFrom, Addresses, changeRow, generalFrom, writeChangeDocument } from '../masters/index.ts';
import type { ChangeDocumentChoice, FieldChange } from '../masters/index.ts';
import type { SapSystemParts } from '../parts.ts';

/** Rows of a customer, without client. */
export interface CustomerRows {
  KNA1: Row;
  KNB1: Row[];
  KNVV: Row[];
  KNVP: Row[];
  KNVI: Row[];
  ADRC: Row[];
  ADR6: Row[];
}

/** Who did it, where that is not the dialog user of the sandbox. */
export interface Author {
  user?: string;
  transaction?: string;
}

export interface NewCustomer extends Author {
  /** Left out: the next number. */
  KUNNR?: string;
  general: Row;
  companies?: Row[];
  sales?: Row[];
  /** Partner functions; default: the customer is its own sold-to, bill-to, payer and ship-to party in its sales areas. */
  partners?: Row[];
  taxes?: Row[];
  address?: Row;
  emails?: string[];
  changeDocument?: ChangeDocumentChoice;
}

export interface CustomerChange extends Author {
  /** KNA1; texts of the address are carried over to ADRC. Writes DEBI. */
  general?: Row;
  /** KNB1, with BUKRS. Writes DEBI. */
  company?: Row;
  /** KNVV, with VKORG, VTWEG, SPART. Writes DEBI. */
  sales?: Row;
  /** ADRC; what KNA1 holds too is carried over. Writes ADRESSE only. */
  address?: Row;
  /** Default e-mail address; null takes it away. Writes ADRESSE only. */
  email?: string | null;
  changeDocument?: ChangeDocumentChoice;
}

const dialogUser = 'MMUELLER';

export class Customers {
  private readonly system: SapSystemParts;
  private readonly addresses: Addresses;

  constructor(system: SapSystemParts) {
    this.system = system;
    this.addresses = new Addresses(system);
  }

  /** Customer numbers in order. */
  list(): string[] {
    return this.system
      .stored('KNA1')
      .all()
      .map((row) => row['KUNNR'] as string);
  }

  /** Everything the system holds on a customer, or undefined. */
  find(number: string): CustomerRows | undefined {
    const kunnr = alphaIn(number, 10);
    const general = this.system.stored('KNA1').get([kunnr]);
    if (!general) return undefined;
    const ofCustomer = (table: string): Row[] => this.system.stored(table).withPrefix([kunnr]);
    const adrnr = general['ADRNR'] ?? '';
    return {
      KNA1: general,
      KNB1: ofCustomer('KNB1'),
      KNVV: ofCustomer('KNVV'),
      KNVP: ofCustomer('KNVP'),
      KNVI: ofCustomer('KNVI'),
      ADRC: this.addresses.rows(adrnr),
      ADR6: this.addresses.emails(adrnr),
    };
  }

  /** As `find`; throws when there is none of that number. */
  get(number: string): CustomerRows {
    return this.find(number) ?? missing(alphaIn(number, 10));
  }

  /** Creates a customer with its address and returns its number. Writes DEBI with CHANGE_IND I unless told otherwise. */
  create(customer: NewCustomer): string {
    const { general, companies = [], sales = [], taxes = [], address = {}, emails = [], changeDocument = 'written' } = customer;
    const { user = dialogUser, transaction = 'XD01' } = customer;
    const { system } = this;
    const kunnr = customer.KUNNR ? alphaIn(customer.KUNNR, 10) : system.nextNumber('DEBITOR');
    const created = { ERDAT: system.localTime().date, ERNAM: user };
    const ADRNR = this.addresses.insert({ ...addressFrom(general), LANGU: general['SPRAS'] ?? 'D', ...address }, emails);
    system.stored('KNA1').insert({ KTOKD: '0001', SPRAS: 'D', LAND1: 'DE', ...general, ...created, KUNNR: kunnr, ADRNR });
    for (const row of companies) system.stored('KNB1').insert({ ...row, ...created, KUNNR: kunnr });
    for (const row of sales) system.stored('KNVV').insert({ ...row, ...created, KUNNR: kunnr });
    for (const row of customer.partners ?? ownPartners(kunnr, sales)) system.stored('KNVP').insert({ ...row, KUNNR: kunnr });
    for (const row of taxes) system.stored('KNVI').insert({ ...row, KUNNR: kunnr });
    if (changeDocument === 'written') {
      const change = { table: 'KNA1', tableKey: system.identity.client + kunnr, field: 'KEY', before: '', after: '' };
      writeChangeDocument(system, { objectClass: 'DEBI', objectId: kunnr, user, transaction, indicator: 'I', changes: [change] });
    }
    return kunnr;
  }

  /** Changes a customer; fields that already have their value write nothing. Throws on what does not fit. */
  change(number: string, change: CustomerChange): void {
    const kunnr = alphaIn(number, 10);
    const adrnr = this.get(kunnr).KNA1['ADRNR'] ?? '';
    const { general, company, sales, address, email } = change;
    const master = [
      ...(general ? changeRow(this.system, 'KNA1', [kunnr], general) : []),
      ...(company ? changeRow(this.system, 'KNB1', [kunnr, company['BUKRS'] ?? ''], company) : []),
      ...(sales ? changeRow(this.system, 'KNVV', [kunnr, ...salesAreaOf(sales)], sales) : []),
    ];
    const ofAddress = [
      ...(address ? this.addresses.change(adrnr, address) : []),
      ...(email === undefined ? [] : this.addresses.changeEmail(adrnr, email)),
    ];
    if (general) this.addresses.change(adrnr, addressFrom(general));
    if (address) changeRow(this.system, 'KNA1', [kunnr], generalFrom(address, this.get(kunnr).ADRC[0] ?? {}));
    if (change.changeDocument === 'none') return;
    this.document(change, 'DEBI', kunnr, master);
    this.document(change, 'ADRESSE', this.addresses.objectId(adrnr), ofAddress);
  }

  /** Archiving takes the master data away and leaves the change documents. */
  archive(number: string): void {
    for (const [name, held] of Object.entries(this.get(number)) as [string, Row | Row[]][]) {
      const table = this.system.stored(name);
      const key = keyFieldsOf(table.definition);
      for (const row of [held].flat()) table.delete(key.map((field) => row[field.name] ?? ''));
    }
  }

  private document(
    { user = dialogUser, transaction = 'XD02' }: Author,
    objectClass: string,
    objectId: string,
    changes: FieldChange[],
  ): void {
    if (changes.length === 0) return;
    writeChangeDocument(this.system, { objectClass, objectId, user, transaction, indicator: 'U', changes });
  }
}

/** Object that a customer's enqueue locks. */
export function customerLock(number: string): string {
  return `KNA1 ${number}`;
}

function salesAreaOf(row: Row): string[] {
  return ['VKORG', 'VTWEG', 'SPART'].map((name) => row[name] ?? '');
}

function ownPartners(kunnr: string, sales: readonly Row[]): Row[] {
  return sales.flatMap((row) => {
    const [VKORG = '', VTWEG = '', SPART = ''] = salesAreaOf(row);
    return ['AG', 'RE', 'RG', 'WE'].map((PARVW) => ({ VKORG, VTWEG, SPART, PARVW, KUNN2: kunnr }));
  });
}

function missing(number: string): never {
  throw new Error(`there is no customer ${number}`);
}
