/** How RFC_READ_TABLE writes values into its rows: fixed slots, numbers right-aligned with a trailing sign (facts/sap-ecc.md 2.1). */
import { clientFieldOf, kindOf, type DdicType, type FieldDefinition, type Row, type TableDefinition } from '../dictionary/index.ts';

export interface Slot {
  field: FieldDefinition;
  offset: number;
  length: number;
}

/** Widths of numbers: their digits, so that wide ones overflow (RFC_READ_TABLE), or their output length (BBP_RFC_READ_TABLE). */
export type NumberWidth = 'digits' | 'output';

export interface RowLayout {
  slots: Slot[];
  width: number;
  separator: string;
}

export function layOut(fields: readonly FieldDefinition[], delimiter: string, numbers: NumberWidth): RowLayout {
  const slots: Slot[] = [];
  let offset = 0;
  for (const field of fields) {
    if (slots.length > 0) offset += delimiter.length;
    const length = numbers === 'output' ? outputLength(field) : field.length;
    slots.push({ field, offset, length });
    offset += length;
  }
  return { slots, width: offset, separator: delimiter };
}

/** Writes a row of the table; the client is the one logged on to. */
export function rowWriter(table: TableDefinition, { slots, separator }: RowLayout, client: string): (row: Row) => string {
  const clientField = clientFieldOf(table)?.name;
  return (row) => {
    let text = '';
    for (let index = 0; index < slots.length; index++) {
      const { field, length } = slots[index] as Slot;
      if (index > 0) text += separator;
      text += field.name === clientField ? client.padEnd(length) : slotText(field, row[field.name] ?? '', length);
    }
    return text.trimEnd();
  };
}

export function slotText(field: FieldDefinition, value: string, length: number): string {
  const kind = kindOf(field);
  if (kind === 'packed' || kind === 'integer') return numberText(value, length);
  return value.length > length ? value.slice(0, length) : value.padEnd(length);
}

/** The place of the sign is last; it is given up when a positive number needs it. Too long: `*` and the last digits. */
function numberText(value: string, length: number): string {
  const isNegative = value.startsWith('-');
  const digits = isNegative ? value.slice(1) : value;
  const signed = `${digits}${isNegative ? '-' : ' '}`;
  if (signed.length <= length) return signed.padStart(length);
  if (!isNegative && digits.length <= length) return digits;
  return `*${signed.trimEnd().slice(-(length - 1))}`;
}

const outputLengths: Partial<Record<DdicType, number>> = { INT1: 3, INT2: 6, INT4: 11, DATS: 10, TIMS: 8, LANG: 2 };

/** The dictionary's OUTPUTLEN: numbers with thousands separators, point and sign. */
export function outputLength(field: FieldDefinition): number {
  const { type, length, decimals = 0 } = field;
  if (kindOf(field) !== 'packed') return outputLengths[type] ?? length;
  const whole = length - decimals;
  return length + Math.floor((whole - 1) / 3) + (decimals > 0 ? 1 : 0) + 1;
}
