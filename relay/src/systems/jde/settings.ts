import { z } from 'zod';

export const jdeSettings = z.strictObject({
  siteId: z.string().min(1).describe('Site whose agents reach this AIS server'),
  agentSystem: z.string().min(1).max(40).describe('Name of the JD Edwards system in agent.yaml'),
  environment: z
    .string()
    .regex(/^[A-Z0-9]{1,10}$/)
    .describe('Environment that must answer, for instance JPD920: guards against a test copy, and is part of the mark on what is posted'),
  changeOverlapDays: z
    .int()
    .min(1)
    .max(30)
    .default(2)
    .describe('How many days of changes are read again: UPMJ is a day without a time zone, and some programs date it back'),
  callTimeoutSeconds: z.int().min(5).max(3600).default(300).describe('Longest wait for one call or one page'),
});
export type JdeSettings = z.infer<typeof jdeSettings>;
