import { z } from 'zod';

const moment = z.object({ date: z.string().regex(/^\d{8}$/), time: z.string().regex(/^\d{6}$/) });

/** How far materials are read, by the server's own clock; the overlap is subtracted when reading. */
const materialCursor = z.object({
  version: z.literal(1),
  changesSince: moment,
  /** Offset the server reported then. */
  zone: z.string(),
  /** Delivered lately because of the dates in MARA, which have no time: not read again all day. */
  recent: z.array(z.string()),
  /** An initial load under way, with the last material it delivered. */
  loading: z.object({ afterKey: z.string() }).optional(),
  /** A long list of changes under way: read up to `until`, delivered up to `afterKey`. */
  catchingUp: z.object({ until: moment, zone: z.string(), afterKey: z.string() }).optional(),
});
export type MaterialCursor = z.infer<typeof materialCursor>;

/** Undefined for no cursor and for one that this build cannot read: both mean an initial load. */
export function readMaterialCursor(stored: unknown): MaterialCursor | undefined {
  return materialCursor.safeParse(stored).data;
}
