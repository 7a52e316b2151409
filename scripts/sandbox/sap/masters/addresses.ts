/** Addresses of Business Address Services (ADRC, ADR6) behind vendors and customers, and what master records repeat of them. */
import type { Row } from '../dictionary/index.ts';
import type { SapSystemParts } from '../parts.ts';
import { changeRow, type FieldChange } from './change-documents.ts';

const initialDate = '00010101';
const lastDate = '99991231';

/** Fields that a master record (LFA1, KNA1) and its address share. */
const shared = {
  NAME1: 'NAME1',
  NAME2: 'NAME2',
  ORT01: 'CITY1',
  PSTLZ: 'POST_CODE1',
  REGIO: 'REGION',
  LAND1: 'COUNTRY',
  TELF1: 'TEL_NUMBER',
};

export class Addresses {
  private readonly system: SapSystemParts;

  constructor(system: SapSystemParts) {
    this.system = system;
  }

  /** All versions of an address. */
  rows(adrnr: string): Row[] {
    return adrnr ? this.system.stored('ADRC').withPrefix([adrnr]) : [];
  }

  emails(adrnr: string): Row[] {
    return adrnr ? this.system.stored('ADR6').withPrefix([adrnr]) : [];
  }

  /** Creates an address and returns its number. */
  insert(address: Row, emails: readonly string[]): string {
    const adrnr = this.system.nextNumber('ADRNR');
    this.system.stored('ADRC').insert({ ...address, ADDRNUMBER: adrnr, DATE_FROM: initialDate, DATE_TO: lastDate });
    for (const [index, email] of emails.entries()) this.insertEmail(adrnr, index + 1, email);
    return adrnr;
  }

  /** Changes the main version; answers what differs. */
  change(adrnr: string, address: Row): FieldChange[] {
    return changeRow(this.system, 'ADRC', [adrnr, initialDate, ''], address);
  }

  /** Sets the default e-mail address; null takes it away. */
  changeEmail(adrnr: string, email: string | null): FieldChange[] {
    const existing = this.emails(adrnr);
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
    return changeRow(this.system, 'ADR6', key, { SMTP_ADDR: email, SMTP_SRCH: searchTerm(email) });
  }

  /** OBJECTID of the address's change documents. */
  objectId(adrnr: string): string {
    return this.system.behaviour.addressObjectId === 'number' ? adrnr : `BP  ${adrnr}`;
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
}

/** What an address takes over from changed fields of its master record. */
export function addressFrom(general: Row): Row {
  const pairs = Object.entries(shared).flatMap(([from, to]) => (general[from] === undefined ? [] : [[to, general[from]] as const]));
  const street = general['STRAS'] === undefined ? {} : { STREET: general['STRAS'], HOUSE_NUM1: '' };
  return { ...Object.fromEntries(pairs), ...street, ...(general['PFACH'] === undefined ? {} : { PO_BOX: general['PFACH'] }) };
}

/** What the master record takes over; the address has more room: what is longer is cut, as SAP does. */
export function generalFrom(changes: Row, address: Row): Row {
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
