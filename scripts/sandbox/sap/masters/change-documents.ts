/** Change documents as SAP writes them: one header in CDHDR, one row in CDPOS per changed field (facts/sap-ecc.md 2.2a). */
import type { Row } from '../dictionary/index.ts';
import type { SapSystemParts } from '../parts.ts';

export interface FieldChange {
  table: string;
  /** Key fields of the row, client first, as one text. */
  tableKey: string;
  /** `KEY` for a created row. */
  field: string;
  before: string;
  after: string;
}

export interface ChangeDocument {
  /** `KRED`, `DEBI`, `ADRESSE` or `MATERIAL`. */
  objectClass: string;
  objectId: string;
  user: string;
  transaction: string;
  /** U: changed, I: created. */
  indicator: 'U' | 'I';
  changes: readonly FieldChange[];
}

/** `none`: as some paths into SAP do, which write no change document. */
export type ChangeDocumentChoice = 'written' | 'none';

/** Writes the document with the server's date and time; returns its number. */
export function writeChangeDocument(system: SapSystemParts, document: ChangeDocument): string {
  const { objectClass, objectId, user, transaction, indicator, changes } = document;
  const { date, time } = system.localTime();
  const number = system.nextNumber('AENDBELEG');
  const key = { OBJECTCLAS: objectClass, OBJECTID: objectId, CHANGENR: number };
  system
    .stored('CDHDR')
    .insert({ ...key, USERNAME: user, UDATE: date, UTIME: time, TCODE: transaction, CHANGE_IND: indicator, LANGU: 'E' });
  for (const { table, tableKey, field, before, after } of changes) {
    const position: Row = { ...key, TABNAME: table, TABKEY: tableKey, FNAME: field, CHNGIND: indicator };
    system.stored('CDPOS').insert({ ...position, VALUE_NEW: after.slice(0, 254), VALUE_OLD: before.slice(0, 254) });
  }
  return number;
}

/** The fields that differ, as changes of one row. */
function differences(system: SapSystemParts, table: string, key: readonly string[], before: Row, after: Row): FieldChange[] {
  const tableKey = system.identity.client + key.join('');
  return Object.keys(after)
    .filter((field) => before[field] !== after[field])
    .map((field) => ({ table, tableKey, field, before: before[field] ?? '', after: after[field] ?? '' }));
}

/** Changes fields of a row that are no key; answers those that differ. Throws when there is no such row. */
export function changeRow(system: SapSystemParts, table: string, key: string[], fields: Row): FieldChange[] {
  const { definition } = system.stored(table);
  const isKey = (name: string): boolean => definition.fields.some((field) => field.name === name && field.key);
  const changes = Object.fromEntries(Object.entries(fields).filter(([name]) => !isKey(name)));
  if (Object.keys(changes).length === 0) return [];
  const { before, after } = system.stored(table).update(key, changes);
  return differences(system, table, key, before, after);
}
