import { z } from 'zod';

/**
 * How far a kind of thing was read. Times are the relay's, in milliseconds: JD Edwards is only ever asked for so many days before its own
 * today, and the overlap is added when reading, so that it can be changed at any time.
 */
const followCursor = z.object({
  version: z.literal(1),
  /** Environment and settings that chose what is read; when they choose otherwise, everything is read anew. */
  selection: z.string(),
  /** Start of the last reading that came to its end: what changed before is with the relay. */
  since: z.number(),
  /** Keys delivered with the state of their stamps, so that a window of days is not read again every ten minutes; see `stamps.ts`. */
  seen: z.record(z.string(), z.string()),
  /** Keys that could not be understood; each run tries them again. */
  unread: z.array(z.string()),
  /** An initial load under way, with the last first key it delivered; changes since its beginning follow when it is done. */
  loading: z.object({ afterKey: z.string().optional() }).optional(),
  /** A list of changes under way: begun at `started`, delivered up to `afterKey`. */
  catchingUp: z.object({ started: z.number(), afterKey: z.string() }).optional(),
});
export type FollowCursor = z.infer<typeof followCursor>;

/** Undefined for no cursor and for one that this build cannot read: both mean an initial load, which hashes make harmless. */
export function readFollowCursor(stored: unknown): FollowCursor | undefined {
  return followCursor.safeParse(stored).data;
}
