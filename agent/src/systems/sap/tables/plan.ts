import { SystemError } from '@ml-connector/shared';
import { columnOf, readableColumnOf, type Column, type ColumnKind, type TableLayout } from './dictionary.ts';

type Readable = Column & { kind: ColumnKind };

/** Where a requested field comes from: the group of columns that carries it, and for amounts its currency field. */
export interface OutputField {
  column: Readable;
  group: number;
  currency: { column: Readable; group: number } | undefined;
}

/** Which columns are read together. Every group begins with the whole key, so that its rows can be joined. */
export interface ReadPlan {
  groups: Readable[][];
  outputs: OutputField[];
}

export interface PlanRequest {
  layout: TableLayout;
  fields: readonly string[];
  /** Currency field per amount field, where the dictionary does not say. */
  currencyFields: Readonly<Record<string, string>>;
  /** Amounts stay as they are stored, so that no currency is needed. Default no. */
  keepsStored?: boolean;
  /** Characters a row may have. */
  width: number;
}

export function planRead({ layout, fields, currencyFields, keepsStored = false, width }: PlanRequest): ReadPlan {
  const key = layout.key.map(({ name }) => readableColumnOf(layout, name));
  const wanted = [...new Set(fields)].map((name) => readableColumnOf(layout, name));
  const currencies = new Map(
    wanted
      .filter(({ kind }) => kind === 'amount' && !keepsStored)
      .map((column) => [column.name, currencyColumnOf(layout, column, currencyFields)] as const),
  );
  const keyNames = new Set(key.map(({ name }) => name));
  const rest = [...new Map([...wanted, ...currencies.values()].map((column) => [column.name, column])).values()].filter(
    ({ name }) => !keyNames.has(name),
  );
  const groups = toGroups(layout.table, key, rest, width);
  const groupOf = (name: string): number => (keyNames.has(name) ? 0 : groups.findIndex((group) => group.some((one) => one.name === name)));
  const outputs = fields.map((name): OutputField => {
    const column = readableColumnOf(layout, name);
    const currency = currencies.get(name);
    return { column, group: groupOf(name), currency: currency && { column: currency, group: groupOf(currency.name) } };
  });
  return { groups, outputs };
}

function toGroups(table: string, key: Readable[], rest: Readable[], width: number): Readable[][] {
  const keyWidth = key.reduce((sum, column) => sum + column.width, 0);
  const groups: Readable[][] = [];
  let used = 0;
  for (const column of rest) {
    if (keyWidth + column.width > width)
      throw new SystemError(
        'SAP_ROW_TOO_WIDE',
        'refused',
        `field ${column.name} of table ${table} (${column.width} characters) and the key (${keyWidth}) exceed the ${width} characters of a row`,
        { fix: 'Name a wider read function in agent.yaml (readFunction), for instance /BODS/RFC_READ_TABLE2.' },
      );
    const last = groups.at(-1);
    if (last && keyWidth + used + column.width <= width) {
      last.push(column);
      used += column.width;
    } else {
      groups.push([...key, column]);
      used = column.width;
    }
  }
  if (groups.length > 1 && key.length === 0)
    throw new SystemError(
      'SAP_ROW_TOO_WIDE',
      'refused',
      `table ${table} has no key to join the parts of a wide row on; ask for fewer fields`,
    );
  return groups.length > 0 ? groups : [key];
}

function currencyColumnOf(layout: TableLayout, amount: Column, currencyFields: Readonly<Record<string, string>>): Readable {
  const named = currencyFields[amount.name];
  const known = amount.referenceTable === layout.table || amount.referenceTable === '' ? amount.referenceField : '';
  const name = named ?? known;
  if (!name)
    throw new SystemError(
      'SAP_CURRENCY_UNKNOWN',
      'refused',
      `amount field ${amount.name} of table ${layout.table} has its currency in ${amount.referenceTable}-${amount.referenceField}, which this read does not see`,
      { fix: 'Name the currency field of this table in currencyFields.' },
    );
  if (columnOf(layout, name).dataType !== 'CUKY' && columnOf(layout, name).dataType !== 'CHAR')
    throw new SystemError(
      'SAP_CURRENCY_UNKNOWN',
      'refused',
      `${layout.table}-${name} is no currency field (type ${columnOf(layout, name).dataType})`,
    );
  return readableColumnOf(layout, name);
}
