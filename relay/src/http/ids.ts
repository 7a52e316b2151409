import { idKinds, type IdKind } from '../store/index.ts';
import { z } from 'zod';

/** An id of the given kind as it stands in paths and bodies. */
export function id(kind: IdKind): z.ZodString {
  const prefix = idKinds[kind];
  return z
    .string()
    .regex(new RegExp(`^${prefix}_[0-9a-z]{26}$`), { error: `is not an id of this kind; it must look like ${prefix}_01k2…` })
    .describe(`Id (${kind})`)
    .meta({ example: `${prefix}_01k2zq4m8v0000000000000000` });
}

/** For people: 1 to 100 characters, no control characters, no blanks around it. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]*$/u, { error: 'must not hold control characters' })
  .describe('Name for people; unique among its neighbours');

export const tenantParams = z.strictObject({ tenantId: id('tenant') });

/** Times go out as ISO 8601 in UTC. */
export const time = z.iso.datetime();
export const timeOrNull = time.nullable();

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoTimeOrNull(ms: number | null | undefined): string | null {
  return ms === null || ms === undefined ? null : isoTime(ms);
}
