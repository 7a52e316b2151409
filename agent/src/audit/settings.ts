import { z } from 'zod';

export const auditSettings = z
  .strictObject({
    keepDays: z.int().min(1).max(3650).default(400).describe('Days the audit files are kept'),
  })
  .prefault({})
  .describe('The local record of every call the relay made');
export type AuditSettings = z.output<typeof auditSettings>;
