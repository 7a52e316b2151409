import { z } from 'zod';

const moment = z.object({ date: z.string().regex(/^\d{8}$/), time: z.string().regex(/^\d{6}$/) });

/**
 * How far vendors are read, by the server's own clock. Changes before `changesSince` are with the relay; the overlap is subtracted when
 * reading, so that it can be changed at any time.
 */
const vendorCursor = z.object({
  version: z.literal(1),
  changesSince: moment,
  /** Offset the server reported then; when it differs now, its clock was moved and an hour more is read. */
  zone: z.string(),
  /** Vendors found by creation date lately: ERDAT has no time, and they need not be read again all day. */
  recentlyCreated: z.array(z.string()),
  /** An initial load under way, with the last vendor it delivered; changes since its beginning follow when it is done. */
  loading: z.object({ afterKey: z.string() }).optional(),
  /** A long list of changes under way: read up to `until`, delivered up to `afterKey`. */
  catchingUp: z.object({ until: moment, zone: z.string(), afterKey: z.string() }).optional(),
});
export type VendorCursor = z.infer<typeof vendorCursor>;

/** Undefined for no cursor and for one that this build cannot read: both mean an initial load, which hashes make harmless. */
export function readVendorCursor(stored: unknown): VendorCursor | undefined {
  return vendorCursor.safeParse(stored).data;
}
