import { z } from 'zod';

const moment = z.object({ date: z.string().regex(/^\d{8}$/), time: z.string().regex(/^\d{6}$/) });
const documentId = z.object({ companyCode: z.string(), number: z.string(), fiscalYear: z.string() });

/** Key of BKPF. */
export type DocumentId = z.infer<typeof documentId>;

/** How far documents are read, by date and time of entry on the server's own clock. The overlap is subtracted when reading. */
const documentCursor = z.object({
  version: z.literal(1),
  enteredUntil: moment,
  /** Offset the server reported then. */
  zone: z.string(),
  /** System and client that were read, `PRD/100`: the same document has another name elsewhere. */
  system: z.string().optional(),
  /** What the settings chose from; when they choose otherwise, everything since the start date is read anew. */
  selection: z.string(),
  /** Documents that could not be read whole; each run tries them again. */
  unread: z.array(documentId),
  /** A reading under way: of what was entered since then, or of everything; `afterKey` is the last document delivered. */
  reading: z.object({ since: moment.optional(), until: moment, zone: z.string(), afterKey: z.array(z.string()) }).optional(),
});
export type DocumentCursor = z.infer<typeof documentCursor>;

/** Undefined for no cursor and for one that this build cannot read: both mean everything since the start date. */
export function readDocumentCursor(stored: unknown): DocumentCursor | undefined {
  return documentCursor.safeParse(stored).data;
}
