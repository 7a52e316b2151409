import { z } from 'zod';
import { mostOverrides, overrideFaults, type FieldOverride } from '../mapping/index.ts';
import { ApiError } from './problem.ts';

export const overrideList = z
  .array(
    z.strictObject({
      path: z.string().min(1).max(300).describe('Field of what is sent: Name, Addresses[0].Line2, Lines[*].Reference'),
      expression: z
        .string()
        .min(1)
        .max(4000)
        .describe('JSONata over payload, body, settings and lookup, with $lookup(valueMapId, code); below [*] also item and index'),
    }),
  )
  .max(mostOverrides);

export const overridesShown = z.array(z.object({ path: z.string(), expression: z.string() }));

/** Refuses overrides that can never work, with every field at fault. `at`: where the list stands in the body. */
export function checkOverrides(overrides: readonly FieldOverride[], at = ''): void {
  const errors = overrideFaults(overrides).map(({ path, message }) => ({ path: `${at}${path}`, message }));
  const [first] = errors;
  if (!first) return;
  throw new ApiError(400, 'OVERRIDES_INVALID', `${first.path} ${first.message}`, {
    errors,
    fix: 'Correct the overrides named in "errors"; POST …/overrides/preview shows what they do to a record.',
  });
}
