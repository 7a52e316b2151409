import { Big } from 'big.js';
import { isAmount, SystemError } from '@ml-connector/shared';
import { z } from 'zod';

/**
 * Fields of rows as the store sends them, made regular: what is not set comes as null, `""`, `{}` or not at all; numbers arrive as their own
 * text; unknown fields are ignored (facts/bigcommerce.md 6 and 13).
 */
const anything = z.unknown().optional();

/** `""` where it is not set. */
export const text = anything.transform(textOf);

/** A number that the row cannot be understood without. */
export const id = anything.transform((value, context) => {
  const number = toInteger(value);
  if (number === undefined) context.addIssue({ code: 'custom', message: 'is no whole number', input: value });
  return number ?? 0;
});

/** 0 where it is not set. */
export const integer = anything.transform((value) => toInteger(value) ?? 0);

/** null where it is not set, or 0. */
export const idOrNull = anything.transform((value) => toInteger(value) || null);

/** A text that the row cannot be understood without. */
export const essentialText = z.string().min(1);

export const flag = anything.transform((value) => value === true || value === 'true' || value === '1');

/** Plain decimal text, as sent; `0` where it is not set. What is neither is an error: an amount is never guessed. */
export const amount = anything.transform((value, context) => toAmount(value, context) ?? '0');

/** The same; null where it is not set. */
export const amountOrNull = anything.transform((value, context) => toAmount(value, context) ?? null);

/** An amount that the row cannot be understood without. */
export const essentialAmount = anything.transform((value, context) => {
  const found = toAmount(value, context);
  if (found === undefined) context.addIssue({ code: 'custom', message: 'is missing', input: value });
  return found ?? '0';
});

/** Rows of an embedded list; none where it is not set. */
export function list<Row extends z.ZodType>(row: Row) {
  return z
    .preprocess((value) => (Array.isArray(value) ? (value as unknown[]) : []), z.array(row))
    .optional()
    .transform((rows) => rows ?? []);
}

/** An embedded object; what is not set is an empty one. */
export function part<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.preprocess((value) => (isRow(value) ? value : {}), z.object(shape));
}

/** `what` names the row: `order 250`. A row that cannot be understood is refused with the field's name, and the others are not touched. */
export function readRow<Schema extends z.ZodType>(schema: Schema, row: unknown, what: string): z.output<Schema> {
  const { success, data, error } = schema.safeParse(row);
  if (success) return data;
  const fields = error.issues.map(({ path, message }) => `${path.join('.') || 'the row'} ${message}`).join(', ');
  throw new SystemError('BIGCOMMERCE_ROW_UNREADABLE', 'refused', `${what}: the store sent no usable row: ${fields}`, {
    fix: 'Look at it in the store; if it looks right there, this is a defect of the relay.',
  });
}

/** The text of a field of a row that has no schema; `''` where it is not set. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function isRow(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toInteger(value: unknown): number | undefined {
  if (typeof value !== 'string' || !/^-?\d+(\.0+)?$/.test(value)) return undefined;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/** No store has larger ones; a hundred digits would be somebody's joke. */
const longestAmount = 40;

function toAmount(value: unknown, context: z.core.$RefinementCtx): string | undefined {
  if (value === undefined || value === null || value === '' || (isRow(value) && Object.keys(value).length === 0)) return undefined;
  if (typeof value === 'string') {
    // JSON may write a very small number as 1e-7.
    const plain = /^-?\d+(\.\d+)?e[+-]?\d{1,3}$/i.test(value) ? new Big(value).toFixed() : value;
    if (isAmount(plain) && plain.length <= longestAmount) return /[1-9]/.test(plain) ? plain : plain.replace('-', '');
  }
  context.addIssue({ code: 'custom', message: 'is no amount', input: value });
  return undefined;
}
