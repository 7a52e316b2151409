/** What a caller hands to BAPI_ACC_DOCUMENT_POST or _CHECK, read but not judged. */
import { kindOf, structureOf, type Row } from '../dictionary/index.ts';
import type { Structure } from '../functions/call.ts';
import type { Place } from './messages.ts';

export const itemTables = {
  gl: 'ACCOUNTGL',
  customer: 'ACCOUNTRECEIVABLE',
  vendor: 'ACCOUNTPAYABLE',
  tax: 'ACCOUNTTAX',
} as const;
const lineTypes = { gl: 'BAPIACGL09', customer: 'BAPIACAR09', vendor: 'BAPIACAP09', tax: 'BAPIACTX09' } as const;
export type ItemKind = keyof typeof itemTables;

/** Fields without trailing blanks; what is initial is an empty text. */
export interface Line {
  fields: Row;
  place: Place;
  /** ITEMNO_ACC. */
  number: string;
}

export interface DraftItem extends Line {
  kind: ItemKind;
}

export interface Draft {
  header: Row;
  items: DraftItem[];
  amounts: Line[];
  /** CUSTOMERCPD, where any of it is filled. */
  oneTime: Row | undefined;
}

export function readDraft(inputs: Structure): Draft {
  const oneTime = rowOf(inputs['CUSTOMERCPD'], 'BAPIACPA09');
  const kinds = Object.keys(itemTables) as ItemKind[];
  return {
    header: rowOf(inputs['DOCUMENTHEADER'], 'BAPIACHE09'),
    items: kinds
      .flatMap((kind) => lines(inputs, itemTables[kind], lineTypes[kind]).map((line): DraftItem => ({ ...line, kind })))
      .toSorted((one, other) => (one.number < other.number ? -1 : one.number > other.number ? 1 : 0)),
    amounts: lines(inputs, 'CURRENCYAMOUNT', 'BAPIACCR09'),
    oneTime: isInitial(oneTime) ? undefined : oneTime,
  };
}

export function isInitial(row: Row): boolean {
  return Object.values(row).every((value) => value === '');
}

/** A structure's fields as texts; whatever ABAP calls initial (dates, NUMC and numbers of zeros) is empty. */
export function rowOf(value: unknown, structure: string): Row {
  const given = new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  const fields = structureOf(structure)?.fields ?? [];
  return Object.fromEntries(
    fields.map((field) => {
      const one: unknown = given.get(field.name);
      const text = typeof one === 'string' ? one.trimEnd() : typeof one === 'number' ? String(one) : '';
      return [field.name, kindOf(field) !== 'characters' && /^[0.]*$/.test(text) ? '' : text];
    }),
  );
}

function lines(inputs: Structure, parameter: string, structure: string): Line[] {
  const rows = Array.isArray(inputs[parameter]) ? inputs[parameter] : [];
  return rows.map((row, index) => {
    const fields = rowOf(row, structure);
    return { fields, place: { parameter, row: index + 1 }, number: (fields['ITEMNO_ACC'] ?? '').padStart(10, '0') };
  });
}
