import { z } from 'zod';
import { essentialText, id, integer, isRow, list, readRow, text } from './fields.ts';
import type { CustomerAddress } from './types.ts';

const address = z.object({
  id,
  first_name: text,
  last_name: text,
  company: text,
  address1: text,
  address2: text,
  city: text,
  state_or_province: text,
  postal_code: text,
  country_code: text,
  phone: text,
  address_type: text,
});

const customer = z.object({
  id,
  email: text,
  first_name: text,
  last_name: text,
  company: text,
  phone: text,
  notes: text,
  tax_exempt_category: text,
  customer_group_id: integer,
  date_created: text,
  date_modified: text,
  // null means every channel.
  channel_ids: z
    .unknown()
    .optional()
    .transform((value) => (Array.isArray(value) ? (value as unknown[]).map(Number) : null)),
  address_count: integer,
  attribute_count: integer,
  addresses: list(address),
  attributes: list(z.object({ attribute_id: id, attribute_value: text })),
  form_fields: list(z.object({ name: essentialText, value: z.unknown().optional().transform(plainValue) })),
});

/** As embedded: at most ten addresses and attributes, without the names of these. */
export type CustomerRow = z.output<typeof customer>;

export function toCustomer(row: unknown): CustomerRow {
  return readRow(customer, row, `customer ${nameOf(row)}`);
}

export function toAddress(row: unknown): CustomerAddress {
  return readRow(address, row, `address ${nameOf(row)}`);
}

/** Check boxes come as lists, dates as objects. */
function plainValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return '';
  return Array.isArray(value) ? (value as unknown[]).map(String).join(', ') : JSON.stringify(value);
}

function nameOf(row: unknown): string {
  return isRow(row) && typeof row['id'] === 'string' ? row['id'] : 'without an id';
}
